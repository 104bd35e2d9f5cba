import type { Connection } from '../connection.ts'
import { RequestContext } from '../context.ts'
import type { Guard } from '../guard.ts'
import type { IncomingRequest, ProtocolHost, RequestHandler, Transport } from '../host.ts'
import type { OwnedTasks } from './owned-tasks.ts'

/** The guard of one wrapped server. */
export interface ServerGuard extends Guard {
  readonly host: ProtocolHost
  /** True where the server's own answer to an unknown tool is a result, not an error. */
  readonly answersByResult: boolean
  readonly tasks: OwnedTasks
  /** Schemas of the results of tools, as the server has listed them last. */
  readonly outputSchemas: Map<string, unknown>
  /** False: lists are learnt and heard where they come in, not where they are filtered. */
  readonly learnsLists: boolean
  /** Requests that are in the hands of the server's own code, and what they were judged as. */
  readonly judged: WeakMap<object, string>
  /** Set where results may ask something of a client, which is judged as a request of the server is. */
  readonly judgesQuestions?: true
  /** Params of questions that are asked for the guard itself. */
  readonly questions: WeakSet<object>
  connectionOf(transport: Transport | undefined): Connection
}

/** One request on its way to the handler that the server has for it. */
export interface Incoming {
  readonly guard: ServerGuard
  readonly request: IncomingRequest
  readonly extra: unknown
  readonly connection: Connection
  readonly context: RequestContext
  readonly handler: RequestHandler
}

export function incomingOf(
  guard: ServerGuard,
  request: IncomingRequest,
  extra: unknown,
  handler: RequestHandler,
): Incoming {
  const connection = guard.connectionOf(guard.host.transport)
  const context = new RequestContext(guard.server, request, extra, connection)
  return { guard, request, extra, connection, context, handler }
}

/** Params of a request; none are an empty object. */
export function paramsOf({ params }: IncomingRequest): Readonly<Record<string, unknown>> {
  return params ?? NOTHING
}

const NOTHING = Object.freeze({})
