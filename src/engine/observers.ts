import { isPromise, type JsonValue } from '../core/model/json.ts'
import type { SessionMessage, SessionRecorder } from '../core/model/ports.ts'
import { gateSettings } from './gate-settings.ts'
import type { Heard } from './heard.ts'
import type { Passed } from './line-record.ts'
import type { Diagnostic } from './options.ts'
import type { SessionOwner } from './sessions.ts'
import { within } from './wait.ts'

/** Those who record sessions. They have no say: what fails with them is reported, and no more. */
export interface Observers {
  /** A call that was judged, whatever came of it. */
  asked(passed: Passed): void
  /** What a call gave, as it was looked at. */
  answered(passed: Passed, answer: Answered): void
  /** The same for what came beside a result, such as progress. */
  beside(passed: Passed, answer: Answered): void
  /** What the agent was told without a call. */
  heard(heard: Heard, at: number): void
  ended(session: string, owner: SessionOwner | undefined): void
  close(): Promise<void>
}

export interface Answered {
  readonly outcome: { readonly ok: boolean }
  readonly response: { readonly value: JsonValue }
}

interface ObserverSettings {
  /** Milliseconds that closing may take. */
  readonly limitMs: number
  readonly now: () => number
  readonly report: (diagnostic: Diagnostic) => void
}

/** Undefined where there are none: then nothing is read twice, and nothing is made. */
export function createObservers(
  recorders: readonly SessionRecorder[],
  { limitMs, now, report }: ObserverSettings,
): Observers | undefined {
  if (recorders.length === 0) return undefined
  const each = (run: (recorder: SessionRecorder) => unknown): void => {
    for (const recorder of recorders) {
      const failed = (cause: unknown): void => report(failure(recorder, cause))
      try {
        const answer = run(recorder)
        // It may be async in spite of its type: its rejection must not end the process.
        if (isPromise(answer)) Promise.resolve(answer).catch(failed)
      } catch (cause) {
        failed(cause)
      }
    }
  }
  const tell = (message: SessionMessage): void => each((recorder) => recorder.observe(message))
  return {
    asked(passed) {
      const { asked } = passed
      // What could not be read, or names no session, cannot be told again.
      if (!asked.readable || asked.session === '' || typeof asked.resource !== 'string') return
      tell({
        ...callOf(passed),
        direction: 'request',
        payload: asked.arguments,
        isError: false,
        at: passed.startedAt,
      })
    },
    answered: (passed, answer) => tell({ ...callOf(passed), ...responseOf(answer), at: now() }),
    beside(passed, answer) {
      const isNoCall = { call: undefined, name: undefined, method: BESIDE }
      tell({ ...callOf(passed), ...responseOf(answer), ...isNoCall, at: now() })
    },
    heard({ session, subject, method, server, payload, task }, at) {
      tell({
        ...NO_CALL,
        direction: 'response',
        session,
        subject,
        method,
        server,
        task,
        payload,
        at,
      })
    },
    ended: (session, owner) => each((recorder) => recorder.ended?.(session, owner)),
    async close() {
      await Promise.all(recorders.map((recorder) => closeRecorder(recorder, limitMs, report)))
    },
  }
}

/** How what comes beside a result is called: it answers no call. */
const BESIDE = 'notifications/message'
const NO_CALL = {
  call: undefined,
  name: undefined,
  resource: undefined,
  verb: 'discover',
  scope: undefined,
  isError: false,
} as const

function responseOf({ outcome, response }: Answered) {
  return { direction: 'response', payload: response.value, isError: !outcome.ok } as const
}

function callOf({ asked, call, decision, subject, policy }: Passed) {
  return {
    session: asked.session,
    subject: subject ?? asked.subject,
    call: decision.id,
    name: typeof asked.resource === 'string' ? asked.resource : undefined,
    resource: call?.resource,
    verb: asked.verb,
    server: asked.server,
    scope: asked.scope,
    method: asked.origin?.method,
    task: asked.task,
    fields: policy === undefined ? undefined : gateSettings(policy).redaction?.fields,
  } as const
}

async function closeRecorder(
  recorder: SessionRecorder,
  limitMs: number,
  report: ObserverSettings['report'],
): Promise<void> {
  try {
    const closing = recorder.close?.()
    const late = (): void => report(failure(recorder, new Error('it did not close in time')))
    if (closing !== undefined && isPromise(closing)) await within(closing, limitMs, late)
  } catch (cause) {
    report(failure(recorder, cause))
  }
}

function failure({ name }: SessionRecorder, cause: unknown): Diagnostic {
  return { code: 'recorder_failed', message: `recorder \`${name}\` failed`, cause }
}
