import { type AllowedText, allowedTexts, objectSchema, targetOf } from '../config.ts'
import {
  type ConstraintKind,
  INSIDE,
  type Judgement,
  NOTHING,
  OUTSIDE,
  type Standing,
  UNSURE,
} from '../constraint.ts'
import { type Budget, ENTRY_STEPS, spend, TOO_MUCH } from '../support/budget.ts'
import {
  type EmailPattern,
  matchesEmail,
  parseEmail,
  parseEmailPattern,
} from '../support/email-address.ts'
import { textConstraint } from '../support/per-value.ts'

/** Arguments that say to whom something goes. */
export const RECIPIENT_ALIASES: readonly string[] = [
  'to',
  'cc',
  'bcc',
  'recipient',
  'recipients',
  'recipient_email',
  'recipient_emails',
  'to_address',
  'to_addresses',
  'to_email',
  'to_emails',
  'to_recipients',
  'cc_recipients',
  'bcc_recipients',
  'email_to',
  'mail_to',
  'send_to',
  'forward_to',
  'reply_to',
  'share_with',
  'attendee',
  'attendees',
  'participants',
  'invitees',
  'guests',
]

// `to` is none: `convert_to` and `relative_to` name no recipient.
export const RECIPIENT_WORDS: readonly string[] = [
  'cc',
  'bcc',
  'recipient',
  'recipients',
  'recipient_email',
  'recipient_emails',
  'to_address',
  'to_addresses',
  'to_email',
  'to_emails',
  'attendee',
  'attendees',
  'participants',
  'invitees',
  'guests',
]

const RECIPIENT_ITEM = {
  type: 'string',
  minLength: 1,
  description:
    'An address, a domain (`example.com`), all below it (`*.example.com`), or the exact name of a recipient that is no address: a channel, a user, an account.',
}

const LONGEST_LIST = 65_536
// Steps to read one: measured with domains of another script than Latin.
const RECIPIENT_STEPS = 250

interface Allowed {
  readonly emails: readonly EmailPattern[]
  readonly names: ReadonlySet<string>
}

/** Every recipient within allowed addresses, domains or names. */
export const recipients: ConstraintKind = {
  kind: 'recipients',
  summary: 'Every recipient (to, cc, bcc and the like) is listed, or of a listed domain.',
  aliases: RECIPIENT_ALIASES,
  words: RECIPIENT_WORDS,
  listItems: RECIPIENT_ITEM,
  schema: objectSchema({ allow: { type: 'array', minItems: 1, items: RECIPIENT_ITEM } }, ['allow']),
  check(config, report) {
    for (const { text, way } of allowedTexts(config)) {
      if (isName(text) || parseEmailPattern(text) !== undefined) continue
      const kind = text.includes('*') ? 'bad_glob' : 'bad_name'
      report(kind, way, `\`${text}\` is no address, domain or name`, 'write `ann@example.com`')
    }
  },
  compile(config) {
    const target = targetOf(config, RECIPIENT_ALIASES, RECIPIENT_WORDS)
    const allowed = readAllowed(allowedTexts(config))
    return textConstraint('recipients', target, (text, budget) =>
      judgeRecipients(text, allowed, budget),
    )
  },
}

// A name has none of the characters by which addresses, globs and lists are told. A domain is one as
// well, which does no harm: it is nobody's address.
function isName(text: string): boolean {
  return (
    text === text.trim() && /^[^@*,;<>"\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}]+$/u.test(text)
  )
}

function readAllowed(texts: readonly AllowedText[]): Allowed {
  const names = texts.filter(({ text }) => isName(text)).map(({ text }) => text)
  const emails = texts.flatMap(({ text }) => parseEmailPattern(text) ?? [])
  return { emails, names: new Set(names) }
}

// Commas and semicolons separate recipients in one text; a quoted comma makes both halves unreadable,
// and so the whole unsure.
function judgeRecipients(text: string, allowed: Allowed, budget: Budget): Judgement {
  if (text.length > LONGEST_LIST)
    return { standing: UNSURE, detail: 'is longer than 65,536 characters' }
  const parts = text.split(/[,;]/)
  if (!spend(budget, parts.length * (RECIPIENT_STEPS + ENTRY_STEPS * allowed.emails.length)))
    return TOO_MUCH
  let standing: Standing = NOTHING
  for (const part of parts) standing |= standingOf(part.replace(/^ | $/g, ''), allowed)
  return { standing, detail: detailOf(standing) }
}

function standingOf(text: string, allowed: Allowed): Standing {
  if (allowed.names.has(text)) return INSIDE
  if (isName(text)) return OUTSIDE
  const address = parseEmail(text)
  if (address === undefined) return UNSURE
  return allowed.emails.some((pattern) => matchesEmail(pattern, address)) ? INSIDE : OUTSIDE
}

function detailOf(standing: Standing): string {
  if ((standing & UNSURE) !== 0) return 'has a recipient that is not one plain address or name'
  return (standing & OUTSIDE) !== 0
    ? 'has a recipient that is not listed'
    : 'has only listed recipients'
}
