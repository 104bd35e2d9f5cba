import { createConnection } from '../connection.ts'
import { RequestContext } from '../context.ts'
import type { Guard } from '../guard.ts'
import { isObject, type Params, type RequestId } from '../host.ts'

/** One request as an entry sees it, before there is a server for it. */
export interface EntryRequest {
  readonly id?: RequestId
  readonly method: string
  readonly params?: Params | undefined
}

/** Where it came from by HTTP: the web `Request`, and what was verified of its token. */
export interface HttpSource {
  readonly request: unknown
  readonly authInfo: unknown
}

const CLIENT_INFO = 'io.modelcontextprotocol/clientInfo'

/** The same context that the server's handlers would be given. */
export function entryContext(
  guard: Guard,
  request: EntryRequest,
  source: HttpSource | undefined,
  connection?: string,
): RequestContext {
  const { id, method, params } = request
  const meta = isObject(params?.['_meta']) ? params['_meta'] : {}
  const info = meta[CLIENT_INFO]
  const sent = isObject(source?.request) ? source.request['signal'] : undefined
  const raw = {
    mcpReq: { id, method, _meta: meta, envelope: { clientInfo: info }, signal: sent },
    ...(source === undefined ? {} : { http: { req: source.request, authInfo: source.authInfo } }),
  }
  const client = { getClientVersion: () => (isObject(info) ? info : undefined) }
  const line = createConnection(client, undefined, connection)
  return new RequestContext(guard.server, request, raw, line)
}
