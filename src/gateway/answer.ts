import { INVALID_PARAMS, METHOD_NOT_FOUND, ProtocolDenial } from '../mcp/answers/denial.ts'
import { type IncomingRequest, isObject, type Params, type RequestId } from '../mcp/host.ts'
import type { Callers, Found } from './caller.ts'
import { isTooDeep } from './depth.ts'
import { METHODS } from './methods.ts'
import { BUSY, type Session } from './session-state.ts'

const INVALID_REQUEST = -32600
/** Of one session, at the same time. */
const MAX_RUNNING = 1_000

/** What the SDK says of a request. */
export interface RequestExtra {
  readonly signal: AbortSignal
  readonly requestId: RequestId
  readonly authInfo?: unknown
  readonly requestInfo?: unknown
  sendNotification(notification: {
    method: 'notifications/progress'
    params: { progressToken: string | number; progress: number }
  }): Promise<void>
}

export interface Answering {
  readonly session: Session
  readonly callers: Callers
  /** Who was found out before the SDK was handed the message, by HTTP. */
  found(): Found | undefined
  /** Undefined: nothing is taken on any more. Returns what is to be called when it is done. */
  begin(): (() => void) | undefined
  readonly running: Set<RequestId>
}

/**
 * Answers one request of an agent. INVARIANT: nothing reaches a server that is not a well-formed request
 * of a known method, with an id that no running request has.
 * @throws {ProtocolDenial}
 */
export async function answer(
  answering: Answering,
  request: IncomingRequest,
  extra: RequestExtra,
): Promise<Record<string, unknown>> {
  const { session, running } = answering
  const method = METHODS.get(request.method)
  if (method === undefined) throw new ProtocolDenial(METHOD_NOT_FOUND, 'Method not found')
  if (!session.sdk.types[method.schema].safeParse(request).success)
    throw new ProtocolDenial(INVALID_PARAMS, `Invalid params of ${request.method}`)
  if (isTooDeep(request.params))
    throw new ProtocolDenial(INVALID_PARAMS, 'the params are nested too deeply')
  const { requestId } = extra
  if (running.has(requestId))
    throw new ProtocolDenial(INVALID_REQUEST, `request ${String(requestId)} is under way already`)
  if (running.size >= MAX_RUNNING)
    throw new ProtocolDenial(BUSY, `${MAX_RUNNING} requests are under way: wait for answers`)
  const done = answering.begin()
  if (done === undefined) throw new ProtocolDenial(BUSY, 'the gateway is shutting down')
  running.add(requestId)
  try {
    const asked = answering.found() ?? (await answering.callers.find(session.id, request, extra))
    session.owner = asked.caller
    const params = isObject(request.params) ? request.params : {}
    return await method.answer({
      session,
      caller: asked.caller,
      params,
      id: requestId,
      signal: extra.signal,
      ...progressOf(session, params, extra),
    })
  } finally {
    running.delete(requestId)
    done()
  }
}

function progressOf(
  session: Session,
  params: Params,
  extra: RequestExtra,
): { wantsProgress: boolean; progress(progress: object): void } {
  const meta = isObject(params['_meta']) ? params['_meta'] : {}
  const progressToken = meta['progressToken']
  if (typeof progressToken !== 'string' && typeof progressToken !== 'number')
    return { wantsProgress: false, progress: () => undefined }
  return {
    wantsProgress: true,
    progress(progress) {
      const said = { ...(progress as { progress: number }), progressToken } // checked by the SDK
      session.tell(() => extra.sendNotification({ method: 'notifications/progress', params: said }))
    },
  }
}
