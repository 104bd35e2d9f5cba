import type { MaybePromise } from '../../core/model/json.ts'
import type { LineParts } from '../line-record.ts'
import { note } from '../session-control.ts'

/** What a call has cost in the end, where nobody knew when it was closed. */
export interface SettledCost {
  /** Id of the decision about the call. */
  readonly call: string
  readonly request: string | null
  readonly session: string
  readonly agent: string | null
  readonly tenant: string | null
  readonly model: string
  /** Billionths of a US dollar. */
  readonly cost_nusd: number
}

/** A record of its own, below the call's: the outcome of a call is recorded once. */
export function noteCost(
  parts: Pick<LineParts, 'audit' | 'nextId' | 'mode' | 'now'>,
  settled: SettledCost,
): MaybePromise<void> {
  const { call, request, session, agent, tenant, model, cost_nusd } = settled
  return note(parts, {
    kind: 'route',
    parent_id: call,
    request_id: request,
    session_id: session,
    agent,
    tenant,
    resource: `model:${model}`,
    model,
    cost_nusd,
  })
}
