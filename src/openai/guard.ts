import type { CallRequest, Credentials, Subject } from '../core/model/call.ts'
import { isPromise, type MaybePromise } from '../core/model/json.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import type { OpenAIContext } from './context.ts'
import type { OpenAISettings } from './options.ts'

/** What is said of every call of one request: all but what is called, and with what. */
export type Head = Omit<CallRequest, 'resource' | 'arguments'>

/** A policy engine in front of one client. */
export interface Guard {
  readonly engine: PolicyEngine
  readonly settings: OpenAISettings
  /** Where the API begins, as it stands now; undefined: it is read off each URL. */
  readonly baseURL: () => string | undefined
  headOf(context: OpenAIContext): Head
}

const NOBODY: Subject = Object.freeze({ agent: '' })
const ANONYMOUS: Subject = Object.freeze({ agent: 'anonymous', tier: 'anonymous' })

export function createGuard(
  engine: PolicyEngine,
  settings: OpenAISettings,
  baseURL: () => string | undefined,
): Guard {
  const connection = `openai-${globalThis.crypto.randomUUID()}`
  let isWarned = false
  const warnOnce = (): void => {
    if (isWarned) return
    isWarned = true
    process.emitWarning(
      'requests to models are made by `anonymous`: give `subject`, or call within `engine.run`',
      { type: 'CallgateWarning' },
    )
  }
  return {
    engine,
    settings,
    baseURL,
    headOf(context) {
      const around = engine.context()
      const { session } = settings
      const credentials = saidCredentials(settings.credentials, context)
      const named = saidSubject(settings.subject, context) ?? around.subject
      if (named === undefined && !around.identifies) warnOnce()
      return {
        session: session === undefined ? (around.session ?? connection) : said(session, context),
        ...present('subject', named ?? (around.identifies ? undefined : ANONYMOUS)),
        ...present('credentials', credentials),
        ...present('approval', context.headers[APPROVAL]),
        ...present('signal', context.signal),
        origin: { source: 'openai', method: `${context.method} ${context.path}` },
      }
    },
  }
}

function present<N extends keyof Head>(name: N, value: Head[N] | undefined): Pick<Head, never> {
  return value === undefined ? {} : { [name]: value }
}

/** INVARIANT: where saying who calls fails, nobody calls. */
function saidSubject(
  subject: OpenAISettings['subject'],
  context: OpenAIContext,
): Subject | undefined {
  if (typeof subject !== 'function') return subject
  try {
    const who: MaybePromise<Subject> | undefined = subject(context)
    return who === undefined || isPromise(who) ? NOBODY : who
  } catch {
    return NOBODY
  }
}

/** INVARIANT: where saying which session it is fails, it is none, and the call is denied. */
function said(session: NonNullable<OpenAISettings['session']>, context: OpenAIContext): string {
  if (typeof session === 'string') return session
  try {
    return session(context)
  } catch {
    return ''
  }
}

function saidCredentials(
  read: OpenAISettings['credentials'],
  context: OpenAIContext,
): Credentials | undefined {
  try {
    return read?.(context)
  } catch {
    return undefined
  }
}

/** Under this header a caller presents the approval that was given for a request. It goes no further. */
export const APPROVAL = 'x-callgate-approval'
