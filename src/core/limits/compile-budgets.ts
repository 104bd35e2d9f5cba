import { canonicalJson, sha256Hex } from '../hash.ts'
import { durationMs } from '../policy/duration.ts'
import { compileFilter, type SubjectFilter, type SubjectKeys } from './subject-filter.ts'

export type Per = 'session' | 'agent' | 'user' | 'team' | 'tenant' | 'all'
export type BudgetAction = 'deny' | 'escalate' | 'warn'
export type Unit = 'usd' | 'tokens' | 'calls' | 'seconds' | 'egress_bytes'

/** What may be spent of one unit. */
export interface CompiledLine {
  readonly unit: Unit
  /** Begins the keys of its accounts. Not made of the amount: a budget that is raised stays spent. */
  readonly id: string
  /** In whole units: nano-dollars, tokens, calls, milliseconds, bytes. */
  readonly limit: number
  /** The limit as people read it. */
  readonly text: string
  /** Where in the section `limits` it stands, as in `budgets.daily.usd`; without a name by its number. */
  readonly place: string
}

export interface CompiledBudget {
  /** Its name, or its place in the policy. */
  readonly name: string
  readonly per: Per
  readonly filter: SubjectFilter
  readonly windowMs: number | undefined
  readonly action: BudgetAction
  /** From this part of the limit on there is a warning; undefined: only where the limit is passed. */
  readonly warnAt: number | undefined
  readonly lines: readonly CompiledLine[]
}

export interface BudgetDocument extends SubjectKeys, Readonly<Partial<Record<Unit, number>>> {
  readonly name?: string
  readonly per?: Per
  readonly window?: string
  readonly action?: BudgetAction
  readonly warn_at?: number
}

export const NANO = 1_000_000_000

const UNITS: readonly (readonly [Unit, number, string])[] = [
  ['usd', NANO, 'USD'],
  ['tokens', 1, 'tokens'],
  ['calls', 1, 'calls'],
  ['seconds', 1000, 'seconds of work'],
  ['egress_bytes', 1, 'bytes of restricted data sent out'],
]

const FOR_EACH: Readonly<Record<Per, string>> = {
  session: ' for each session',
  agent: ' for each agent',
  user: ' for each user',
  team: ' for each team',
  tenant: ' for each tenant',
  all: ' for all together',
}

export function compileBudgets(documents: readonly BudgetDocument[]): readonly CompiledBudget[] {
  const seen = new Map<string, number>()
  return documents.map((document, index) => {
    const per = document.per ?? 'session'
    const filter = compileFilter(document)
    const text = canonicalJson({
      name: document.name ?? null,
      per,
      named: filter.named,
      each: filter.each,
      window: document.window ?? null,
    })
    const twin = seen.get(text) ?? 0
    seen.set(text, twin + 1)
    const place = document.name === undefined ? `budgets[${index}]` : `budgets.${document.name}`
    const id = `${sha256Hex(text).slice(0, 32)} ${twin}`
    return {
      name: document.name ?? `limits.budgets[${index}]`,
      per,
      filter,
      windowMs: document.window === undefined ? undefined : durationMs(document.window),
      action: document.action ?? 'deny',
      warnAt: document.warn_at,
      lines: linesOf(document, { id, place, forEach: FOR_EACH[per] }),
    }
  })
}

function linesOf(
  document: BudgetDocument,
  { id, place, forEach }: { readonly id: string; readonly place: string; readonly forEach: string },
): readonly CompiledLine[] {
  return UNITS.flatMap(([unit, factor, words]) => {
    const limit = document[unit]
    if (limit === undefined) return []
    return {
      unit,
      id: `budget ${id} ${unit}`,
      limit: wholeAmount(limit * factor),
      text: `${limit} ${words}${forEach}`,
      place: `${place}.${unit}`,
    }
  })
}

/** A whole amount that no sum can make unsafe. */
export function wholeAmount(amount: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, Math.round(amount))
}
