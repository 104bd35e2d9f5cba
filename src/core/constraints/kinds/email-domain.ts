import { allowedTexts, objectSchema, targetOf } from '../config.ts'
import { type ConstraintKind, INSIDE, type Judgement, OUTSIDE, UNSURE } from '../constraint.ts'
import { type Budget, ENTRY_STEPS, spend, TOO_MUCH } from '../support/budget.ts'
import {
  type EmailPattern,
  matchesEmail,
  parseEmail,
  parseEmailPattern,
} from '../support/email-address.ts'
import { textConstraint } from '../support/per-value.ts'
import { RECIPIENT_ALIASES, RECIPIENT_WORDS } from './recipients.ts'

const ALIASES = [
  'email',
  'emails',
  'email_address',
  'email_addresses',
  'mail',
  ...RECIPIENT_ALIASES,
]

const WORDS = ['email', 'emails', 'email_address', 'email_addresses', ...RECIPIENT_WORDS]

// Steps to read one, more than most values take: measured with domains of another script than Latin.
const ADDRESS_STEPS = 100

const DOMAIN_ITEM = {
  type: 'string',
  minLength: 1,
  description: 'A domain (`example.com`), all below it (`*.example.com`) or one address.',
}

/** E-mail addresses by their domain. */
export const emailDomain: ConstraintKind = {
  kind: 'email_domain',
  summary: 'The argument is one e-mail address, or a list of them, of the listed domains.',
  aliases: ALIASES,
  words: WORDS,
  listItems: DOMAIN_ITEM,
  schema: objectSchema({ allow: { type: 'array', minItems: 1, items: DOMAIN_ITEM } }, ['allow']),
  check(config, report) {
    for (const { text, way } of allowedTexts(config)) {
      if (parseEmailPattern(text) !== undefined) continue
      const kind = text.includes('*') ? 'bad_glob' : 'bad_name'
      report(kind, way, `\`${text}\` is no domain and no address`, 'write `example.com`')
    }
  },
  compile(config) {
    const target = targetOf(config, ALIASES, WORDS)
    const patterns = allowedTexts(config).flatMap(({ text }) => parseEmailPattern(text) ?? [])
    return textConstraint('email_domain', target, (text, budget) =>
      judgeEmail(text, patterns, budget),
    )
  },
}

function judgeEmail(text: string, patterns: readonly EmailPattern[], budget: Budget): Judgement {
  if (!spend(budget, ADDRESS_STEPS + ENTRY_STEPS * patterns.length)) return TOO_MUCH
  const address = parseEmail(text)
  if (address === undefined)
    return { standing: UNSURE, detail: 'is not one plain e-mail address `mailbox@domain`' }
  return patterns.some((pattern) => matchesEmail(pattern, address))
    ? { standing: INSIDE, detail: 'is of a listed domain' }
    : { standing: OUTSIDE, detail: 'is of a domain that is not listed' }
}
