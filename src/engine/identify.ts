import type { Subject } from '../core/model/call.ts'
import { isPromise, type MaybePromise } from '../core/model/json.ts'
import type { IdentityProvider } from '../core/model/ports.ts'
import { type Asked, sameSubject, somebody, subjectFault, takeSubject } from './receive.ts'
import { within } from './wait.ts'

/** Who asks. `rejected` says why a claim of identity does not hold. */
export type Identified =
  | { readonly subject: Subject | undefined; readonly rejected?: undefined }
  | { readonly subject: undefined; readonly rejected: string }

const ANONYMOUS: Subject = Object.freeze({ agent: 'anonymous', tier: 'anonymous' })

/**
 * Without a provider the host's own code says who asks. With one, its answer counts: nobody it
 * knows is anonymous, a throw or a late answer is a rejected claim, never anonymous.
 */
export function identify(
  asked: Asked,
  provider: IdentityProvider | undefined,
  limitMs: number,
): MaybePromise<Identified> {
  if (provider === undefined) return { subject: asked.subject }
  try {
    const answer = provider.identify(asked.credentials)
    if (!isPromise(answer)) return settle(asked, answer)
    return within(answer, limitMs, (): Subject | undefined => {
      throw new Error('the identity provider did not answer in time')
    })
      .then((subject) => settle(asked, subject))
      .catch(() => REJECTED)
  } catch {
    return REJECTED
  }
}

const REJECTED: Identified = {
  subject: undefined,
  rejected: 'the credentials were refused by the identity provider',
}

function settle(asked: Asked, answer: Subject | undefined): Identified {
  const taken = takeSubject(answer)
  const fault = taken === undefined ? undefined : subjectFault(taken)
  if (fault !== undefined) return reject(`the identity provider gave no usable subject: ${fault}`)
  const proven = taken === undefined ? ANONYMOUS : somebody(taken)
  if (asked.subject !== undefined && (proven === undefined || !sameSubject(asked.subject, proven)))
    return reject('the subject of the request is not the one that was proven')
  return { subject: proven }
}

function reject(rejected: string): Identified {
  return { subject: undefined, rejected }
}
