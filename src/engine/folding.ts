import type { Assessment } from '../core/behavior/watch.ts'
import type { RbacVerdict } from '../core/gates/rbac-verdict.ts'
import type { Call } from '../core/model/call.ts'
import { type Effect, type GateName, type Obligation, REASONS } from '../core/model/decision.ts'
import { snapshot } from '../core/snapshot.ts'
import { failed, type GateRun, type Judged, type StepResult } from './gate-step.ts'

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
    switch (result.kind) {
      case 'pass':
        if (result.obligations !== undefined) this.#obligations.push(...result.obligations)
        return false
      case 'deny':
        if (!isRefusal(result.reason))
          return this.take(gate, failed(`\`${gate}\` gave a reason that is not known`), run)
        this.#effect = 'deny'
        this.#retryAfterMs = result.retry_after_ms ?? null
        this.#deciding = { gate, result }
        return true
      case 'escalate':
        if (!isRefusal(result.reason))
          return this.take(gate, failed(`\`${gate}\` gave a reason that is not known`), run)
        if (!run.approved && this.#effect !== 'escalate') {
          this.#effect = 'escalate'
          this.#deciding = { gate, result }
        }
        return false
      case 'compute':
        return this.#rewrite(gate, result, run)
      default:
        return this.take(gate, failed(`\`${gate}\` gave no verdict`), run)
    }
  }

  #rewrite(gate: GateName, result: StepResult & { kind: 'compute' }, run: GateRun): boolean {
    const taken = snapshot(result.arguments, run.limits)
    if (!taken.ok)
      return this.take(gate, failed(`\`${gate}\` gave unusable arguments: ${taken.detail}`), run)
    this.call = Object.freeze({ ...this.call, arguments: taken.value })
    if (this.#effect === 'allow') {
      this.#effect = 'compute'
      this.#deciding = { gate, result }
    }
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
        granted?.rule ??
        null,
      constraint: objection?.constraint ?? null,
      scopes: granted?.scopes ?? [],
      detail: (objection?.kind === 'pass' ? undefined : objection?.detail) ?? null,
      retry_after_ms: this.#retryAfterMs,
      obligations: Object.freeze([...this.#obligations]),
      arguments: this.call.arguments,
      assessment: this.#assessment,
      timings: Object.freeze(this.#timings),
    }
  }
}
