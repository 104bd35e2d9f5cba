import { ERROR_CODES, isCallgateError } from '../core/model/errors.ts'

/** Name and code of an error: its message may hold what the tool was given. Never throws. */
export function errorName(error: unknown): string {
  try {
    if (isCallgateError(error) && Object.hasOwn(ERROR_CODES, error.code)) return error.code
    if (!(error instanceof Error)) return typeof error
    const { name } = error
    const code = codeOf(error)
    const kind = typeof name === 'string' && NAME.test(name) ? name : 'Error'
    return code === undefined ? kind : `${kind} ${code}`
  } catch {
    return 'unreadable'
  }
}

/** Without its message, for the same reason: where it was thrown stays. */
export function withoutMessage(error: unknown): object | string {
  const name = errorName(error)
  const stack = framesOf(error)
  if (stack === undefined) return name
  const [kind = name, code] = name.split(' ')
  return Object.freeze({ name: kind, ...(code === undefined ? {} : { code }), stack })
}

// What an error calls itself comes from outside: anything but a known form may hold data.
const NAME = /^[A-Z][A-Za-z]{0,56}(?:Error|Exception)$/
// `ERR_*` of Node, errors of the system, SQLSTATE, status of HTTP or JSON-RPC.
const CODE = /^(?:ERR(?:_[A-Z]{1,16}\d{0,2}){1,8}|E(?:AI_)?[A-Z0-9]{2,15}|[0-9A-Z]{5}|-?\d{3,5})$/

function codeOf(error: object): string | undefined {
  const code: unknown = 'code' in error ? error.code : undefined
  if (typeof code !== 'string' && typeof code !== 'number') return undefined
  return CODE.test(String(code)) ? String(code) : undefined
}

/** Only as the engine has written it, under the message: lines of a message may look like frames. */
function framesOf(error: unknown): string | undefined {
  try {
    if (!(error instanceof Error) || typeof error.stack !== 'string') return undefined
    const { message, stack } = error
    const head = stack.indexOf(message)
    // The class stands before the message, by itself.
    if (typeof message !== 'string' || !HEAD.test(stack.slice(0, head))) return undefined
    const frames = stack.slice(head + message.length)
    return message !== '' && frames.includes(message) ? undefined : frames.trimStart()
  } catch {
    return undefined
  }
}

const HEAD = /^[A-Za-z]{1,64}(?: \[[A-Z_]{1,64}\])?: $/
