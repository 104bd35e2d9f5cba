import type { JsonValue } from '../model/json.ts'
import { allowedTexts, objectSchema, targetOf } from './config.ts'
import { type ConstraintKind, INSIDE, type Judgement, OUTSIDE, UNSURE } from './constraint.ts'
import { type EmailPattern, matchesEmail, parseEmail, parseEmailPattern } from './email-address.ts'
import { RECIPIENT_ALIASES } from './recipients.ts'
import { judgeValues } from './values.ts'

const ALIASES = [
  'email',
  'emails',
  'email_address',
  'email_addresses',
  'mail',
  ...RECIPIENT_ALIASES,
]

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
    const target = targetOf(config, ALIASES)
    const patterns = allowedTexts(config).flatMap(({ text }) => parseEmailPattern(text) ?? [])
    const judgeOne = (value: JsonValue) => judgeEmail(value, patterns)
    return {
      kind: 'email_domain',
      judge: (input) =>
        judgeValues(target.find(input.arguments), target.mode, judgeOne, target.wanted),
    }
  },
}

function judgeEmail(value: JsonValue, patterns: readonly EmailPattern[]): Judgement {
  if (typeof value !== 'string') return { standing: UNSURE, detail: 'is not a text' }
  const address = parseEmail(value)
  if (address === undefined)
    return { standing: UNSURE, detail: 'is not one plain e-mail address `mailbox@domain`' }
  return patterns.some((pattern) => matchesEmail(pattern, address))
    ? { standing: INSIDE, detail: 'is of a listed domain' }
    : { standing: OUTSIDE, detail: 'is of a domain that is not listed' }
}
