import { isObject } from '../../mcp/host.ts'

/** JSON-RPC code of what a server that is not there would have answered. */
export const UNAVAILABLE = -32003
const INTERNAL_ERROR = -32603
const CONNECTION_CLOSED = -32000
const REQUEST_TIMEOUT = -32001

/** What went wrong with a server, as a caller may know it. */
export interface UpstreamFault {
  readonly code: number
  readonly message: string
  readonly data?: unknown
  /** True where the connection is of no more use. */
  readonly isLost: boolean
  /** For health and diagnostics: a code, never a message. */
  readonly label: string
}

/** Messages of SDKs begin with the code, once for each hop. */
export function withoutPrefix(message: string, code: number): string {
  const prefix = `MCP error ${code}: `
  let rest = message
  while (rest.startsWith(prefix)) rest = rest.slice(prefix.length)
  return rest
}

/**
 * INVARIANT: what a server itself has answered is handed on; what this process says of it is not,
 * since it may hold addresses, paths, command lines and stacks.
 */
export function faultOf(ns: string, error: unknown): UpstreamFault {
  const { name, code, data, message } = isObject(error) ? error : NOTHING
  if (name !== 'McpError' || typeof code !== 'number') {
    const isInvalid = typeof name === 'string' && name.includes('Zod')
    return {
      code: isInvalid ? INTERNAL_ERROR : UNAVAILABLE,
      message: isInvalid
        ? `the server \`${ns}\` gave an answer that is none`
        : `the connection to the server \`${ns}\` failed: try again later`,
      isLost: !isInvalid,
      label: isInvalid ? 'invalid_answer' : labelOf(error),
    }
  }
  const said = withoutPrefix(String(message), code)
  if (code === CONNECTION_CLOSED && said === 'Connection closed')
    return {
      code: UNAVAILABLE,
      message: `the server \`${ns}\` was lost while it worked on this: whether it was done is not known`,
      isLost: true,
      label: 'closed',
    }
  if (code === REQUEST_TIMEOUT && isObject(data) && typeof data['timeout'] === 'number')
    return {
      code: UNAVAILABLE,
      message: `the server \`${ns}\` did not answer in time: whether it was done is not known`,
      isLost: false,
      label: 'timeout',
    }
  return {
    code,
    message: said,
    isLost: false,
    label: 'error',
    ...(data === undefined ? {} : { data }),
  }
}

const NOTHING: Readonly<Record<string, unknown>> = Object.freeze({})

/** Codes of Node.js and of HTTP, of an error or of what caused it. */
export function labelOf(error: unknown): string {
  const { code, cause, name } = isObject(error) ? error : NOTHING
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code)) return code
  if (isObject(cause) && typeof cause['code'] === 'string') return labelOf(cause)
  if (typeof code === 'number' && code >= 100 && code < 600) return `http_${code}`
  if (code === REQUEST_TIMEOUT || name === 'TimeoutError') return 'timeout'
  if (code === CONNECTION_CLOSED) return 'closed'
  return 'failed'
}
