import type { Call } from '../../core/model/call.ts'
import type { Reason } from '../../core/model/decision.ts'
import { andThen, isPromise, type MaybePromise } from '../../core/model/json.ts'
import type { ApprovalBinding, ApprovalEntry, Approvals } from '../../core/model/ports.ts'
import type { CompiledPolicy } from '../../core/policy/compile.ts'
import { denial } from '../decide.ts'
import type { Judged } from '../gate-step.ts'
import { decisionOf, note, type Passed, record, type Start } from '../line-record.ts'
import { refused } from '../session-risk.ts'
import { ask } from './ask.ts'
import { bindingOf } from './binding.ts'
import { noteApproval } from './note.ts'
import type { Question } from './open.ts'
import { approvalSettings, waitMsOf } from './settings.ts'
import type { Standing } from './standing.ts'

/** A call that was judged, and how to judge it once more when it is approved. */
export interface Escalation {
  readonly start: Start
  readonly call: Call
  readonly policy: CompiledPolicy
  readonly judged: Judged
  /** Every gate but identity, under policy, catalogue and session of that moment. */
  readonly again: () => MaybePromise<JudgedAgain>
}

export interface JudgedAgain {
  readonly judged: Judged
  /** Undefined where the call did not get so far. */
  readonly call: Call | undefined
  readonly policy: CompiledPolicy | undefined
}

/** Puts an escalated call before a person, or takes the approval it brings. Observing never waits. */
export function escalate(escalation: Escalation): MaybePromise<Passed> {
  const { start, call, policy, judged } = escalation
  const { parts, walk, asked } = start
  if (walk.dryRun || parts.mode === 'observe') return record(start, call, policy, judged)
  const binding = bindingOf(call, judged.arguments, judged)
  // What a person has seen covers no finding that came up later.
  const isAsked = judged.assessment?.outcome === 'ask'
  const known = isAsked ? undefined : parts.book.remembered(binding, policy)
  if (known !== undefined) return goOn(escalation, known)
  if (asked.approval !== undefined) return present(escalation, binding, asked.approval)
  if (walk.wait && parts.approvals !== undefined)
    return askNow(escalation, binding, parts.approvals)
  return askLater(escalation, binding)
}

/** The call brings the id of an approval that was given meanwhile, or was not. */
function present(
  escalation: Escalation,
  binding: ApprovalBinding,
  id: string,
): MaybePromise<Passed> {
  const { start, policy } = escalation
  const looked = attempt(escalation, () =>
    start.parts.book.look(id, { binding, policy, by: start.id }),
  )
  return andThen(looked, (standing) => {
    if (standing === FAULT) return refuse(escalation, 'gate_failed', STORE_FAILED)
    return standing.ok ? goOn(escalation, standing.entry) : refuseFor(escalation, standing)
  })
}

/** Not waited for: the decision's id is what somebody approves, and what the next try presents. */
function askLater(escalation: Escalation, binding: ApprovalBinding): MaybePromise<Passed> {
  const { start, call, policy, judged } = escalation
  const { parts, walk } = start
  const question = questionOf(escalation, binding, waitMsOf(approvalSettings(policy)))
  return andThen(
    attempt(escalation, () => parts.book.open(question)),
    (opened) => {
      if (opened === FAULT) return refuse(escalation, 'gate_failed', STORE_FAILED)
      if (!opened.ok) return refuse(escalation, 'approval_required', opened.detail)
      const why = judged.detail === null ? NOBODY : `${judged.detail}; ${NOBODY}`
      return andThen(noteApproval(parts, opened.entry), () =>
        walk.wait
          ? refuse(escalation, 'approval_required', why)
          : record(start, call, policy, judged),
      )
    },
  )
}

const STORE_FAILED = 'the store of approvals failed'
const NOBODY =
  'nobody can be asked while it waits; once it is approved, send it again with the id of this decision as `approval`'

async function askNow(
  escalation: Escalation,
  binding: ApprovalBinding,
  approvals: Approvals,
): Promise<Passed> {
  const { start, call, policy, judged } = escalation
  const { parts, asked, session } = start
  const { book } = parts
  const { assessment } = judged
  const waitMs = waitMsOf(approvalSettings(policy), approvals.timeoutMs)
  const decision = decisionOf(start, policy.digest, judged, note(start, judged))
  // Listened for before anybody can answer.
  let hush = (): void => undefined
  const elsewhere = new Promise<ApprovalEntry>((resolve) => {
    hush = book.onDecided(decision.id, resolve)
  })
  try {
    const question = questionOf(escalation, binding, waitMs)
    const opened = await attempt(escalation, () => book.open(question))
    if (opened === FAULT) return refuse(escalation, 'gate_failed', STORE_FAILED)
    if (!opened.ok) return refuse(escalation, 'approval_required', opened.detail)
    const { entry } = opened
    await noteApproval(parts, entry)
    const answer = await ask({
      approvals,
      book,
      elsewhere,
      call,
      decision,
      arguments: judged.arguments,
      expiresAt: entry.expires_at,
      waitMs,
      signal: asked.signal,
      report: (cause) => reportFault(escalation, cause),
    })
    if (answer.kind === 'denied') {
      if (session !== undefined && assessment !== undefined)
        refused(parts, session, assessment, policy)
      return refuse(escalation, answer.reason, answer.detail)
    }
    return goOn(escalation, { id: entry.id, by: answer.by })
  } finally {
    hush()
  }
}

function questionOf(
  { call, policy, judged }: Escalation,
  binding: ApprovalBinding,
  waitMs: number,
): Question {
  const { reason, gate, detail } = judged
  return {
    call,
    binding,
    arguments: judged.arguments,
    policy,
    why: { reason, gate, detail },
    waitMs,
  }
}

/** Somebody said yes. Time may have passed: the gates speak again, then the approval is used up. */
function goOn(
  escalation: Escalation,
  { id, by }: Pick<ApprovalEntry, 'id' | 'by'>,
): MaybePromise<Passed> {
  const { start, judged } = escalation
  const approval = { id, by: by ?? '' }
  if (judged.assessment !== undefined) start.session?.watch?.approved(judged.assessment)
  return andThen(escalation.again(), (later) => {
    const { call, policy, judged: again } = later
    if (call === undefined || policy === undefined || again.effect === 'deny')
      return record(start, call, policy, again, approval)
    const now = { ...escalation, call, policy }
    const settled = attempt(escalation, () =>
      settle(now, id, bindingOf(call, again.arguments, judged)),
    )
    return andThen(settled, (standing) => {
      if (standing === FAULT) return refuse(now, 'gate_failed', STORE_FAILED, again)
      if (!standing.ok) return refuseFor(now, standing, again)
      return record(start, call, policy, permitted(again, call), approval)
    })
  })
}

function settle(
  { start, policy }: Escalation,
  id: string,
  binding: ApprovalBinding,
): MaybePromise<Standing> {
  const { book } = start.parts
  const known = book.remembered(binding, policy)
  if (known?.id === id) return { ok: true, entry: known }
  return book.consume(id, { binding, policy, by: start.id })
}

/** INVARIANT: what was approved is what is dispatched, also where a rule that asks rewrote it. */
function permitted(judged: Judged, call: Call): Judged {
  return judged.effect === 'allow' && judged.arguments !== call.arguments
    ? { ...judged, effect: 'compute' }
    : judged
}

function refuseFor(
  escalation: Escalation,
  standing: Extract<Standing, { ok: false }>,
  judged = escalation.judged,
): MaybePromise<Passed> {
  const { parts, session } = escalation.start
  const { assessment } = judged
  if (standing.reason === 'approval_denied' && session !== undefined && assessment !== undefined)
    refused(parts, session, assessment, escalation.policy)
  return refuse(escalation, standing.reason, standing.detail, judged)
}

function refuse(
  { start, call, policy, judged: first }: Escalation,
  reason: Reason,
  detail: string,
  judged = first,
): MaybePromise<Passed> {
  return record(start, call, policy, denial(first.gate, reason, detail, judged))
}

const FAULT: unique symbol = Symbol('fault')

/** INVARIANT: a store that fails is reported and refuses; nothing goes out for it. */
function attempt<T>(
  escalation: Escalation,
  run: () => MaybePromise<T>,
): MaybePromise<T | typeof FAULT> {
  const fault = (cause: unknown): typeof FAULT => {
    reportFault(escalation, cause)
    return FAULT
  }
  try {
    const result = run()
    return isPromise(result) ? result.catch(fault) : result
  } catch (cause) {
    return fault(cause)
  }
}

function reportFault({ start }: Escalation, cause: unknown): void {
  start.parts.report({ code: 'approvals_failed', message: 'approvals failed', cause })
}
