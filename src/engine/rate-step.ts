import { traitsOf } from '../core/behavior/traits.ts'
import type { Payer } from '../core/limits/accounts.ts'
import type { CompiledLimits } from '../core/limits/compile-limits.ts'
import type { Limiter, LimitVerdict, Reservation } from '../core/limits/limiter.ts'
import type { Call } from '../core/model/call.ts'
import { andThen, isPromise, type MaybePromise } from '../core/model/json.ts'
import { gateSettings } from './gate-settings.ts'
import type { GateRun, StepResult } from './gate-step.ts'

/** What a call has cost besides its time. */
type Usage = { readonly usd?: number; readonly tokens?: number }

/** What one call has set aside of its limits, from its first judgement to its end. */
export interface Spend {
  readonly limiter: Limiter
  /** Sessions on whose behalf the call is made. */
  readonly ancestors: readonly Payer[]
  /** True where the session has read restricted data. */
  readonly tainted: boolean
  held: Reservation | undefined
  /** The call does not go out: what a store grants from here on goes back at once. */
  over: boolean
  /** When the call went out, by the clock of limits; 0 while it has not. */
  begun: number
  /** Told where a store could not be reached: what it holds stays set aside. */
  readonly onFault: (cause: unknown) => void
}

/** Rates and budgets as a step of the line. Judged again, a call is not counted twice. */
export function checkLimits(call: Call, run: GateRun): MaybePromise<StepResult> {
  const { limits } = gateSettings(run.policy)
  if (limits === undefined || call.verb === 'discover') return PASS
  const { spend } = run
  const verdict = spend.limiter.check(call, limits, {
    ancestors: spend.ancestors,
    egressBytes: egressBytes(call, limits, spend),
    dryRun: run.dryRun,
    held: spend.held,
  })
  return andThen(verdict, (said) => keep(said, spend))
}

const PASS: StepResult = Object.freeze({ kind: 'pass' })

function keep(said: LimitVerdict, spend: Spend): StepResult {
  if (said.kind === 'deny') return said
  if (said.reservation !== undefined) spend.held = said.reservation
  if (spend.over) close(spend, { dispatched: false })
  const warnings = said.warnings?.map(
    ({ detail }) => ({ kind: 'notify', channel: detail }) as const,
  )
  const more = warnings === undefined ? {} : { obligations: warnings }
  return said.kind === 'pass'
    ? warnings === undefined
      ? PASS
      : { kind: 'pass', ...more }
    : {
        kind: 'escalate',
        reason: said.reason,
        constraint: said.constraint,
        detail: said.detail,
        ...more,
      }
}

/** Only counted where a budget asks: the size of arguments is what has to be worked out. */
function egressBytes(call: Call, limits: CompiledLimits, { tainted }: Spend): number {
  if (!tainted || !limits.budgets.some(countsEgress)) return 0
  return traitsOf(call.resource).egress ? Buffer.byteLength(JSON.stringify(call.arguments)) : 0
}

function countsEgress({ lines }: CompiledLimits['budgets'][number]): boolean {
  return lines.some(({ unit }) => unit === 'egress_bytes')
}

/** What was set aside goes back: the call does not go out. */
export function release(spend: Spend | undefined): void {
  if (spend !== undefined) spend.over = true
  close(spend, { dispatched: false })
}

/** The call is over: what it has cost is spent. */
export function settle(spend: Spend | undefined, now: number, usage: Usage = {}): void {
  const ms = spend === undefined ? 0 : Math.max(0, now - spend.begun)
  close(spend, { dispatched: true, ms, usage })
}

/** Nobody waits for it: a store that fails keeps what was set aside, so that no limit is passed. */
function close(spend: Spend | undefined, outcome: Parameters<Limiter['settle']>[1]): void {
  const held = spend?.held
  if (spend === undefined || held === undefined) return
  spend.held = undefined
  try {
    const settled = spend.limiter.settle(held, outcome)
    if (isPromise(settled)) settled.catch(spend.onFault)
  } catch (cause) {
    spend.onFault(cause)
  }
}
