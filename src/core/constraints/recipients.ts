import type { JsonValue } from '../model/json.ts'
import { type AllowedText, allowedTexts, objectSchema, targetOf } from './config.ts'
import {
  type ConstraintKind,
  INSIDE,
  type Judgement,
  NOTHING,
  OUTSIDE,
  type Standing,
  UNSURE,
} from './constraint.ts'
import { type EmailPattern, matchesEmail, parseEmail, parseEmailPattern } from './email-address.ts'
import { judgeValues } from './values.ts'

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

const RECIPIENT_ITEM = {
  type: 'string',
  minLength: 1,
  description:
    'An address, a domain (`example.com`), all below it (`*.example.com`), or the exact name of a recipient that is no address: a channel, a user, an account.',
}

const LONGEST_LIST = 65_536

interface Allowed {
  readonly emails: readonly EmailPattern[]
  readonly names: ReadonlySet<string>
}

/** Every recipient within allowed addresses, domains or names. */
export const recipients: ConstraintKind = {
  kind: 'recipients',
  summary: 'Every recipient (to, cc, bcc and the like) is listed, or of a listed domain.',
  aliases: RECIPIENT_ALIASES,
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
    const target = targetOf(config, RECIPIENT_ALIASES)
    const allowed = readAllowed(allowedTexts(config))
    const judgeOne = (value: JsonValue) => judgeRecipients(value, allowed)
    return {
      kind: 'recipients',
      judge: (input) =>
        judgeValues(target.find(input.arguments), target.mode, judgeOne, target.wanted),
    }
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
function judgeRecipients(value: JsonValue, allowed: Allowed): Judgement {
  if (typeof value !== 'string') return { standing: UNSURE, detail: 'is not a text' }
  if (value.length > LONGEST_LIST)
    return { standing: UNSURE, detail: 'is longer than 65,536 characters' }
  let standing: Standing = NOTHING
  for (const part of value.split(/[,;]/))
    standing |= standingOf(part.replace(/^ | $/g, ''), allowed)
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
