import { evaluate } from '../core/gates/rbac.ts'
import { type RuleTrace, traceRules } from '../core/gates/rbac-trace.ts'
import { findRemedy, type Remedy } from '../core/gates/remedy.ts'
import type { CallRequest } from '../core/model/call.ts'
import type { Decision } from '../core/model/decision.ts'
import { andThen, isPromise, type JsonValue, type MaybePromise } from '../core/model/json.ts'
import { withoutSecretsIn } from '../core/redaction/without-secrets.ts'
import { walkLine } from './line.ts'
import type { LineParts, Passed } from './line-record.ts'

/** What would happen to a call, why, and what would change it. */
export interface Explanation {
  readonly decision: Decision
  /** Every rule of the bound roles that names the resource. */
  readonly considered: readonly RuleTrace[]
  /** Only where RBAC refused the call. */
  readonly remedy?: Remedy
}

/** INVARIANT: like `begin`, it never throws for what a request or a constraint does. */
export function explain(parts: LineParts, request: CallRequest): MaybePromise<Explanation> {
  return andThen(walkLine(parts, request, { wait: false, dryRun: true }), (passed: Passed) => {
    const bare: Explanation = { decision: passed.decision, considered: [] }
    try {
      const full = andThen(reasonsFor(parts, passed), sayable)
      return isPromise(full) ? full.catch(() => bare) : full
    } catch {
      return bare
    }
  })
}

/** Names and paths come from the request; the decision has been cleaned as it was made. */
function sayable({ decision, considered, remedy }: Explanation): Explanation {
  const said = { considered, ...(remedy === undefined ? {} : { remedy }) }
  // Plain JSON by its types, and stays what it is: only texts change.
  return { decision, ...(withoutSecretsIn(said as unknown as JsonValue) as unknown as typeof said) }
}

function reasonsFor(
  parts: LineParts,
  { decision, call, policy }: Passed,
): MaybePromise<Explanation> {
  if (call === undefined || policy === undefined) return { decision, considered: [] }
  return andThen(traceRules(policy, call, parts.ports), (considered) => {
    if (decision.gate !== 'rbac' || decision.effect !== 'deny') return { decision, considered }
    return andThen(evaluate(policy, call, parts.ports), (verdict) =>
      andThen(findRemedy(policy, call, verdict, considered, parts.ports), (remedy) => ({
        decision,
        considered,
        remedy,
      })),
    )
  })
}
