import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { Subject } from '../../core/model/call.ts'
import type { Mode } from '../../core/model/decision.ts'
import { CallDeniedError, CallgateError } from '../../core/model/errors.ts'
import type { Disposition } from '../../core/model/finding.ts'
import { andThen, type JsonObject, type MaybePromise } from '../../core/model/json.ts'
import type { CompiledPolicy } from '../../core/policy/compile.ts'
import { snapshot } from '../../core/snapshot.ts'
import { denial, makeDecision, NO_FINDINGS } from '../decide.ts'
import type { RunContext } from '../receive.ts'
import { EVENT_TRAITS, type HookEvent, isHookEvent } from './events.ts'
import type { HookParts } from './hook-parts.ts'
import { type HookSubject, matchersForEvent } from './match-hooks.ts'
import { type HookObjection, runEvent } from './run-event.ts'
import type { HookPayload } from './runners.ts'

/** What `engine.hook` needs besides what runs hooks. */
export interface HookCallParts {
  readonly hooks: HookParts
  readonly mode: Mode
  readonly policyFor: (subject: Subject) => CompiledPolicy
  readonly context: () => RunContext | undefined
  readonly nextId: () => string
  readonly dispositionOf: (session: string) => Disposition
  /** Keeps a record of what was denied. */
  readonly note: (fields: Partial<AuditRecord>) => MaybePromise<void>
}

const PAYLOAD_LIMITS = { maxDepth: 64, maxNodes: 50_000, maxSize: 1024 * 1024 }

/**
 * Runs the hooks of an event that the host tells of. A denial throws where the event can be denied,
 * as one of a call does; observing, it is only recorded.
 * @throws {CallgateError} ERR_OPTIONS_INVALID for an unknown event or a payload that is not plain,
 *   bounded JSON
 * @throws {CallDeniedError}
 */
export function callHook(parts: HookCallParts, event: unknown, given: unknown): MaybePromise<void> {
  if (!isHookEvent(event)) {
    const known = Object.keys(EVENT_TRAITS).join(', ')
    throw invalid(`unknown event \`${String(event).slice(0, 64)}\`; known: ${known}`)
  }
  const payload = readPayload(event, given, parts.context())
  const subject = subjectOf(payload, parts.context())
  const policy = policyOf(parts, event, subject)
  if (policy === undefined) return undefined
  const hooks = matchersForEvent(policy, event, targetOf(event, payload, policy))
  if (hooks.length === 0) return undefined
  parts.hooks.admit(policy)
  const shown = Object.freeze({
    ...parts.hooks.redact(payload, policy),
    hook_event_name: event,
  })
  return andThen(runEvent(parts.hooks, { hooks, payload: shown }), (objection) =>
    objection === undefined
      ? undefined
      : refuse(parts, { event, policy, objection, shown, subject }),
  )
}

function readPayload(
  event: HookEvent,
  given: unknown,
  context: RunContext | undefined,
): HookPayload {
  const taken = snapshot(given ?? {}, PAYLOAD_LIMITS)
  if (!taken.ok) {
    const what = taken.detail.replace('the arguments are', 'it is').replace('the arguments', 'it')
    throw invalid(`the payload of \`${event}\` cannot be taken: ${what}`)
  }
  const payload = taken.value
  for (const field of ['name', 'session_id', 'tool_name', 'server'])
    if (payload[field] !== undefined && typeof payload[field] !== 'string')
      throw invalid(`\`${field}\` of a payload is a text`)
  if (payload['session_id'] !== undefined || context?.session === undefined) return payload
  return { ...payload, session_id: context.session }
}

/** Whose policy holds: the run context's subject, else the one the host names. */
function subjectOf(payload: HookPayload, context: RunContext | undefined): Subject {
  if (context?.subject !== undefined) return context.subject
  const { agent, user, tenant } = payload
  if (typeof agent !== 'string') return { agent: 'anonymous', tier: 'anonymous' }
  return {
    agent,
    ...(typeof user === 'string' ? { user } : {}),
    ...(typeof tenant === 'string' ? { tenant } : {}),
  }
}

/** Where none can be chosen nobody knows what its hooks would say: what can be denied then is. */
function policyOf(
  parts: HookCallParts,
  event: HookEvent,
  subject: Subject,
): CompiledPolicy | undefined {
  try {
    return parts.policyFor(subject)
  } catch (cause) {
    const message = `no policy could be chosen for the hooks of \`${event}\``
    parts.hooks.report({ code: 'hook_failed', message, cause })
    if (!EVENT_TRAITS[event].failsClosed || parts.mode === 'observe') return undefined
    const detail = 'no policy could be chosen for this subject'
    throw errorOf(parts, 'unavailable', { kind: 'deny', reason: 'gate_failed', detail }, {})
  }
}

function targetOf(
  event: HookEvent,
  payload: HookPayload,
  policy: CompiledPolicy,
): HookSubject | undefined {
  const { name, tool_name: tool, server } = payload
  if (!EVENT_TRAITS[event].ofTool)
    return typeof name === 'string' ? { name, server: undefined } : undefined
  const entry = policy.index.resolve(tool, typeof server === 'string' ? server : undefined)
  if ('fault' in entry) throw invalid(`\`tool_name\` of a payload: ${entry.fault}`)
  return entry
}

interface Refused {
  readonly event: HookEvent
  readonly policy: CompiledPolicy
  readonly objection: HookObjection
  readonly shown: HookPayload
  readonly subject: Subject
}

/** Nobody can be asked here: what a hook wants a person to look at is denied. */
function refuse(parts: HookCallParts, refused: Refused): MaybePromise<void> {
  const { objection, shown, policy, subject } = refused
  const { session_id: session, tool_name: tool } = shown
  const isEnforced = parts.mode === 'enforce'
  const kept = parts.note({
    session_id: typeof session === 'string' ? session : null,
    resource: typeof tool === 'string' ? tool : null,
    agent: subject.agent,
    user_id: subject.user ?? null,
    tenant: subject.tenant ?? null,
    actor_kind: 'agent',
    effect: 'deny',
    reason: objection.reason,
    gate: 'hooks',
    enforced: isEnforced,
    policy_digest: policy.digest,
  })
  return andThen(kept, () => {
    if (isEnforced) throw errorOf(parts, policy.digest, objection, shown)
  })
}

function errorOf(
  parts: HookCallParts,
  policyDigest: string,
  { reason, detail }: HookObjection,
  shown: JsonObject,
): CallDeniedError {
  const { session_id: session } = shown
  return new CallDeniedError(
    makeDecision(denial('hooks', reason, detail), {
      id: parts.nextId(),
      mode: parts.mode,
      policyDigest,
      disposition: typeof session === 'string' ? parts.dispositionOf(session) : 'allow',
      findings: NO_FINDINGS,
      asked: shown,
    }),
  )
}

function invalid(message: string): CallgateError {
  return new CallgateError('ERR_OPTIONS_INVALID', message)
}
