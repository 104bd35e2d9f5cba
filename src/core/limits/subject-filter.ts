import type { Subject } from '../model/call.ts'
import { BINDING_KEYS, type BindingKey } from '../policy/document.ts'

/** Whom a limit speaks of. Every key must hold; `*` stands for each one by itself. */
export interface SubjectFilter {
  readonly named: readonly (readonly [BindingKey, string])[]
  readonly each: readonly BindingKey[]
  /** Names belong to a tenant: the same name elsewhere is somebody else. */
  readonly isWithinTenant: boolean
}

export type SubjectKeys = Readonly<Partial<Record<BindingKey, string>>>

export function compileFilter(keys: SubjectKeys): SubjectFilter {
  const given = BINDING_KEYS.flatMap((key): (readonly [BindingKey, string])[] => {
    const value = keys[key]
    return value === undefined ? [] : [[key, value]]
  })
  return {
    named: given.filter(([, value]) => value !== '*'),
    each: given.flatMap(([key, value]) => (value === '*' ? [key] : [])),
    isWithinTenant: given.some(([key]) => key !== 'tenant' && key !== 'tier'),
  }
}

/** One list of values for each one that is meant; none where the filter does not hold. */
export function whoOf(
  filter: SubjectFilter,
  subject: Subject,
): readonly (readonly (string | undefined)[])[] {
  for (const [key, value] of filter.named)
    if (!valuesOf(subject, key).includes(value)) return NOBODY
  const tenant = filter.isWithinTenant ? subject.tenant : undefined
  let who: readonly (readonly (string | undefined)[])[] = [[tenant]]
  for (const key of filter.each) {
    const values = valuesOf(subject, key)
    who = who.flatMap((before) => values.map((value) => [...before, value]))
  }
  return who
}

const NOBODY: readonly (readonly string[])[] = []

function valuesOf(subject: Subject, key: BindingKey): readonly string[] {
  if (key === 'group') return [...new Set(subject.groups)]
  const value = key === 'tier' ? (subject.tier ?? 'user') : subject[key]
  return value === undefined ? [] : [value]
}
