import { patchOf } from '../core/effects/patch.ts'
import type { Call } from '../core/model/call.ts'
import type { Decision, GateName, Mode, Reason } from '../core/model/decision.ts'
import type { Disposition } from '../core/model/finding.ts'
import type { JsonObject } from '../core/model/json.ts'
import { withoutSecrets } from '../core/redaction/without-secrets.ts'
import { type Judged, NOTHING_SAID } from './gate-step.ts'
import { hashOf } from './record.ts'

/** What a decision is made from besides the gates' word. */
export interface DecisionFrame {
  readonly id: string
  readonly mode: Mode
  readonly policyDigest: string
  readonly disposition: Disposition
  readonly findings: Decision['findings']
  /** The arguments as asked; undefined where they were refused and so have no hash. */
  readonly asked: JsonObject | undefined
}

/** Frozen. The hash of the arguments is worked out when first read, and once. */
export function makeDecision(judged: Judged, frame: DecisionFrame): Decision {
  return new Decided(judged, frame)
}

/**
 * Enforced in observe mode too where arguments could not be read, so that there is nothing to dispatch,
 * or where the record could not be kept. A class for speed alone: an object literal with a getter costs 400 ns in V8, this 130. The
 * hash is an own property, so that copies and JSON hold it.
 */
class Decided implements Decision {
  static readonly #inputHash: PropertyDescriptor = {
    enumerable: true,
    get(this: Decided) {
      const asked = this.#asked
      this.#hash ??= asked === undefined ? 'unavailable' : hashOf(asked)
      return this.#hash
    },
  }
  static readonly #dispatchHash: PropertyDescriptor = {
    enumerable: true,
    get(this: Decided) {
      const rewritten = this.#rewritten
      this.#rewrittenHash ??= rewritten === undefined ? null : hashOf(rewritten)
      return this.#rewrittenHash
    },
  }
  static readonly #patch: PropertyDescriptor = {
    enumerable: true,
    get(this: Decided) {
      if (this.#steps === undefined) this.#steps = stepsBetween(this.#asked, this.#rewritten)
      return this.#steps
    },
  }
  readonly #asked: JsonObject | undefined
  /** What goes out in place of what was asked; undefined where that is the same. */
  readonly #rewritten: JsonObject | undefined
  #hash: string | undefined
  #rewrittenHash: string | null | undefined
  #steps: Decision['patch'] | undefined
  readonly id: string
  readonly effect: Decision['effect']
  readonly reason: Reason
  readonly gate: GateName
  readonly rule: Decision['rule']
  readonly constraint: string | null
  readonly scopes: readonly string[]
  readonly policy_digest: string
  declare readonly input_hash: string
  declare readonly dispatch_hash: string | null
  declare readonly patch: Decision['patch']
  readonly enforced: boolean
  readonly mode: Mode
  readonly obligations: Decision['obligations']
  readonly findings: Decision['findings']
  readonly disposition: Disposition
  readonly detail: string | null
  readonly retry_after_ms: number | null
  readonly timings: Decision['timings']

  constructor(judged: Judged, frame: DecisionFrame) {
    this.#asked = frame.asked
    const isRewritten = judged.effect !== 'deny' && judged.arguments !== frame.asked
    this.#rewritten = isRewritten && frame.asked !== undefined ? judged.arguments : undefined
    this.id = frame.id
    this.effect = judged.effect
    this.reason = judged.reason
    this.gate = judged.gate
    this.rule = judged.rule
    this.constraint = judged.constraint
    this.scopes = judged.scopes
    this.policy_digest = frame.policyDigest
    Object.defineProperty(this, 'input_hash', Decided.#inputHash)
    if (this.#rewritten === undefined) {
      this.dispatch_hash = null
      this.patch = null
    } else {
      Object.defineProperty(this, 'dispatch_hash', Decided.#dispatchHash)
      Object.defineProperty(this, 'patch', Decided.#patch)
    }
    this.enforced =
      frame.mode === 'enforce' || frame.asked === undefined || judged.reason === 'audit_unavailable'
    this.mode = frame.mode
    this.obligations = judged.obligations
    this.findings = frame.findings
    this.disposition = frame.disposition
    this.detail = judged.detail === null ? null : withoutSecrets(judged.detail)
    this.retry_after_ms = judged.retry_after_ms
    this.timings = judged.timings
    Object.freeze(this)
  }
}
// What console.log calls it: bundlers rename the class.
Object.defineProperty(Decided, 'name', { value: 'Decision' })

function stepsBetween(
  asked: JsonObject | undefined,
  rewritten: JsonObject | undefined,
): Decision['patch'] {
  if (asked === undefined || rewritten === undefined) return null
  try {
    return patchOf(asked, rewritten)
  } catch {
    return null // what a patch cannot say, such as a change to `__proto__`; both hashes still tell
  }
}

export const NO_FINDINGS: Decision['findings'] = Object.freeze([])

/** True where the call may go out: permitted, or only watched. */
export function isPermitted(decision: Decision): boolean {
  return !decision.enforced || decision.effect === 'allow' || decision.effect === 'compute'
}

/** A denial from outside the gates: by whom, why, and what to do. */
export function denial(gate: GateName, reason: Reason, detail: string, from?: Judged): Judged {
  return {
    ...(from ?? BLANK),
    effect: 'deny',
    reason,
    gate,
    detail,
  }
}
const BLANK: Judged = Object.freeze({
  effect: 'deny',
  reason: 'gate_failed',
  gate: 'identity',
  rule: null,
  constraint: null,
  scopes: [],
  detail: null,
  retry_after_ms: null,
  obligations: [],
  arguments: {},
  assessment: undefined,
  timings: {},
  granted: undefined,
  said: NOTHING_SAID,
})

/** The arguments to dispatch: the rewritten ones only where the decision is applied. */
export function settledArguments(decision: Decision, judged: Judged, call: Call): JsonObject {
  return decision.enforced && decision.effect === 'compute' ? judged.arguments : call.arguments
}
