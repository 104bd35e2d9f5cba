import { evaluatedRules } from '../core/gates/rbac-evaluated.ts'
import { MOST_EVALUATED } from '../core/gates/rbac-named.ts'
import type { Evaluated, GateOutcome } from '../core/model/audit-record.ts'
import type { Call } from '../core/model/call.ts'
import type { GateName } from '../core/model/decision.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import { gateSettings } from './gate-settings.ts'
import type { Judged, Steps } from './gate-step.ts'
import { hasMatch } from './hooks/match-hooks.ts'

/** What a decision came from. */
export interface Evaluation {
  readonly judged: Judged
  /** The gates of the engine in their order, of which `identity` is none. */
  readonly steps: Steps
  readonly call: Call | undefined
  /** Undefined where no policy was chosen: then no gate is known to be disabled. */
  readonly policy: CompiledPolicy | undefined
}

/**
 * Every gate in the order of the line, then every rule that names the resource, with what became of
 * each: at most 32 entries, of which the last says how many were left out.
 */
export function evaluatedOf(evaluation: Evaluation): readonly Evaluated[] {
  const { judged, steps } = evaluation
  const all: Evaluated[] = [gateEntry('identity', outcomeOf('identity', true, evaluation))]
  for (const [gate] of steps)
    all.push(gateEntry(gate, outcomeOf(gate, judged.timings[gate] !== undefined, evaluation)))
  const judging = judged.granted?.judging
  if (judging === undefined) return bounded(all, all.length)
  const rules = evaluatedRules(judging)
  const count = all.length + rules.count
  for (const entry of rules.entries) all.push(entry)
  return bounded(all, count)
}

function bounded(all: Evaluated[], count: number): readonly Evaluated[] {
  if (count > MOST_EVALUATED) {
    all.length = MOST_EVALUATED - 1
    all.push(Object.freeze({ left_out: count - all.length }))
  }
  return Object.freeze(all)
}

function outcomeOf(gate: GateName, hasRun: boolean, evaluation: Evaluation): GateOutcome {
  const { judged } = evaluation
  if (judged.effect === 'deny' && judged.gate === gate)
    return judged.reason === 'gate_failed' ? 'failed' : 'denied'
  const said = judged.said[gate]
  if (said !== undefined) return said
  if (isDisabled(gate, evaluation)) return 'disabled'
  return hasRun ? 'passed' : 'not_reached'
}

/** True where the policy gives a gate nothing to look for in such a call. */
function isDisabled(gate: GateName, { call, policy }: Evaluation): boolean {
  if (call === undefined || policy === undefined) return false
  switch (gate) {
    case 'secrets': {
      const { redaction, secrets } = gateSettings(policy)
      return !secrets.enabled && redaction?.on.has('request') !== true
    }
    case 'blocklist':
      return gateSettings(policy).blocklist === undefined
    case 'rate_limit': {
      const { limits } = gateSettings(policy)
      return limits === undefined || (limits.isDisabled && limits.budgets.length === 0)
    }
    case 'hooks':
      return !hasMatch(policy, 'PreToolUse', call.resource)
    default:
      return false
  }
}

// One object for each gate and outcome: gates are few, and so are engines with gates of their own.
const MOST_GATES = 1_000
const entries = new Map<GateName, Map<GateOutcome, Evaluated>>()

function gateEntry(gate: GateName, outcome: GateOutcome): Evaluated {
  let ofGate = entries.get(gate)
  if (ofGate === undefined) {
    if (entries.size >= MOST_GATES) entries.clear()
    ofGate = new Map()
    entries.set(gate, ofGate)
  }
  const known = ofGate.get(outcome)
  if (known !== undefined) return known
  const entry = Object.freeze({ gate, outcome })
  ofGate.set(outcome, entry)
  return entry
}
