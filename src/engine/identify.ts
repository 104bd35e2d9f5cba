import type { Subject } from '../core/model/call.ts'
import { isCallgateError } from '../core/model/errors.ts'
import { isPromise, type MaybePromise } from '../core/model/json.ts'
import type { Identification } from './identification.ts'
import { type Asked, sameSubject, somebody, subjectFault, takeSubject } from './receive.ts'
import { within } from './wait.ts'

/** Who asks. `rejected` says why a claim of identity does not hold. */
export type Identified =
  | { readonly subject: Subject | undefined; readonly rejected?: undefined }
  | { readonly subject: undefined; readonly rejected: string }

/**
 * Without a provider the host's own code says who asks. With one, its answer counts: nobody it
 * knows is anonymous, a throw or a late answer is a rejected claim, never anonymous.
 */
export function identify(
  asked: Asked,
  way: Identification,
  limitMs: number,
): MaybePromise<Identified> {
  const { provider } = way
  if (provider === undefined) return vouched(asked, way)
  try {
    const answer = provider.identify(asked.credentials)
    if (!isPromise(answer)) return settle(asked, answer, way)
    return within(answer, limitMs, (): Subject | undefined => {
      throw new Error('the identity provider did not answer in time')
    })
      .then((subject) => settle(asked, subject, way))
      .catch(refused)
  } catch (error) {
    return refused(error)
  }
}

/** What our own providers say holds nothing of the credentials; what others say might. */
function refused(error: unknown): Identified {
  const isOwn = isCallgateError(error) && error.code === 'ERR_NOT_AUTHENTICATED'
  return reject(isOwn ? error.message : 'the credentials were refused by the identity provider')
}

/** The host's own code says who asks. `required` is about callers that it does not name. */
function vouched({ subject }: Asked, { required }: Identification): Identified {
  return { subject: required && subject?.tier === 'anonymous' ? undefined : subject }
}

function settle(asked: Asked, answer: Subject | undefined, way: Identification): Identified {
  if (answer === undefined && way.required && asked.subject === undefined)
    return { subject: undefined }
  const taken = takeSubject(answer)
  const fault = taken === undefined ? undefined : subjectFault(taken)
  if (fault !== undefined) return reject(`the identity provider gave no usable subject: ${fault}`)
  const proven = taken === undefined ? way.anonymous : somebody(taken)
  if (asked.subject !== undefined && (proven === undefined || !sameSubject(asked.subject, proven)))
    return reject('the subject of the request is not the one that was proven')
  return { subject: proven }
}

function reject(rejected: string): Identified {
  return { subject: undefined, rejected }
}
