import type { CallRequest } from '../../core/model/call.ts'
import type { Decision } from '../../core/model/decision.ts'
import type { Disposition } from '../../core/model/finding.ts'
import { type CompiledPolicy, compileDocument } from '../../core/policy/compile.ts'
import { withoutSecrets } from '../../core/redaction/without-secrets.ts'
import { type ListeningEngine, makeEngine } from '../create-policy-engine.ts'
import type { Diagnostic, EngineOptions } from '../options.ts'
import type { SessionActivity } from '../session-activity.ts'
import type { Ablation } from './ablation.ts'
import { createOpenCalls, type OpenCalls } from './open-calls.ts'
import type { ReplayDecision, ReplayReport } from './replay-report.ts'
import type { TraceEvent, TraceSession } from './trace-session.ts'

export interface ReplayOptions {
  /** Absent: no call is judged by RBAC, only the behavioural layer speaks. */
  readonly policy?: CompiledPolicy
  /** Denials are reported, and the session goes on as if there were none. @default false */
  readonly observe?: boolean
  /** The agent of events that name none, in sessions that name none. */
  readonly agent?: string
  /** Kinds of evidence to leave out, for measuring. @default none */
  readonly without?: ReadonlySet<Ablation>
  /** @default nothing is said */
  readonly onDiagnostic?: (diagnostic: Diagnostic) => void
}

/** Judges recorded sessions, one after the other, on one engine. */
export interface Replay {
  session(session: TraceSession): Promise<ReplayReport>
  close(): Promise<void>
}

/** Judges one recorded session as the engine would have judged it live. */
export async function replaySession(
  session: TraceSession,
  options: ReplayOptions = {},
): Promise<ReplayReport> {
  const replay = createReplay(options)
  try {
    return await replay.session(session)
  } finally {
    await replay.close()
  }
}

export function createReplay(options: ReplayOptions): Replay {
  const { policy } = options
  let now = Date.now()
  let catalogue: CompiledPolicy = OPEN
  const asked = new Map<string, Decision>()
  const settings: EngineOptions = {
    policy: policy ?? (() => catalogue),
    mode: options.observe === true ? 'observe' : 'enforce',
    // Limits go by the recorded time, too; whom a record names it names.
    clock: { now: () => now, monotonic: () => now },
    identity: 'host',
    // A stopped session is never forgotten: a file may hold more of those than an engine would keep.
    limits: { maxSessions: Number.MAX_SAFE_INTEGER },
    onDiagnostic: options.onDiagnostic ?? (() => {}),
    approvals: {
      ask(approval) {
        asked.set(approval.id, approval.decision)
        return { outcome: 'approved', by: APPROVER }
      },
    },
  }
  const engine = makeEngine(settings, {
    // Recordings of one agent may come from different worlds.
    isolated: true,
    isReplay: true,
    ...(options.without === undefined ? {} : { without: options.without }),
  })
  let count = 0
  return {
    async session(session) {
      await engine.ready()
      now = Date.now()
      if (policy === undefined) catalogue = openPolicy(session)
      const run: SessionRun = {
        engine,
        session,
        options,
        asked,
        // Ids of a file need not be well formed, nor different from one another.
        id: `replay-${++count}`,
        at: (time) => {
          now = time
        },
      }
      try {
        return await replayEvents(run)
      } finally {
        asked.clear()
        await engine.endSession(run.id)
      }
    },
    close: () => engine.close(),
  }
}

// No agent can have this name, for it begins with a blank: nobody approves a call of their own.
const APPROVER = ' replay'

/** Everybody may do everything: for sessions that are replayed without a policy. */
const OPEN = openPolicy(undefined)

function openPolicy(session: TraceSession | undefined): CompiledPolicy {
  const tools = [...(session?.tools ?? [])].map(([name, tool]) => ({
    name,
    tags: tool.tags,
    ...(tool.scope === undefined ? {} : { scope: tool.scope }),
    ...(tool.server === undefined ? {} : { server: tool.server }),
    ...(tool.payload_class === undefined ? {} : { payload_class: tool.payload_class }),
  }))
  const role = { name: 'everything', rules: [{ resources: ['*'], verbs: ['admin'] as const }] }
  return compileDocument(
    {
      unlisted: 'allow',
      tools,
      roles: [role],
      bindings: [{ tier: 'user', roles: [role.name] }],
      // Only what the behavioural layer says is asked for.
      secrets: { enabled: false },
    },
    [],
  )
}

type RequestEvent = TraceEvent & { readonly direction: 'request' }

interface SessionRun {
  readonly engine: ListeningEngine
  readonly session: TraceSession
  readonly options: ReplayOptions
  /** What was put before a person, by the decision's id. */
  readonly asked: ReadonlyMap<string, Decision>
  readonly id: string
  readonly at: (time: number) => void
}

/** One session on its way through the engine. */
interface Progress {
  readonly run: SessionRun
  readonly open: OpenCalls
  readonly decisions: ReplayDecision[]
  /** The file's number of each event that the engine has counted. */
  readonly numbers: number[]
  analysed: number
  stoppedAt: number | null
  askedAt: number | null
}

async function replayEvents(run: SessionRun): Promise<ReplayReport> {
  const progress: Progress = {
    run,
    open: createOpenCalls(),
    decisions: [],
    numbers: [],
    analysed: 0,
    stoppedAt: null,
    askedAt: null,
  }
  for (const event of run.session.events) {
    if (event.at !== undefined) run.at(event.at)
    if (event.direction === 'request') await takeRequest(progress, event)
    else await takeResponse(progress, event)
  }
  return reportOf(progress)
}

async function takeRequest(progress: Progress, event: RequestEvent): Promise<void> {
  // A message that calls nothing, such as `tools/list`, has nothing to judge.
  if (event.tool === undefined) return
  const { run } = progress
  const request = requestOf(run, event, event.tool)
  const ticket = await run.engine.begin(request, { wait: true })
  const { decision } = ticket
  counted(progress, event)
  const question = run.asked.get(decision.id)
  const isDenied = decision.effect === 'deny'
  if (question !== undefined || decision.effect === 'escalate') progress.askedAt ??= event.seq
  if (isDenied) progress.stoppedAt ??= event.seq
  note(progress, event, request, isDenied ? decision : (question ?? decision))
  progress.open.add({ event, ticket })
  if (ticket.permitted) reached(progress, event)
}

async function takeResponse(progress: Progress, event: TraceEvent): Promise<void> {
  if (event.tool === undefined) {
    takeHeard(progress, event)
    return
  }
  const call = progress.open.take(event)
  if (call?.ticket.permitted !== true) return
  const isError = event.direction === 'response' && event.isError === true
  const { payload } = event
  await call.ticket.finish(isError ? { ok: false, error: payload } : { ok: true, value: payload })
  counted(progress, event)
  reached(progress, event)
}

/** What came without a call, such as a list of tools: its texts reach the agent all the same. */
function takeHeard(progress: Progress, event: TraceEvent): void {
  const { run } = progress
  const agent = agentOf(run, event) ?? 'agent'
  const { method = 'message', server, payload } = event
  const { task } = run.session
  const subject = { ...event.subject, agent }
  run.engine.heard({ session: run.id, subject, method, server, payload, task })
  counted(progress, event)
  reached(progress, event)
}

/** The engine numbers the events it takes in; the report names those of the file. */
function counted({ run, numbers }: Progress, { seq }: TraceEvent): void {
  numbers[run.engine.session(run.id).events] = seq
}

/** An event has reached the behavioural layer: whatever that made of the session holds from here. */
function reached(progress: Progress, event: TraceEvent): void {
  progress.analysed++
  if (isStopped(progress.run.engine.session(progress.run.id).disposition))
    progress.stoppedAt ??= event.seq
}

/** What the behavioural layer found in the session, by the numbers of the file's events. */
function behaviorOf({ run, numbers }: Progress): SessionActivity {
  const { edges, findings, risk, disposition } = run.engine.behavior(run.id)
  const seqOf = (number: number): number => numbers[number] ?? number
  return {
    edges: edges.map((edge) => ({ ...edge, from: seqOf(edge.from), to: seqOf(edge.to) })),
    findings: findings.map((finding) => ({
      ...finding,
      trigger: seqOf(finding.trigger),
      sources: finding.sources.map(seqOf),
    })),
    risk,
    disposition,
  }
}

function note(
  progress: Progress,
  event: RequestEvent,
  request: CallRequest,
  decision: Decision,
): void {
  const { effect, reason, gate, rule, constraint, detail } = decision
  // Without a policy RBAC has said nothing: its yes would be the replay's own.
  if (progress.run.options.policy === undefined && effect === 'allow') return
  const agent = agentOf(progress.run, event)
  progress.decisions.push({
    seq: event.seq,
    agent: agent === undefined ? null : withoutSecrets(agent),
    resource: withoutSecrets(request.resource),
    verb: request.verb ?? 'invoke',
    effect,
    reason,
    gate,
    rule,
    constraint,
    detail,
  })
}

function reportOf(progress: Progress): ReplayReport {
  const { decisions, run } = progress
  const { session, options } = run
  const denied = decisions.filter(({ effect }) => effect === 'deny').length
  const asked = decisions.filter(({ effect }) => effect === 'escalate').length
  return {
    schema: 1,
    policy_digest: options.policy?.digest ?? null,
    session: withoutSecrets(session.id),
    name: withoutSecrets(session.name),
    events: session.events.length,
    analysed: progress.analysed,
    allowed: decisions.length - denied - asked,
    denied,
    decisions,
    ...behaviorOf(progress),
    stopped_at: progress.stoppedAt,
    asked_at: progress.askedAt,
  }
}

function isStopped(disposition: Disposition): boolean {
  return disposition === 'pause' || disposition === 'terminate'
}

function agentOf({ session, options }: SessionRun, event: TraceEvent): string | undefined {
  return event.agent ?? session.agent ?? options.agent
}

function requestOf(run: SessionRun, event: RequestEvent, tool: string): CallRequest {
  const { session, options } = run
  const described = session.tools.get(tool)
  // With a policy, a call that nobody is named for is denied as it would be live.
  const nameless = options.policy === undefined ? 'agent' : undefined
  const agent = agentOf(run, event) ?? nameless
  const server = event.server ?? described?.server
  const scope = event.scope ?? described?.scope
  return {
    session: run.id,
    resource: tool,
    arguments: event.payload,
    verb: event.verb ?? 'invoke',
    ...(agent === undefined ? {} : { subject: { ...event.subject, agent } }),
    ...(server === undefined ? {} : { server }),
    ...(scope === undefined ? {} : { scope }),
    ...(session.task === undefined ? {} : { task: session.task }),
  }
}
