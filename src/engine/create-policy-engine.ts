import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'

import { warmUp } from '../core/behavior/entry.ts'
import { createSqlParsers } from '../core/constraints/sql/parsers.ts'
import type { AuditRecord } from '../core/model/audit-record.ts'
import type { CallRequest } from '../core/model/call.ts'
import { CallgateError } from '../core/model/errors.ts'
import { andThen, type MaybePromise } from '../core/model/json.ts'
import type { SessionView } from '../core/model/ports.ts'
import { createAuditLog } from './audit-log.ts'
import { createBehavior } from './behavior.ts'
import { createCarry } from './carry.ts'
import { createReporter } from './diagnostics.ts'
import { discover } from './discover.ts'
import { type Explanation, explain } from './explain.ts'
import { type Heard, hear } from './heard.ts'
import { walkLine } from './line.ts'
import type { LineParts, Passed } from './line-record.ts'
import { loadNeededParsers } from './needed-parsers.ts'
import { checkOptions, DEFAULT_LIMITS, type EngineOptions } from './options.ts'
import { holdPolicy, type PolicyHolder } from './policy-holder.ts'
import { realPath } from './real-path.ts'
import type { RunContext } from './receive.ts'
import { eventRecord } from './record.ts'
import { stepsOf } from './run-gates.ts'
import { activityOf, type SessionActivity } from './session-activity.ts'
import { createSessions } from './sessions.ts'
import { createStats, type EngineStats } from './stats.ts'
import {
  type Dispatch,
  dispatchTicket,
  type HeldTicket,
  makeTicket,
  type Ticket,
} from './ticket.ts'

/** Decides about calls. Made by `createPolicyEngine`. */
export interface PolicyEngine {
  /**
   * The whole line: judges the call, records it, dispatches it, closes its record.
   * @throws {CallDeniedError} when the decision forbids the call; whatever `dispatch` throws
   */
  guard<T>(request: CallRequest, dispatch: Dispatch<T>): Promise<T>
  /**
   * Judges and records the call; the holder dispatches it and calls `finish`. For adapters.
   * Synchronous when every gate and sink is. Never throws for a denial.
   */
  begin(
    request: CallRequest,
    options?: { /** Wait for a person. @default false */ readonly wait?: boolean },
  ): MaybePromise<Ticket>
  /** What would happen, why, and the smallest change that would allow it. Nothing moves, nothing is recorded. */
  explain(request: CallRequest): MaybePromise<Explanation>
  /** Keeps the items the subject may discover, in their order. */
  discover<T>(
    request: Omit<CallRequest, 'arguments' | 'resource'>,
    items: readonly T[],
    nameOf?: (item: T) => string,
  ): MaybePromise<readonly T[]>
  /** Sets session, subject, task and trace for every call below `run`. */
  run<T>(context: RunContext, run: () => T): T
  /** Swaps the policy at once. Calls in flight finish on the policy they began with. */
  reload(policy: EngineOptions['policy']): void
  /**
   * Loads the SQL parsers the policy needs; before that, a call that needs one waits for it. Also
   * loads what watches sessions, which the first call would load otherwise (some 0.1 s).
   */
  ready(): Promise<void>
  subscribe(listener: (record: AuditRecord) => void): () => void
  session(id: string): SessionView
  /** What the behavioural layer has seen in a session: where data went, and what was found. */
  behavior(id: string): SessionActivity
  /** Opens a paused session again. A terminated one stays closed. */
  resume(id: string, options: { readonly by: string }): MaybePromise<void>
  terminate(id: string, options: { readonly by: string }): MaybePromise<void>
  /** Forgets an open session. */
  endSession(id: string): MaybePromise<void>
  stats(): EngineStats
  /**
   * Waits for records being written and closes the sinks. Later calls of guard, begin, explain, discover
   * and reload throw ERR_ENGINE_CLOSED; the outcome of a call still in flight is no longer recorded.
   */
  close(): Promise<void>
}

/**
 * Makes the engine that stands before every call.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export function createPolicyEngine(options: EngineOptions): PolicyEngine {
  return makeEngine(options)
}

/** An engine that can be told what an agent has heard without a call. */
export interface ListeningEngine extends PolicyEngine {
  heard(heard: Heard): void
}

/** What only a replay sets. */
export interface ReplaySettings {
  /** Kinds of evidence to leave out, for measuring what the others are worth. */
  readonly without?: ReadonlySet<string>
  /** Sessions of one agent have nothing to do with one another. @default false */
  readonly isolated?: boolean
}

export function makeEngine(options: EngineOptions, settings: ReplaySettings = {}): ListeningEngine {
  checkOptions(options)
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const report = createReporter(options.onDiagnostic)
  const storage = new AsyncLocalStorage<RunContext>()
  const sqlParsers = createSqlParsers()
  const key = keyOf(options.keys?.fingerprint)
  const holder = holdPolicy(options.policy, report)
  const audit = createAuditLog({
    sinks: options.audit ?? [],
    timeoutMs: limits.auditTimeoutMs,
    onFailure: options.onAuditFailure ?? 'deny',
    report,
  })
  const parts: LineParts = {
    mode: options.mode ?? 'enforce',
    policyFor: holder.policyFor,
    currentDigest: holder.digest,
    ports: { realpath: options.realpath ?? realPath, sqlParsers },
    steps: stepsOf(options.gates ?? []),
    identity: options.identity,
    approvals: options.approvals,
    sessions: createSessions({
      maxSessions: limits.maxSessions,
      maxWatchBytes: limits.maxBehaviorBytes,
      onForgotten: () =>
        report({
          code: 'session_forgotten',
          message:
            'a session that had read restricted data was dropped for want of room; should it go on, a person must approve what it sends',
        }),
    }),
    behavior: createBehavior({
      key,
      rules: Object.freeze([...(options.rules ?? [])]),
      maxSessionBytes: limits.maxSessionBytes,
      without: settings.without,
      carry: createCarry({
        key,
        maxPrincipals: 1_000,
        maxBytes: 256 * 1024,
        generationMs: 30 * 60_000,
        isolated: settings.isolated === true,
      }),
    }),
    audit,
    limits: {
      maxDepth: limits.maxArgumentDepth,
      maxNodes: limits.maxArgumentValues,
      maxSize: limits.maxArgumentSize,
    },
    gateTimeoutMs: limits.gateTimeoutMs,
    report,
    now: clockOf(options.clock),
    nextId: options.randomId ?? countedIds(),
    context: () => storage.getStore(),
  }
  return engineOf(parts, {
    holder,
    dispatchTimeoutMs: limits.dispatchTimeoutMs,
    run: (context, run) => storage.run({ ...storage.getStore(), ...context }, run),
    async ready() {
      warmUp()
      await loadNeededParsers(holder.current(), sqlParsers)
    },
  })
}

/** What an engine has besides the parts of its line. */
interface EngineShell extends Pick<PolicyEngine, 'run' | 'ready'> {
  readonly holder: PolicyHolder
  readonly dispatchTimeoutMs: number
}

function engineOf(parts: LineParts, shell: EngineShell): ListeningEngine {
  const stats = createStats()
  let isOpen = true
  const assertOpen = (): void => {
    if (!isOpen) throw new CallgateError('ERR_ENGINE_CLOSED', 'the engine was closed')
  }
  const begin = (request: CallRequest, wait: boolean): MaybePromise<HeldTicket> => {
    assertOpen()
    return andThen(walkLine(parts, request, { wait, dryRun: false }), (passed: Passed) => {
      // Closed while a gate or a person was waited for: nothing goes out any more.
      assertOpen()
      stats.count(passed.decision)
      return makeTicket(parts, passed, stats.finish)
    })
  }
  return {
    ...sessionsOf(parts),
    run: shell.run,
    ready: shell.ready,
    async guard(request, dispatch) {
      return dispatchTicket(await begin(request, true), dispatch, shell.dispatchTimeoutMs)
    },
    begin: (request, settings) => begin(request, settings?.wait === true),
    explain(request) {
      assertOpen()
      return explain(parts, request)
    },
    discover(request, items, nameOf) {
      assertOpen()
      return discover(parts, request, items, nameOf)
    },
    reload(policy) {
      assertOpen()
      const digest = shell.holder.swap(policy)
      void note(parts, { kind: 'policy', policy_digest: digest })
    },
    heard: (heard) => hear(parts, heard),
    subscribe: parts.audit.subscribe,
    stats: () => stats.view(parts.sessions.size()),
    async close() {
      isOpen = false
      await parts.audit.close()
    },
  }
}

type SessionPart = Pick<
  PolicyEngine,
  'session' | 'behavior' | 'resume' | 'terminate' | 'endSession'
>

function sessionsOf(parts: LineParts): SessionPart {
  const { sessions, now } = parts
  return {
    session: (id) => sessions.view(id, now()),
    behavior: (id) => activityOf(sessions.all(id)),
    resume(id, { by }) {
      if (!sessions.resume(id)) return undefined
      return note(parts, {
        kind: 'session',
        session_id: id,
        user_id: by,
        actor_kind: 'user',
        disposition: 'warn',
      })
    },
    terminate(id, { by }) {
      sessions.raiseAll(id, 'terminate')
      return note(parts, {
        kind: 'session',
        session_id: id,
        user_id: by,
        actor_kind: 'user',
        disposition: 'terminate',
      })
    },
    endSession(id) {
      if (!sessions.end(id)) return undefined
      return note(parts, { kind: 'session', session_id: id, actor_kind: 'system' })
    },
  }
}

/** Records what is no call: who changed the policy or a session. */
function note(
  parts: LineParts,
  fields: Pick<AuditRecord, 'kind'> & Partial<AuditRecord>,
): MaybePromise<void> {
  if (!parts.audit.isNeeded()) return undefined
  const id = parts.nextId()
  const record = eventRecord({ id, status: 'success', mode: parts.mode, ...fields }, parts.now())
  return andThen(parts.audit.write(record), () => undefined)
}

function keyOf(given: Uint8Array | string | undefined): Uint8Array {
  if (given === undefined) return randomBytes(16)
  return typeof given === 'string' ? new TextEncoder().encode(given) : Uint8Array.from(given)
}

function clockOf(clock: EngineOptions['clock']): () => number {
  return clock === undefined ? Date.now : () => clock.now()
}

/** A random prefix per engine and a counter: unique, ordered, and 19 ns instead of 61 for a UUID. */
function countedIds(): () => string {
  const prefix = randomBytes(10).toString('hex')
  let count = 0
  return () => `${prefix}-${(count++).toString(36)}`
}
