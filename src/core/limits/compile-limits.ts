import { canonicalJson, sha256Hex } from '../hash.ts'
import { TIERS, type Tier } from '../model/call.ts'
import type { JsonObject } from '../model/json.ts'
import type { BucketTake } from '../model/ports.ts'
import { BASE_RATES, TIER_MULTIPLIERS } from '../policy/schema/limits.ts'
import { parseSelector, type Selector } from '../policy/selectors.ts'
import { type BudgetDocument, type CompiledBudget, compileBudgets } from './compile-budgets.ts'
import type { Standing } from './standing.ts'
import { compileFilter, type SubjectFilter, type SubjectKeys } from './subject-filter.ts'

/** A bucket with the words that tell whoever is refused which limit it was. */
export interface LimitTake extends BucketTake {
  readonly limit: string
  /** Where in the section `limits` it stands, as in `per_session.per_minute`. */
  readonly place: string
}

/** A rate ready to make buckets of. */
export interface CompiledRate {
  /** Told apart from other limits by what it says, so that a reload that moves it keeps its buckets. */
  readonly id: string
  readonly intervalMs: number
  readonly burst: number
  readonly limit: string
  readonly place: string
}

export interface PrincipalLimit {
  readonly filter: SubjectFilter
  /** Undefined: every resource. */
  readonly resource: Selector | undefined
  readonly rates: readonly CompiledRate[]
}

export interface SessionLimits {
  readonly rates: readonly CompiledRate[]
  readonly calls: number | undefined
  readonly concurrent: number | undefined
}

/** The section `limits`, ready to be asked. */
export interface CompiledLimits {
  /** Empty where rates are disabled. */
  readonly classes: ReadonlyMap<string, ReadonlyMap<Tier, CompiledRate>>
  readonly session: SessionLimits
  readonly principals: readonly PrincipalLimit[]
  readonly budgets: readonly CompiledBudget[]
  /** No rate, session or principal is limited. */
  readonly isDisabled: boolean
  /** What was worked out lately, by session; it never differs from what would be worked out anew. */
  readonly standings: Map<string, Standing[]>
}

interface RatesDocument {
  readonly per_second?: number
  readonly per_minute?: number
  readonly per_hour?: number
  readonly per_day?: number
  readonly burst?: number
}

/** What the schema lets a section say. */
interface LimitsDocument {
  readonly base?: Readonly<Record<string, number>>
  readonly multipliers?: Readonly<Record<string, number>>
  readonly burst_multiplier?: number
  readonly disabled?: boolean
  readonly per_session?: RatesDocument & { readonly calls?: number; readonly concurrent?: number }
  readonly principals?: readonly (RatesDocument & SubjectKeys & { readonly resource?: string })[]
  readonly budgets?: readonly BudgetDocument[]
}

const BURST_MULTIPLIER = 3
const NO_SESSION_LIMITS: SessionLimits = { rates: [], calls: undefined, concurrent: undefined }

/** Compiles a checked section. Without one there are no limits. */
export function compileLimits(section: JsonObject | undefined): CompiledLimits | undefined {
  if (section === undefined) return undefined
  const document = section as LimitsDocument
  const isDisabled = document.disabled === true
  return {
    isDisabled,
    classes: isDisabled ? new Map() : compileClasses(document),
    session: isDisabled ? NO_SESSION_LIMITS : compileSession(document.per_session ?? {}),
    principals: isDisabled ? [] : compilePrincipals(document.principals ?? []),
    budgets: compileBudgets(document.budgets ?? []),
    standings: new Map(),
  }
}

function compileClasses(document: LimitsDocument): CompiledLimits['classes'] {
  const factors: LimitsDocument['multipliers'] = { ...TIER_MULTIPLIERS, ...document.multipliers }
  const bases = Object.entries({ ...BASE_RATES, ...document.base })
  const burstFactor = document.burst_multiplier ?? BURST_MULTIPLIER
  return new Map(
    bases.map(([name, base]) => {
      const rateOf = (tier: Tier): CompiledRate => {
        const rate = base * (factors[tier] ?? 1)
        const burst = wholeBurst(rate * burstFactor)
        return {
          // Not the tier: one that changes it takes from the same bucket.
          id: `${name} ${base}`,
          intervalMs: 1000 / rate,
          burst,
          place: `base.${name}`,
          limit: `${shown(rate)} calls per second of class \`${name}\` for tier \`${tier}\`, ${burst} at once`,
        }
      }
      return [name, new Map(TIERS.map((tier) => [tier, rateOf(tier)]))]
    }),
  )
}

/** A product such as 0.1 * 30 falls short of the whole number that was meant. */
function wholeBurst(product: number): number {
  return Math.max(1, Math.min(Number.MAX_SAFE_INTEGER, Math.floor(product + 1e-9)))
}

function shown(rate: number): string {
  return String(Number(rate.toPrecision(6)))
}

function compileSession(document: NonNullable<LimitsDocument['per_session']>): SessionLimits {
  const { calls, concurrent } = document
  return {
    rates: compileRates(document, 'session', 'per_session', 'for each session'),
    calls,
    concurrent,
  }
}

function compilePrincipals(
  documents: NonNullable<LimitsDocument['principals']>,
): readonly PrincipalLimit[] {
  const seen = new Map<string, number>()
  return documents.map((document, index) => {
    const filter = compileFilter(document)
    const text = canonicalJson({ ...document })
    const twin = seen.get(text) ?? 0
    seen.set(text, twin + 1)
    const id = `${sha256Hex(text).slice(0, 32)} ${twin}`
    const place = `principals[${index}]`
    const where = document.resource === undefined ? '' : ` of \`${document.resource}\``
    return {
      filter,
      resource: document.resource === undefined ? undefined : parseSelector(document.resource),
      rates: compileRates(document, id, place, `in \`limits.${place}\`${where}`),
    }
  })
}

const UNITS = [
  ['per_second', 'second', 1_000],
  ['per_minute', 'minute', 60_000],
  ['per_hour', 'hour', 3_600_000],
  ['per_day', 'day', 86_400_000],
] as const

/** `burst` is that of the shortest time; a longer one may be used up as fast as the shorter allows. */
function compileRates(
  document: RatesDocument,
  id: string,
  place: string,
  whose: string,
): readonly CompiledRate[] {
  const rates: CompiledRate[] = []
  for (const [key, unit, ms] of UNITS) {
    const count = document[key]
    if (count === undefined) continue
    const burst = rates.length === 0 ? (document.burst ?? count) : count
    const limit = `${count === 1 ? '1 call' : `${count} calls`} per ${unit} ${whose}, ${burst} at once`
    rates.push({
      id: `${id} ${key} ${count}`,
      intervalMs: ms / count,
      burst,
      limit,
      place: `${place}.${key}`,
    })
  }
  return rates
}
