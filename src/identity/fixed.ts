import type { Subject } from '../core/model/call.ts'
import type { IdentityProvider } from '../core/model/ports.ts'
import { refuseOption } from '../core/option-checks.ts'
import { makeSubject } from './subject.ts'

/**
 * Everybody is this subject, whatever they show: for one agent in one process, and for tests.
 * @throws {CallgateError} ERR_OPTIONS_INVALID where the subject is not well formed
 */
export function fixedIdentity(subject: Subject): IdentityProvider {
  if (typeof subject !== 'object' || subject === null)
    refuseOption('fixedIdentity: the subject is an object with an `agent`')
  const known = makeSubject(
    { ...subject, proof: { method: 'fixed', ...subject.proof } },
    (message) => refuseOption(`fixedIdentity: subject.${message}`),
  )
  return { identify: () => known }
}
