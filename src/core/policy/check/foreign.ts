import { isMap } from '../../json-kind.ts'
import type { Source } from '../read/source.ts'
import { POLICY_SCHEMA } from '../schema/policy.ts'

// Files of other programs have these too.
const COMMON_KEYS = new Set(['$schema', 'version', 'extends'])

/** True for a value that nobody meant as a policy: no map, or none of its keys is one of a policy. */
export function isForeign(value: unknown): boolean {
  if (!isMap(value)) return true
  const { properties } = POLICY_SCHEMA
  const isKnown = (key: string): boolean => isMap(properties) && Object.hasOwn(properties, key)
  const keys = Object.keys(value)
  return !keys.every(isKnown) && !keys.some((key) => isKnown(key) && !COMMON_KEYS.has(key))
}

/** A source that cannot be read, with problems that quote nothing of its text. */
export function withoutWords(source: Source): Source {
  const problems = source.problems.map((problem) => ({
    ...problem,
    message: 'this file cannot be read as a policy',
    path: '',
    hint: 'validate it by itself to see why',
  }))
  return { ...source, problems }
}
