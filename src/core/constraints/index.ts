import type { ConstraintKind } from './constraint.ts'
import { cidr } from './kinds/cidr.ts'
import { emailDomain } from './kinds/email-domain.ts'
import { equals } from './kinds/equals.ts'
import { jsonSchema } from './kinds/json-schema.ts'
import { matches } from './kinds/matches.ts'
import { maxBytes } from './kinds/max-bytes.ts'
import { maxLength } from './kinds/max-length.ts'
import { negationOf } from './kinds/not.ts'
import { oneOf } from './kinds/one-of.ts'
import { pathPrefix } from './kinds/path-prefix.ts'
import { range } from './kinds/range.ts'
import { recipients } from './kinds/recipients.ts'
import { timeWindow } from './kinds/time-window.ts'
import { urlHost } from './kinds/url-host.ts'
import { sqlIntent } from './sql-intent.ts'

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
