import { isMap } from '../../json-kind.ts'
import { BINDING_KEYS } from '../document.ts'
import { type LooseMap, listOf } from './lenient.ts'
import { type Named, placeText } from './named.ts'
import type { Report } from './report.ts'

interface Bound extends Named {
  readonly binding: LooseMap
}

/** Warns of bindings that say what another one says, and of roles that one binding names twice. */
export function warnOfDuplicateBindings(reports: readonly Report[]): void {
  // Most subjects are bound once: only of others is it asked what they are bound to.
  const firsts = new Map<string, Bound | 'known'>()
  const known = new Map<string, Bound>()
  for (const report of reports) {
    const bindings = listOf(report.source.value, 'bindings')
    for (let index = 0; index < bindings.length; index++) {
      const binding = bindings[index]
      if (!isMap(binding)) continue
      warnOfRoleTwice(report, binding, index)
      const bound: Bound = { report, binding, path: ['bindings', index] }
      const subject = subjectText(binding)
      const first = firsts.get(subject)
      if (first === undefined) {
        firsts.set(subject, bound)
        continue
      }
      if (first !== 'known') {
        known.set(subject + grantText(first.binding), first)
        firsts.set(subject, 'known')
      }
      warnIfKnown(bound, known, subject)
    }
  }
}

function warnIfKnown(bound: Bound, known: Map<string, Bound>, subject: string): void {
  const { report, binding, path } = bound
  const key = subject + grantText(binding)
  const other = known.get(key)
  if (other === undefined) known.set(key, bound)
  else
    report.warning(
      'duplicate_binding',
      path,
      `the same is bound${placeText(other, report)} already`,
      { hint: 'remove one of the two: the one that ends later counts' },
    )
}

/** Whom it speaks of; names have no line break. */
function subjectText(binding: LooseMap): string {
  let text = ''
  for (const name of BINDING_KEYS) {
    const value = binding[name]
    if (value !== undefined) text += `${name}=${String(value)}\n`
  }
  return text
}

function grantText(binding: LooseMap): string {
  return `roles=${setText(binding['roles'])}\nscopes=${setText(binding['scopes'])}`
}

function setText(list: unknown): string {
  if (!Array.isArray(list)) return ''
  return list.length < 2 ? String(list[0] ?? '') : [...new Set(list)].sort().join('\n')
}

function warnOfRoleTwice(report: Report, binding: LooseMap, index: number): void {
  const { roles } = binding
  if (!Array.isArray(roles) || roles.length < 2) return
  if (roles.length === 2 && roles[0] !== roles[1]) return
  const seen = new Set<unknown>()
  for (let at = 0; at < roles.length; at++) {
    if (seen.has(roles[at]))
      report.warning(
        'duplicate_binding',
        ['bindings', index, 'roles', at],
        `the role \`${String(roles[at])}\` stands here twice`,
        { hint: 'remove one' },
      )
    seen.add(roles[at])
  }
}
