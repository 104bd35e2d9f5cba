import type { RuleRef } from '../../core/model/decision.ts'
import type { CompiledPolicy } from '../../core/policy/compile.ts'
import type { Place, Source } from '../../core/policy/read/source.ts'
import type { SuiteResult } from '../../testing/run-suite.ts'

/** Which rules decided at least one test. */
export interface Coverage {
  readonly rules: number
  readonly covered: number
  /** 0 to 100, one decimal; 100 for a policy without rules. */
  readonly percent: number
  readonly uncovered: readonly UncoveredRule[]
}

/** A rule that no test was decided by. */
export interface UncoveredRule extends RuleRef, Place {
  readonly file: string | null
}

/** A policy, where its rules stand, and what was tested against it. */
export interface CoveredPolicy {
  readonly policy: CompiledPolicy
  readonly places: RulePlaces
  readonly results: readonly SuiteResult[]
}

export type RulePlaces = ReadonlyMap<string, Place & { readonly file: string | null }>

/** Over several policies, each counted once however many suites test it. */
export function coverageOf(policies: readonly CoveredPolicy[]): Coverage {
  const uncovered: UncoveredRule[] = []
  let rules = 0
  for (const { policy, places, results } of policies) {
    const decided = decidedBy(results)
    for (const rule of rulesOf(policy)) {
      rules++
      const place = places.get(keyOf(rule)) ?? { file: null, line: null, column: null }
      if (!decided.has(keyOf(rule))) uncovered.push({ ...rule, ...place })
    }
  }
  const covered = rules - uncovered.length
  const percent = rules === 0 ? 100 : Math.floor((covered / rules) * 1000) / 10
  return { rules, covered, percent, uncovered }
}

function decidedBy(results: readonly SuiteResult[]): ReadonlySet<string> {
  const rules = results.flatMap(({ tests }) => tests.map(({ decision }) => decision.rule))
  return new Set(rules.filter((rule) => rule !== null).map(keyOf))
}

/** Where the rules of policy texts stand, by role and index. */
export function placesOfRules(sources: readonly Source[]): RulePlaces {
  const places = new Map<string, Place & { readonly file: string | null }>()
  for (const source of sources)
    listAt(source.value, 'roles').forEach((role, position) => {
      const name = memberOf(role, 'name')
      if (typeof name !== 'string') return
      listAt(role, 'rules').forEach((_, index) => {
        const place = source.place(['roles', position, 'rules', index])
        places.set(keyOf({ role: name, index }), { file: source.file, ...place })
      })
    })
  return places
}

function rulesOf(policy: CompiledPolicy): readonly RuleRef[] {
  return (policy.document.roles ?? []).flatMap((role) =>
    (role.rules ?? []).map((rule, index) => ({ role: role.name, name: rule.name ?? null, index })),
  )
}

function keyOf(rule: Pick<RuleRef, 'role' | 'index'>): string {
  return `${rule.index} ${rule.role}`
}

function memberOf(value: unknown, key: string): unknown {
  const isOwn = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
  return isOwn ? (value as Readonly<Record<string, unknown>>)[key] : undefined
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const list = memberOf(value, key)
  return Array.isArray(list) ? list : []
}
