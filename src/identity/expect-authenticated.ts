import type { Subject } from '../core/model/call.ts'
import { refuse } from './not-authenticated.ts'

/** What `expectAuthenticated` looks at: a call, or anything else that has a subject. */
export interface WithSubject {
  readonly subject?: Subject | undefined
}

/**
 * True where somebody has proven to be the subject, or the host's own code vouches for it. There is
 * nothing between that and anonymous.
 */
export function isAuthenticated(subject: Subject | undefined): subject is Subject {
  if (subject === undefined || !subject.agent) return false
  if (subject.proof !== undefined) return true
  // The engine's own name for callers without credentials, whatever tier a policy gives them.
  return subject.agent !== 'anonymous' && subject.tier !== 'anonymous'
}

/**
 * The same call, whose subject is known to be there: for gates and handlers that serve nobody
 * anonymous.
 * @throws {NotAuthenticatedError} ERR_NOT_AUTHENTICATED
 */
export function expectAuthenticated<T extends WithSubject>(
  call: T,
): T & { readonly subject: Subject } {
  if (!isAuthenticated(call.subject))
    refuse('this needs a caller that is authenticated: show a token, or be named by the host')
  return call as T & { readonly subject: Subject } // its subject is there
}
