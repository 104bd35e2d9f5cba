import { CallgateError } from '../../core/model/errors.ts'

/** A trail that cannot be read. The message begins with file and line. */
export function trailError(message: string, cause?: unknown): CallgateError {
  return new CallgateError('ERR_AUDIT_INVALID', message, cause === undefined ? {} : { cause })
}
