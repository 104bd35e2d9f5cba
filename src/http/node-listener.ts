import type { IncomingMessage, ServerResponse } from 'node:http'
import { type HttpHandler, plainResponse, RefusedRequest } from './handler.ts'
import { sendResponse } from './send-response.ts'
import { webRequest } from './web-request.ts'

export interface NodeListenerOptions {
  /** Bytes of a request's body; one that is larger is answered 413. @default 4194304 */
  readonly maxBodyBytes?: number
  /** Milliseconds that a reader may take nothing of a response. @default 30000 */
  readonly stallTimeoutMs?: number
}

export type NodeListener = (incoming: IncomingMessage, outgoing: ServerResponse) => void

export const MAX_BODY_BYTES = 4 * 1024 * 1024
export const STALL_TIMEOUT_MS = 30_000

/**
 * A handler of the web platform's `Request` and `Response` as a listener of `node:http`. Streams go
 * through in both directions. A client that goes away aborts `request.signal`. A handler that throws
 * is answered 500 without details; once something was written, the connection is cut. For servers of
 * the host's own: hosts and origins are not looked at here, as `serve` does.
 */
export function toNodeListener(
  handler: HttpHandler,
  options: NodeListenerOptions = {},
): NodeListener {
  const { maxBodyBytes = MAX_BODY_BYTES, stallTimeoutMs = STALL_TIMEOUT_MS } = options
  return (incoming, outgoing) => {
    void answer(handler, { incoming, outgoing, maxBodyBytes, stallTimeoutMs })
  }
}

interface Exchange {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly maxBodyBytes: number
  readonly stallTimeoutMs: number
}

/** Never rejects. */
async function answer(handler: HttpHandler, exchange: Exchange): Promise<void> {
  const { incoming, outgoing, maxBodyBytes, stallTimeoutMs } = exchange
  const gone = new AbortController()
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort(new Error('the client has gone'))
  })
  // A connection that breaks is told by `close`.
  incoming.on('error', () => undefined)
  outgoing.on('error', () => undefined)
  let response: Response
  try {
    const received = webRequest(incoming, maxBodyBytes, gone.signal)
    response = await handled(handler, received.request, incoming)
    if (received.isTooLarge())
      response = plainResponse(413, `the body is larger than ${maxBodyBytes} bytes`)
  } catch (error) {
    response = refusal(error)
  }
  if (outgoing.destroyed) return void response.body?.cancel().catch(() => undefined)
  // What is still to come is thrown away, so that another request may follow.
  outgoing.once('finish', () => incoming.resume())
  try {
    await sendResponse(response, outgoing, stallTimeoutMs)
  } catch (error) {
    await sendResponse(refusal(error), outgoing, stallTimeoutMs).catch(() => outgoing.destroy())
  }
}

async function handled(
  handler: HttpHandler,
  request: Request,
  incoming: IncomingMessage,
): Promise<Response> {
  const response: unknown = await handler(request, {
    peer: peerOf(incoming),
    path: incoming.url ?? '',
  })
  if (response instanceof Response) return response
  throw new TypeError('the handler gave no response')
}

function refusal(error: unknown): Response {
  return error instanceof RefusedRequest
    ? plainResponse(error.status, error.message)
    : plainResponse(500, 'internal error')
}

/** An IPv4 address is written as such, however the socket was opened. */
function peerOf({ socket }: IncomingMessage): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '')
}
