import type { Assessment } from '../core/behavior/watch.ts'
import type { RbacVerdict } from '../core/gates/rbac-verdict.ts'
import type { GateOutcome } from '../core/model/audit-record.ts'
import type { Call } from '../core/model/call.ts'
import { type Effect, type GateName, type Obligation, REASONS } from '../core/model/decision.ts'
import type { JsonObject } from '../core/model/json.ts'
import { snapshot } from '../core/snapshot.ts'
import {
  failed,
  type GateOutcomes,
  type GateRun,
  type Judged,
  NOTHING_SAID,
  type StepResult,
} from './gate-step.ts'

const REFUSALS: ReadonlySet<unknown> = new Set(REASONS.filter((reason) => reason !== 'allowed'))

function isRefusal(reason: unknown): boolean {
  return REFUSALS.has(reason)
}

/** Collects what the gates say of one call. */
export class Folding {
  call: Call
  #effect: Effect = 'allow'
  #deciding: { gate: GateName; result: StepResult } | undefined
  #granted: RbacVerdict | undefined
  #assessment: Assessment | undefined
  #retryAfterMs: number | null = null
  #said: GateOutcomes = NOTHING_SAID
  readonly #obligations: Obligation[] = []
  readonly #timings: Record<string, number> = {}
  #marked = performance.now()

  constructor(call: Call) {
    this.call = call
  }

  /** True when the line ends here. */
  take(gate: GateName, result: StepResult, run: GateRun): boolean {
    // A host's gate written without types may say anything.
    if (typeof result !== 'object' || result === null)
      return this.take(gate, failed(`\`${gate}\` gave no verdict`), run)
    const now = performance.now()
    // Microseconds are as fine as the clock is steady.
    this.#timings[gate] = Math.round((now - this.#marked) * 1000) / 1000
    this.#marked = now
    if (result.granted !== undefined) this.#granted = result.granted
    if (result.assessment !== undefined) this.#assessment = result.assessment
    if (result.obligations !== undefined) this.#obligations.push(...result.obligations)
    switch (result.kind) {
      case 'pass':
        return false
      case 'deny':
        return this.#deny(gate, result, run)
      case 'escalate':
        return this.#escalate(gate, result, run)
      case 'compute':
        this.#note(gate, 'rewrote')
        this.#decide(gate, result, 'compute')
        return this.#rewrite(gate, result.arguments, run)
      default:
        return this.take(gate, failed(`\`${gate}\` gave no verdict`), run)
    }
  }

  #deny(gate: GateName, result: StepResult & { kind: 'deny' }, run: GateRun): boolean {
    if (!isRefusal(result.reason)) return this.#unknownReason(gate, run)
    this.#effect = 'deny'
    this.#retryAfterMs = result.retry_after_ms ?? null
    this.#deciding = { gate, result }
    return true
  }

  #escalate(gate: GateName, result: StepResult & { kind: 'escalate' }, run: GateRun): boolean {
    if (!isRefusal(result.reason)) return this.#unknownReason(gate, run)
    this.#note(gate, 'asked')
    if (!run.approved) this.#decide(gate, result, 'escalate')
    return result.arguments === undefined ? false : this.#rewrite(gate, result.arguments, run)
  }

  #note(gate: GateName, outcome: GateOutcome): void {
    this.#said = { ...this.#said, [gate]: outcome }
  }

  #unknownReason(gate: GateName, run: GateRun): boolean {
    return this.take(gate, failed(`\`${gate}\` gave a reason that is not known`), run)
  }

  /** The first of the strictest decides: escalate > compute > allow. */
  #decide(gate: GateName, result: StepResult, effect: 'escalate' | 'compute'): void {
    if (this.#effect === effect || this.#effect === 'escalate') return
    this.#effect = effect
    this.#deciding = { gate, result }
  }

  #rewrite(gate: GateName, rewritten: JsonObject, run: GateRun): boolean {
    if (rewritten === this.call.arguments) return false
    const taken = snapshot(rewritten, run.limits)
    if (!taken.ok)
      return this.take(gate, failed(`\`${gate}\` gave unusable arguments: ${taken.detail}`), run)
    this.call = Object.freeze({ ...this.call, arguments: taken.value })
    return false
  }

  result(): Judged {
    const deciding = this.#deciding
    const objection = deciding?.result
    const isObjection = objection?.kind === 'deny' || objection?.kind === 'escalate'
    const granted = this.#granted
    return {
      effect: this.#effect,
      reason: isObjection ? objection.reason : 'allowed',
      gate: deciding?.gate ?? 'rbac',
      rule:
        (isObjection || objection?.kind === 'compute' ? objection.rule : undefined) ??
        // The rule that grants a call says nothing of why a limit stops it: `constraint` names that.
        (deciding?.gate === 'rate_limit' ? null : (granted?.rule ?? null)),
      constraint: objection?.constraint ?? null,
      scopes: granted?.scopes ?? [],
      detail: (objection?.kind === 'pass' ? undefined : objection?.detail) ?? null,
      retry_after_ms: this.#retryAfterMs,
      obligations: Object.freeze([...this.#obligations]),
      arguments: this.call.arguments,
      assessment: this.#assessment,
      timings: Object.freeze(this.#timings),
      granted,
      said: this.#said,
    }
  }
}
