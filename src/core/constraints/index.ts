import { cidr } from './cidr.ts'
import type { ConstraintKind } from './constraint.ts'
import { emailDomain } from './email-domain.ts'
import { equals } from './equals.ts'
import { jsonSchema } from './json-schema.ts'
import { matches } from './matches.ts'
import { maxBytes } from './max-bytes.ts'
import { maxLength } from './max-length.ts'
import { negationOf } from './not.ts'
import { oneOf } from './one-of.ts'
import { pathPrefix } from './path-prefix.ts'
import { range } from './range.ts'
import { recipients } from './recipients.ts'
import { sqlIntent } from './sql-intent.ts'
import { timeWindow } from './time-window.ts'
import { urlHost } from './url-host.ts'

const PLAIN_KINDS: readonly ConstraintKind[] = [
  sqlIntent,
  pathPrefix,
  urlHost,
  emailDomain,
  recipients,
  cidr,
  oneOf,
  equals,
  range,
  maxLength,
  maxBytes,
  matches,
  jsonSchema,
  timeWindow,
]

/** Every kind of constraint, in the order of the reference page. */
export const CONSTRAINT_KINDS: readonly ConstraintKind[] = [...PLAIN_KINDS, negationOf(PLAIN_KINDS)]

/** Names that other engines use for one of our kinds. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([['regex', 'matches']])

const BY_NAME: ReadonlyMap<string, ConstraintKind> = new Map(
  CONSTRAINT_KINDS.map((kind) => [kind.kind, kind]),
)

/** The kind of that name, `regex` being another name of `matches`; undefined where there is none. */
export function constraintKind(name: string): ConstraintKind | undefined {
  return BY_NAME.get(OTHER_NAMES.get(name) ?? name)
}
