import { traitsOf } from '../core/behavior/traits.ts'
import type { Assessment } from '../core/behavior/watch.ts'
import type { Call, CallRequest, ResourceEntry, Subject } from '../core/model/call.ts'
import type { Finding } from '../core/model/finding.ts'
import { andThen, type JsonValue, type MaybePromise } from '../core/model/json.ts'
import { NO_FINDINGS } from './decide.ts'
import { identify } from './identify.ts'
import type { LineParts } from './line-record.ts'
import { receive } from './receive.ts'
import { note } from './session-control.ts'
import { raiseSession } from './session-risk.ts'
import { viewOf } from './sessions.ts'

/** What an agent is told without having called anything, such as the descriptions of a server's tools. */
export interface Heard {
  readonly session: string
  readonly subject: Subject
  /** The method it came by, such as `tools/list`. */
  readonly method: string
  readonly server: string | undefined
  readonly payload: JsonValue
  /** The user's own words, where they are known already. */
  readonly task?: string | undefined
}

/** Takes it into the session's history, as outside text like any response. */
export function hear(parts: LineParts, heard: Heard): void {
  const { session: id, subject, method, server, payload, task } = heard
  const at = parts.now()
  parts.observers?.heard(heard, at)
  const session = parts.sessions.hear(id, subject, at)
  if (session === undefined) return
  const watch = parts.behavior.watchOf(session)
  if (task !== undefined) watch.task(task)
  const settings = parts.behavior.settingsOf(parts.policyFor(subject))
  const context = { settings, session: viewOf(session) }
  const request = askedBy(callOf(session.id, subject, method, server, at), session.events)
  const response = { number: session.events, payload, isError: false, at }
  const answer = watch.inspect(request, response, context)
  watch.admit(answer)
  session.risk = watch.ledger.risk
  raiseSession(parts, session, answer.outcome)
  watch.received(answer, context)
  parts.sessions.grown(session)
}

/** What an agent was shown, and what its adapter has found in it. */
export interface Shown {
  /** The method it came by, such as `tools/list`. */
  readonly method: string
  readonly payload: JsonValue
  readonly findings?: readonly Finding[]
}

/** The same by an adapter, which has credentials where the engine has subjects. Never throws. */
export function show(
  parts: LineParts,
  request: Omit<CallRequest, 'arguments' | 'resource'>,
  { method, payload, findings = NO_FINDINGS }: Shown,
): MaybePromise<void> {
  const asked = receive({ ...request, resource: '*', arguments: {} }, parts.context(), parts.limits)
  return andThen(identify(asked, parts.identity(), parts.gateTimeoutMs), ({ subject }) => {
    if (asked.fault !== undefined || subject === undefined) return undefined
    const { session, server, task } = asked
    try {
      hear(parts, { session, subject, method, server, payload, task })
    } catch (cause) {
      parts.report({ code: 'response_uninspected', message: 'looking at a list failed', cause })
    }
    if (findings.length === 0) return undefined
    return note(parts, {
      kind: 'finding',
      session_id: session,
      server: server ?? null,
      agent: subject.agent,
      findings,
    })
  })
}

function callOf(
  session: string,
  subject: Subject,
  method: string,
  server: string | undefined,
  at: number,
): Call {
  return {
    id: '',
    trace: '',
    session,
    sequence: 0,
    subject,
    verb: 'discover',
    resource: entryOf(method, server),
    scope: undefined,
    arguments: {},
    at,
    task: undefined,
    ids: {},
    parent: undefined,
  }
}

function entryOf(method: string, server: string | undefined): ResourceEntry {
  return {
    name: server === undefined ? method : `${server}.${method}`,
    kind: 'tool',
    server,
    listed: true,
    scope: undefined,
    tags: ['data_source'],
    payload_class: undefined,
    sql_dialect: undefined,
    tier: undefined,
  }
}

function askedBy(call: Call, number: number): Assessment {
  const traits = traitsOf(call.resource)
  return {
    event: { direction: 'request', number, call, at: call.at, traits, arguments: [] },
    findings: [],
    flows: [],
    sources: [],
    explanation: undefined,
    evidence: {
      flows: [],
      matches: [],
      explanation: undefined,
      proposal: undefined,
      suspiciousEvent: 0,
      destinations: [],
    },
    outcome: 'allow',
    decisive: NO_FINDINGS,
  }
}
