import { TIERS, VERBS } from '../core/model/call.ts'
import type { JsonObject, JsonValue } from '../core/model/json.ts'
import type { Path } from '../core/policy/read/source.ts'
import { didYouMean } from '../core/suggest.ts'
import type { Fields } from './suite-fields.ts'
import type { TestCall, TestSubject } from './test-call.ts'

/** Subjects that a suite names once. */
export type NamedSubjects = ReadonlyMap<string, TestSubject>

/** What a call may say besides who makes it. */
export const ACT_KEYS = [
  'verb',
  'resource',
  'arguments',
  'scope',
  'server',
  'session',
  'task',
] as const
const CALL_KEYS = ['agent', 'subject', ...ACT_KEYS] as const
const SUBJECT_TEXTS = ['agent', 'user', 'team', 'department', 'tenant'] as const
const SUBJECT_LISTS = ['groups', 'roles', 'scopes'] as const
const SUBJECT_KEYS = [...SUBJECT_TEXTS, ...SUBJECT_LISTS, 'tier'] as const

/** Reads a whole call: who, and what. */
export function readCall(
  fields: Fields,
  value: unknown,
  path: Path,
  subjects: NamedSubjects,
): TestCall | undefined {
  const map = fields.map(value, path, CALL_KEYS)
  if (map === undefined) return undefined
  const act = readAct(fields, map, path)
  const agent = given(map, 'agent', (one) => fields.text(one, [...path, 'agent']))
  const subject = given(map, 'subject', (one) =>
    typeof one === 'string'
      ? namedSubject(fields, one, [...path, 'subject'], subjects)
      : readSubject(fields, one, [...path, 'subject']),
  )
  if (agent !== undefined && subject?.agent !== undefined && agent !== subject.agent)
    fields.fault([...path, 'agent'], 'the subject beside it is another agent')
  const resource = act.resource
  if (resource === undefined)
    return map['resource'] === undefined
      ? fields.fault(path, '`resource` is missing: what is called')
      : undefined
  return {
    ...act,
    resource,
    ...(agent === undefined ? {} : { agent }),
    ...(subject === undefined ? {} : { subject }),
  }
}

/** Reads what is done, of a map whose keys are checked already. */
export function readAct(fields: Fields, map: JsonObject, path: Path): Partial<TestCall> {
  const act: Record<string, JsonValue> = {}
  for (const key of ACT_KEYS) {
    const value = map[key]
    if (value === undefined) continue
    const at = [...path, key]
    const read =
      key === 'arguments'
        ? fields.anyMap(value, at)
        : key === 'verb'
          ? fields.word(value, at, VERBS)
          : fields.text(value, at)
    if (read !== undefined) act[key] = read
  }
  return act // every value was read by its key's type
}

export function readSubjects(fields: Fields, value: unknown, path: Path): NamedSubjects {
  const subjects = new Map<string, TestSubject>()
  if (value === undefined) return subjects
  for (const [name, one] of Object.entries(fields.anyMap(value, path) ?? {})) {
    const subject = readSubject(fields, one, [...path, name])
    if (subject !== undefined) subjects.set(name, subject)
  }
  return subjects
}

/** The subject of that name; a fault at the path where there is none. */
export function namedSubject(
  fields: Fields,
  name: string,
  path: Path,
  subjects: NamedSubjects,
): TestSubject | undefined {
  const found = subjects.get(name)
  if (found !== undefined) return found
  const hint = didYouMean(name, subjects.keys()) ?? 'name it under `subjects`'
  return fields.fault(path, `there is no subject \`${name}\``, hint)
}

function readSubject(fields: Fields, value: unknown, path: Path): TestSubject | undefined {
  const map = fields.map(value, path, SUBJECT_KEYS)
  if (map === undefined) return undefined
  const subject: Record<string, unknown> = {}
  for (const key of SUBJECT_KEYS) {
    const one = map[key]
    if (one === undefined) continue
    const at = [...path, key]
    const isList = SUBJECT_LISTS.some((name) => name === key)
    if (isList) subject[key] = fields.texts(one, at)
    else subject[key] = key === 'tier' ? fields.word(one, at, TIERS) : fields.text(one, at)
  }
  return subject // every value was read by its key's type
}

function given<T>(
  map: JsonObject,
  key: string,
  read: (value: JsonValue) => T | undefined,
): T | undefined {
  const value = map[key]
  return value === undefined ? undefined : read(value)
}
