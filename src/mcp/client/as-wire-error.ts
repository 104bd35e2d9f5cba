import { INTERNAL_ERROR } from '../answers/denial.ts'
import { isObject, type WireError } from '../host.ts'

/** An error as JSON-RPC has it: the same object where it came so. */
export function asWireError(error: unknown): WireError {
  if (!isObject(error)) return { code: INTERNAL_ERROR, message: 'Internal error' }
  if (!(error instanceof Error) && isCode(error['code']) && typeof error['message'] === 'string')
    return error as unknown as WireError // its two fields were looked at
  const { code, message, data } = error
  return {
    code: isCode(code) ? code : INTERNAL_ERROR,
    message: typeof message === 'string' ? message : 'Internal error',
    ...(data === undefined ? {} : { data }),
  }
}

function isCode(code: unknown): code is number {
  return Number.isSafeInteger(code)
}
