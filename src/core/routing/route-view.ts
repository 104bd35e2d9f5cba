import type { Subject } from '../model/call.ts'
import type { Classification, ModelRequest } from './model-request.ts'

/** Everything a route may look at. Plain data: the same view gives the same route. */
export interface RouteView {
  readonly request: ModelRequest
  readonly classification: Classification
  readonly subject: Subject
  /** The scope the call is made in. */
  readonly scope: string | undefined
  readonly session: RouteSession
  /** What is left of the tightest budget; undefined where none counts. */
  readonly budget: RouteBudget | undefined
  /** Epoch milliseconds. */
  readonly at: number
}

export interface RouteSession {
  readonly id: string
  /** From 0 to 100. */
  readonly risk: number
  /** It has read restricted data, or can no longer prove that it has not. */
  readonly tainted: boolean
  /** Scopes of the data it has read. */
  readonly scopes: ReadonlySet<string>
}

export interface RouteBudget {
  readonly remaining_usd: number
  /** From 0 to 1. */
  readonly remaining_share: number
}
