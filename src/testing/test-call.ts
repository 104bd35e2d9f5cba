import type { CallRequest, Subject } from '../core/model/call.ts'
import { CallgateError } from '../core/model/errors.ts'
import { didYouMean } from '../core/suggest.ts'

/** Who calls, where `agent` may be said beside it. */
export type TestSubject = Omit<Subject, 'agent'> & { readonly agent?: string }

/** A call in a test: a `CallRequest` with defaults, which may say `agent` for `subject.agent`. */
export interface TestCall
  extends Omit<CallRequest, 'session' | 'arguments' | 'subject'>,
    Partial<Pick<CallRequest, 'session' | 'arguments'>> {
  /** Short for `subject: { agent }`; with `subject` beside it, its agent. */
  readonly agent?: string
  readonly subject?: TestSubject
}

/** The session of calls that name none. */
export const TEST_SESSION = 'test'

/**
 * The request that a test's call stands for. Without `agent` and `subject` nobody asks.
 * @throws {CallgateError} ERR_OPTIONS_INVALID where a key is unknown, for a misspelt one would make a
 * denial pass that proves nothing; and where `agent` and `subject.agent` name two agents
 */
export function requestOf(call: TestCall): CallRequest {
  checkKeys(call)
  const { agent, subject, ...rest } = call
  const request = { session: TEST_SESSION, arguments: {}, ...rest }
  if (agent === undefined && subject === undefined) return request
  if (agent !== undefined && subject?.agent !== undefined && agent !== subject.agent)
    throw new CallgateError(
      'ERR_OPTIONS_INVALID',
      `the call names two agents: \`${agent}\` and \`${subject.agent}\` in its subject`,
    )
  // An empty agent is nobody: the engine says so, as it would of a host's subject.
  return { ...request, subject: { ...subject, agent: agent ?? subject?.agent ?? '' } }
}

const CALL_KEYS = [
  'agent',
  'session',
  'resource',
  'arguments',
  'verb',
  'server',
  'scope',
  'subject',
  'credentials',
  'task',
  'ids',
  'trace',
  'parent',
  'signal',
] as const satisfies readonly (keyof TestCall)[]
const SUBJECT_KEYS = [
  'agent',
  'user',
  'team',
  'groups',
  'department',
  'tenant',
  'tier',
  'roles',
  'scopes',
] as const satisfies readonly (keyof Subject)[]

function checkKeys(call: TestCall): void {
  refuseUnknown(call, CALL_KEYS, 'call')
  if (typeof call?.subject === 'object' && call.subject !== null)
    refuseUnknown(call.subject, SUBJECT_KEYS, 'subject')
}

function refuseUnknown(value: object, known: readonly string[], what: string): void {
  if (typeof value !== 'object' || value === null)
    throw new CallgateError('ERR_OPTIONS_INVALID', `the ${what} is not an object`)
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue
    const hint = didYouMean(key, known)
    const words = `a ${what} has no \`${key}\``
    throw new CallgateError('ERR_OPTIONS_INVALID', hint === null ? words : `${words}: ${hint}`)
  }
}
