import { randomBytes } from 'node:crypto'
import type { ApprovalEntry } from '../../core/model/ports.ts'
import { appStateOf, INPUT_KEY } from './answer-by-retry.ts'
import { askNow } from './ask-now.ts'
import { type AnsweredCall, type Asking, decide, forget, refused } from './asking.ts'
import { approverOf, isReachable, isTrustedWith } from './may-ask.ts'
import { questionParams } from './question.ts'
import { signState } from './signed-state.ts'

/**
 * Puts a question to the client. One for one call: who calls again while it is open is told of that
 * one, and what was opened for the second call is taken back.
 */
export async function ask(asking: Asking): Promise<AnsweredCall> {
  const { id } = asking.judged.ticket.decision
  const { guard } = asking.judged.incoming
  try {
    return await asked(asking, id)
  } catch {
    reserve(asking, id, 0)
    guard.warn(`a question of the MCP server \`${guard.server}\` could not be put to its client`)
    return refused(id)
  }
}

async function asked(asking: Asking, id: string): Promise<AnsweredCall> {
  const { questions, call, who, settings, engine, timeoutMs } = asking
  const now = Date.now()
  const earlier = questions.find(call)
  const isOpen = earlier !== undefined && earlier.until > now
  const isRoom = questions.countOf(who, now) < settings.maxOpen
  // Before anything is waited for: of two such calls at once only one is asked about.
  if (!isOpen) reserve(asking, earlier?.id ?? id, now + timeoutMs)
  const pending = await entriesOf(asking, 'pending')
  const known = pending.find((entry) => entry.id === earlier?.id)
  if (known !== undefined) await engine.approvals.withdraw(id)
  else if (earlier !== undefined && (await isApproved(asking, earlier.id))) {
    await engine.approvals.withdraw(id)
    forget(asking, earlier.id)
    return { kind: 'present', approval: earlier.id, mayRun: true }
  }
  const entry = known ?? pending.find((one) => one.id === id)
  if (entry === undefined) return refused(id)
  if (isOpen && known !== undefined) return refused(known.id)
  if (isOpen || !isRoom || !isAskable(asking, entry)) {
    reserve(asking, entry.id, 0)
    return refused(entry.id)
  }
  const waitMs = Math.min(timeoutMs, entry.expires_at - entry.asked_at)
  reserve(asking, entry.id, now + waitMs)
  return put(asking, entry, waitMs)
}

function reserve({ questions, call, who }: Asking, id: string, until: number): void {
  questions.set(call, { id, who, until })
}

function entriesOf(
  { engine, judged }: Asking,
  state: 'pending' | 'approved',
): Promise<readonly ApprovalEntry[]> {
  const { tenant = null, agent = '' } = judged.ticket.subject ?? {}
  return engine.approvals.list({ state, tenant, agent })
}

async function isApproved(asking: Asking, id: string): Promise<boolean> {
  const approved = await entriesOf(asking, 'approved')
  return approved.some((entry) => entry.id === id)
}

function isAskable({ judged, settings }: Asking, entry: ApprovalEntry): boolean {
  const { incoming, ticket } = judged
  return (
    isTrustedWith(settings, ticket) &&
    isReachable(incoming) &&
    approverOf(settings, incoming, ticket, entry) !== undefined
  )
}

function put(
  asking: Asking,
  entry: ApprovalEntry,
  waitMs: number,
): AnsweredCall | Promise<AnsweredCall> {
  const { incoming } = asking.judged
  return incoming.context.era === 'modern'
    ? putInReply(asking, entry, waitMs)
    : putNow(asking, entry, waitMs)
}

/** The question is the answer; its state comes back with what was said. */
function putInReply(asking: Asking, entry: ApprovalEntry, waitMs: number): AnsweredCall {
  const { judged, settings, questions, call } = asking
  const requestState = signState(
    {
      approval: entry.id,
      call,
      expires: Date.now() + waitMs,
      nonce: randomBytes(16).toString('base64url'),
      app: appStateOf(judged.incoming),
    },
    settings.key ?? questions.key,
  )
  if (requestState === undefined) {
    reserve(asking, entry.id, 0)
    return refused(entry.id)
  }
  const question = { method: 'elicitation/create', params: questionParams(entry) }
  return {
    kind: 'reply',
    reply: {
      resultType: 'input_required',
      inputRequests: { [INPUT_KEY]: question },
      requestState,
    },
  }
}

async function putNow(asking: Asking, entry: ApprovalEntry, waitMs: number): Promise<AnsweredCall> {
  const { id } = entry
  const word = await askNow(asking.judged.incoming, entry, waitMs)
  switch (word.kind) {
    case 'said':
      return decide(asking, id, word.said)
    case 'elsewhere':
      forget(asking, id)
      return { kind: 'present', approval: id, mayRun: !word.isNo }
    case 'cancelled':
      // Nobody would present it any more: no person need look at it.
      forget(asking, id)
      await asking.engine.approvals.withdraw(id)
      return refused(undefined)
    case 'nobody':
      return refused(id)
  }
}
