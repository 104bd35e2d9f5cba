import type { Call, CallRequest, Subject, ToolDefinitionState } from '../core/model/call.ts'
import { andThen, isPromise, type MaybePromise } from '../core/model/json.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import { revealArguments } from '../core/redaction/redact-value.ts'
import { escalate, type JudgedAgain } from './approvals/escalate.ts'
import { denial } from './decide.ts'
import { gateSettings } from './gate-settings.ts'
import type { GateRun, Judged } from './gate-step.ts'
import { type Identified, identify } from './identify.ts'
import { type LineParts, type Passed, record, type Start, type Walk } from './line-record.ts'
import { checkProbe } from './probe-check.ts'
import type { Spend } from './rate-step.ts'
import { type Asked, receive } from './receive.ts'
import { runGates } from './run-gates.ts'
import { type Session, viewOf } from './sessions.ts'

/**
 * The straight line: receive, identify, gates, approval, record. Never throws for a denial; a fault
 * of any stage is a denial of that stage. Synchronous as long as every part is.
 */
export function walkLine(parts: LineParts, request: CallRequest, walk: Walk): MaybePromise<Passed> {
  const startedAt = parts.now()
  const asked = receive(request, parts.context(), parts.limits)
  const { subject: claimed, fault } = asked
  const start: Start = {
    parts,
    walk,
    asked,
    startedAt,
    id: parts.nextId(),
    subject: claimed,
    session: undefined,
  }
  if (fault !== undefined) return refuse(start, denial('identity', fault.reason, fault.detail))
  const identified = identifyUnderOne(parts, asked)
  return andThen(identified, ({ subject, rejected }) => {
    if (rejected !== undefined) return refuse(start, denial('identity', 'token_invalid', rejected))
    if (subject === undefined)
      return refuse(
        start,
        denial('identity', 'no_principal', 'nobody is named as the subject of this call'),
      )
    return judge(
      { parts, walk, asked, startedAt, id: start.id, subject, session: undefined },
      subject,
    )
  })
}

function judge(before: Start, subject: Subject): MaybePromise<Passed> {
  const prepared = prepare(before, subject)
  if ('effect' in prepared) return refuse(before, prepared)
  const { parts, asked, walk } = before
  const probe = checkProbe(
    parts.probes,
    asked,
    subject,
    prepared.policy,
    walk.dryRun,
    parts.gateTimeoutMs,
  )
  return andThen(probe, (fault) =>
    fault === undefined ? judgeIn(before, prepared) : refuse(before, fault),
  )
}

function judgeIn(before: Start, prepared: Prepared): MaybePromise<Passed> {
  const { parts, asked, walk, id, startedAt } = before
  const { subject } = prepared
  const session = walk.dryRun
    ? parts.sessions.look(asked.session, subject, startedAt)
    : parts.sessions.begin(asked.session, subject, startedAt)
  if (session === undefined)
    return refuse(before, denial('session', 'gate_failed', 'no room for another session'))
  const start: Start = {
    parts,
    walk,
    asked,
    startedAt,
    id,
    subject,
    session,
    spend: spendOf(before, prepared, session),
  }
  const call = makeCall(start, prepared, session.sequence, startedAt)
  const number = session.events
  const isFirst = call.sequence === 1 && !walk.dryRun
  const told = isFirst ? parts.hooks.started(prepared.policy, call) : undefined
  const judging = andThen(told, () => gatesOf(start, call, prepared.policy, number, false))
  return andThen(judging, (judged) =>
    judged.effect === 'escalate'
      ? escalate({
          start,
          call,
          policy: prepared.policy,
          judged,
          again: () => judgeAgain(start, call, number),
        })
      : record(start, call, prepared.policy, judged),
  )
}

/** What the call may set aside of its limits, and for whom else it is made. */
function spendOf(
  { parts, asked, walk, id }: Start,
  { subject, policy }: Prepared,
  session: Session,
): Spend {
  const payer = { session: asked.session, subject }
  const ancestors = parts.family.ancestorsOf(asked.parent, payer)
  const isLimited = gateSettings(policy).limits !== undefined
  if (isLimited && !walk.dryRun) parts.family.note(id, payer, ancestors)
  // A session that has forgotten may have read anything.
  const tainted = session.watch?.tainted === true || session.forgot
  const onFault = (cause: unknown): void =>
    parts.report({ code: 'limits_unsettled', message: 'a store of limits failed', cause })
  return {
    limiter: parts.limiter,
    ancestors,
    tainted,
    held: undefined,
    over: false,
    begun: 0,
    onFault,
  }
}

/** A subject with the policy in force for it, and that policy's view of the resource. */
interface Prepared {
  readonly subject: Subject
  readonly policy: CompiledPolicy
  readonly resource: Call['resource']
}

function prepare({ parts, asked }: Start, subject: Subject): Prepared | Judged {
  try {
    const policy = parts.policyFor(subject)
    const resource = policy.index.resolve(asked.resource, asked.server)
    return 'fault' in resource
      ? denial('identity', 'malformed_request', `resource: ${resource.fault}`)
      : { subject, policy, resource }
  } catch {
    return denial('rbac', 'gate_failed', 'no policy could be chosen for this subject')
  }
}

function makeCall(start: Start, prepared: Prepared, sequence: number, at: number): Call {
  const { asked, parts } = start
  const { redaction } = gateSettings(prepared.policy)
  // Judged is what goes out: tokens are turned back first, where the policy says so.
  const reveals = parts.mode === 'enforce' && redaction?.reveals(prepared.resource) === true
  return Object.freeze({
    id: start.id,
    trace: asked.trace ?? start.id,
    session: asked.session,
    sequence,
    subject: prepared.subject,
    verb: asked.verb,
    resource: withTags(prepared.resource, asked.definition),
    scope: prepared.resource.scope ?? asked.scope,
    arguments: reveals
      ? revealArguments(asked.arguments, parts.redaction.for(prepared.subject.tenant))
      : asked.arguments,
    at,
    task: asked.task,
    ids: asked.ids,
    parent: asked.parent,
    definition: asked.definition,
    automatic: asked.origin?.automatic === true,
  })
}

/** What a tool says of its own effects makes it more suspicious, never less. */
function withTags(
  resource: Call['resource'],
  definition: ToolDefinitionState | undefined,
): Call['resource'] {
  const more = definition?.tags?.filter((tag) => !resource.tags.includes(tag)) ?? []
  if (more.length === 0) return resource
  return { ...resource, tags: [...resource.tags, ...more], claimed: more }
}

/** INVARIANT: whatever goes wrong while judging, also a fault of ours, is a denial. */
function gatesOf(
  start: Start,
  call: Call,
  policy: CompiledPolicy,
  number: number,
  approved: boolean,
): MaybePromise<Judged> {
  const { parts, asked, session, spend } = start
  const fault = (): Judged => denial('rbac', 'gate_failed', 'judging the call failed')
  try {
    if (session === undefined || spend === undefined) return fault()
    const run: GateRun = {
      policy,
      ports: parts.ports,
      steps: parts.steps,
      session: viewOf(session),
      behavior: {
        watch: parts.behavior.watchOf(session),
        settings: parts.behavior.settingsOf(policy),
        number,
      },
      spend,
      redaction: parts.redaction.for(call.subject.tenant),
      signal: () => asked.signal ?? NEVER,
      limits: parts.limits,
      gateTimeoutMs: parts.gateTimeoutMs,
      approved,
      dryRun: start.walk.dryRun,
      onFault: (gate, cause) =>
        parts.report({ code: 'gate_failed', message: `gate \`${gate}\` failed`, cause }),
    }
    const judged = andThen(runGates(call, run), (said) =>
      parts.mode === 'observe' && said.gate === 'session' ? judgedOn(call, run, said) : said,
    )
    return isPromise(judged) ? judged.catch(fault) : judged
  } catch {
    return fault()
  }
}

const NEVER = new AbortController().signal

/**
 * Only observed, a call of a stopped session goes out all the same: what it does is found and recorded
 * behind its denial, by the same gates. Where they fail, the denial stands alone.
 */
function judgedOn(call: Call, run: GateRun, denied: Judged): MaybePromise<Judged> {
  const open = { ...run, session: { ...run.session, disposition: 'warn' as const } }
  try {
    const later = runGates(call, open)
    const join = ({ assessment }: Judged): Judged => ({ ...denied, assessment })
    return isPromise(later) ? later.then(join, () => denied) : join(later)
  } catch {
    return denied
  }
}

/** Time has passed: every gate but identity speaks again, under policy, catalogue and session of now. */
function judgeAgain(start: Start, call: Call, number: number): MaybePromise<JudgedAgain> {
  const prepared = prepare(start, call.subject)
  if ('effect' in prepared) return { judged: prepared, call: undefined, policy: undefined }
  const later = makeCall(start, prepared, call.sequence, start.parts.now())
  return andThen(gatesOf(start, later, prepared.policy, number, true), (judged) => ({
    judged,
    call: later,
    policy: prepared.policy,
  }))
}

function refuse(start: Start, judged: Judged): MaybePromise<Passed> {
  return record(start, undefined, undefined, judged)
}

/**
 * Who may call, and as whom, is said by the policy that then judges: where that was swapped while a
 * provider was waited for, it is asked again.
 */
function identifyUnderOne(parts: LineParts, asked: Asked): MaybePromise<Identified> {
  const digest = parts.currentDigest()
  const identified = identify(asked, parts.identity(), parts.gateTimeoutMs)
  if (!isPromise(identified)) return identified
  return identified.then((who) =>
    digest === parts.currentDigest() ? who : identifyUnderOne(parts, asked),
  )
}
