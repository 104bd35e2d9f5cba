import { AsyncLocalStorage } from 'node:async_hooks'

import { warmUp } from '../core/behavior/entry.ts'
import type { AuditRecord } from '../core/model/audit-record.ts'
import type { CallRequest, Subject } from '../core/model/call.ts'
import type { Decision } from '../core/model/decision.ts'
import { CallgateError } from '../core/model/errors.ts'
import { andThen, type JsonObject, type MaybePromise } from '../core/model/json.ts'
import type { SessionView } from '../core/model/ports.ts'
import { type EngineApprovals, engineApprovals } from './approvals/engine-approvals.ts'
import { createReporter } from './diagnostics.ts'
import { discover } from './discover.ts'
import { type Dispatch, dispatchTicket } from './dispatch.ts'
import { admitHooks, hooksOf } from './engine-hooks.ts'
import { type Explanation, explain } from './explain.ts'
import { type Heard, hear, type Shown, show } from './heard.ts'
import type { HookEvent } from './hooks/events.ts'
import type { Hooks } from './hooks/hooks.ts'
import { identificationOf } from './identification.ts'
import { walkLine } from './line.ts'
import type { LineParts, Passed } from './line-record.ts'
import { makeParts, type ReplaySettings } from './make-parts.ts'
import { loadNeededParsers } from './needed-parsers.ts'
import { checkOptions, DEFAULT_LIMITS, type EngineOptions } from './options.ts'
import { holdPolicy, type PolicyHolder } from './policy-holder.ts'
import { propose } from './propose.ts'
import { release } from './rate-step.ts'
import type { RunContext } from './receive.ts'
import { noteCost, type SettledCost } from './routing/note-cost.ts'
import { type RouteDecision, type RouteRequest, route } from './routing/route.ts'
import { stepsOf } from './run-gates.ts'
import type { SessionActivity } from './session-activity.ts'
import { note, type SessionChange, sessionsOf } from './session-control.ts'
import type { SessionOwner } from './sessions.ts'
import { createStats, type EngineStats } from './stats.ts'
import { type HeldTicket, makeTicket, type Ticket } from './ticket.ts'
import { whoIs } from './who-is.ts'

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
  /**
   * Judges a call that a model proposes, before the agent sees the proposal: takes nothing of a limit
   * and asks nobody. A refusal is recorded. What the session then executes is held against it.
   */
  propose(request: CallRequest): MaybePromise<Decision>
  /**
   * Which models answer a request, by the policy's `router`: `arguments` is its body. Grants nothing: what
   * is then called is judged as its own `model:` resource.
   */
  route(request: RouteRequest): MaybePromise<RouteDecision>
  /** Records what a call has cost in the end, where nobody knew when it was closed. */
  noteCost(settled: SettledCost): MaybePromise<void>
  /** Keeps the items the subject may discover, in their order. */
  discover<T>(
    request: Omit<CallRequest, 'arguments' | 'resource'>,
    items: readonly T[],
    nameOf?: (item: T) => string,
  ): MaybePromise<readonly T[]>
  /**
   * Tells the behavioural layer what an agent was shown without a call, such as descriptions of tools.
   * `findings` of the host's own are recorded with it.
   */
  hear(request: Omit<CallRequest, 'arguments' | 'resource'>, shown: Shown): MaybePromise<void>
  /**
   * Who a request comes from, found out as for a call: undefined where nobody has proven who calls.
   * Nothing moves, nothing is recorded.
   */
  whoIs(request: Omit<CallRequest, 'arguments' | 'resource'>): MaybePromise<Subject | undefined>
  /** Sets session, subject, task and trace for every call below `run`. */
  run<T>(context: RunContext, run: () => T): T
  /** What `run` has set here, and what else adapters go by. */
  context(): EngineContext
  /** Swaps the policy at once. Calls in flight finish on the policy they began with. */
  reload(policy: EngineOptions['policy']): void
  /** Calls `listener` after each reload, with the digest now in force. Returns what ends that. */
  onReload(listener: (digest: string) => void): () => void
  /**
   * Loads the SQL parsers the policy needs; before that, a call that needs one waits for it. Also
   * loads what watches sessions, which the first call would load otherwise (some 0.1 s).
   */
  ready(): Promise<void>
  subscribe(listener: (record: AuditRecord) => void): () => void
  session(id: string): SessionView
  /** What the behavioural layer has seen in a session: where data went, and what was found. */
  behavior(id: string, owner?: SessionOwner): SessionActivity
  /**
   * Opens a paused session again. A terminated one stays closed.
   * @throws {CallgateError} ERR_OPTIONS_INVALID where those of several principals are paused and none is named
   */
  resume(id: string, change: SessionChange): MaybePromise<void>
  /** Closes a session for good: where no principal is named, that of every one who uses the id. */
  terminate(id: string, change: SessionChange): MaybePromise<void>
  /** Forgets an open session. */
  endSession(id: string, owner?: SessionOwner): MaybePromise<void>
  /**
   * Runs the policy's hooks of an event that only the host can see, such as `UserPromptSubmit`.
   * @throws {CallDeniedError} where a hook denies and the event is one that can be denied
   * @throws {CallgateError} ERR_OPTIONS_INVALID for an unknown event or a payload that is not plain JSON
   */
  hook(event: HookEvent, payload?: JsonObject): MaybePromise<void>
  /** What waits for a person, and where somebody answers. */
  readonly approvals: EngineApprovals
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

/** What an adapter needs to know to fill in a request. */
export interface EngineContext extends RunContext {
  /** True where credentials are turned into subjects: then a request need not name one. */
  readonly identifies: boolean
  /** Digest of the policy in force; `unavailable` where a function chooses by subject. */
  readonly policy_digest: string
  /** False where the engine only observes: adapters then change and keep back nothing. */
  readonly enforces: boolean
}

/** An engine that can be told what an agent has heard by somebody who knows whose ears these are. */
export interface ListeningEngine extends PolicyEngine {
  heard(heard: Heard): void
}

export function makeEngine(options: EngineOptions, settings: ReplaySettings = {}): ListeningEngine {
  checkOptions(options)
  const report = createReporter(options.onDiagnostic)
  const storage = new AsyncLocalStorage<RunContext>()
  const holder = holdPolicy(options.policy, (policy) => {
    identificationOf(options.identity, policy)
  })
  const context = (): RunContext | undefined => storage.getStore()
  const base = makeParts({ options, settings, report, holder, context })
  const hooks = hooksOf(base, options, holder)
  const steps = stepsOf(options.gates ?? [], hooks.gate)
  return engineOf(
    { ...base, hooks, steps },
    {
      holder,
      hooks,
      dispatchTimeoutMs: options.limits?.dispatchTimeoutMs ?? DEFAULT_LIMITS.dispatchTimeoutMs,
      run: (inner, run) => storage.run({ ...storage.getStore(), ...inner }, run),
      async ready() {
        warmUp()
        const { sqlParsers } = base.ports
        if (sqlParsers !== undefined) await loadNeededParsers(holder.current(), sqlParsers)
      },
    },
  )
}

/** What an engine has besides the parts of its line. */
interface EngineShell extends Pick<PolicyEngine, 'run' | 'ready'> {
  readonly holder: PolicyHolder
  readonly hooks: Hooks
  readonly dispatchTimeoutMs: number
}

function engineOf(parts: LineParts, shell: EngineShell): ListeningEngine {
  const stats = createStats()
  const listeners = new Set<(digest: string) => void>()
  let isOpen = true
  const assertOpen = (): void => {
    if (!isOpen) throw new CallgateError('ERR_ENGINE_CLOSED', 'the engine was closed')
  }
  const open =
    <Given extends readonly unknown[], Answer>(act: (...given: Given) => Answer) =>
    (...given: Given): Answer => {
      assertOpen()
      return act(...given)
    }
  const begin = (request: CallRequest, wait: boolean): MaybePromise<HeldTicket> => {
    assertOpen()
    return andThen(walkLine(parts, request, { wait, dryRun: false }), (passed: Passed) => {
      // Closed while a gate or a person was waited for: nothing goes out any more.
      if (!isOpen) release(passed.spend)
      assertOpen()
      stats.count(passed.decision)
      return makeTicket(parts, passed, stats.finish)
    })
  }
  return {
    ...sessionsOf(parts, shell.hooks),
    approvals: engineApprovals(parts.book, assertOpen),
    whoIs: open((request) => whoIs(parts, request)),
    run: shell.run,
    ready: shell.ready,
    async guard(request, dispatch) {
      return dispatchTicket(await begin(request, true), dispatch, shell.dispatchTimeoutMs)
    },
    begin: (request, settings) => begin(request, settings?.wait === true),
    explain: open((request) => explain(parts, request)),
    propose: open((request) => propose(parts, request)),
    route: open((request) => route(parts, request)),
    noteCost: open((settled) => noteCost(parts, settled)),
    discover: open((request, items, nameOf) => discover(parts, request, items, nameOf)),
    hear: open((request, shown) => show(parts, request, shown)),
    context: () => ({
      ...parts.context(),
      identifies: parts.identity().provider !== undefined,
      policy_digest: parts.currentDigest(),
      enforces: parts.mode === 'enforce',
    }),
    reload(policy) {
      assertOpen()
      const digest = shell.holder.swap(policy)
      admitHooks(shell.hooks, shell.holder)
      tellReloaded(listeners, digest, parts.report)
      void note(parts, { kind: 'policy', policy_digest: digest })
    },
    onReload(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    hook(event, payload) {
      assertOpen()
      return shell.hooks.call(event, payload)
    },
    heard: (heard) => hear(parts, heard),
    subscribe: parts.audit.subscribe,
    stats: () => stats.view(parts.sessions.size()),
    async close() {
      isOpen = false
      await shell.hooks.close()
      await parts.audit.close()
      await parts.observers?.close()
    },
  }
}

/** A listener that throws stops neither the reload nor the others. */
function tellReloaded(
  listeners: ReadonlySet<(digest: string) => void>,
  digest: string,
  report: LineParts['report'],
): void {
  for (const listener of listeners)
    try {
      listener(digest)
    } catch (cause) {
      report({ code: 'listener_failed', message: 'a listener of reloads failed', cause })
    }
}
