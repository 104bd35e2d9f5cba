import { CallgateError } from '../core/model/errors.ts'

/**
 * Nobody has proven who calls: credentials are missing or do not hold. The message says what is
 * wrong with them and repeats nothing of them.
 */
export class NotAuthenticatedError extends CallgateError {
  constructor(message: string) {
    super('ERR_NOT_AUTHENTICATED', message)
    this.name = 'NotAuthenticatedError'
  }
}

/** Refuses credentials that are there and prove nobody. */
export function refuse(message: string): never {
  throw new NotAuthenticatedError(message)
}
