import type { Call } from '../../core/model/call.ts'
import type { Decision } from '../../core/model/decision.ts'
import { isCallgateError } from '../../core/model/errors.ts'
import { isPromise, type JsonObject } from '../../core/model/json.ts'
import type { Approval, ApprovalEntry, Approvals } from '../../core/model/ports.ts'
import { within } from '../wait.ts'
import type { Book, Verdict } from './book.ts'
import { refusalOf } from './standing.ts'

/** What became of asking a person. */
export type Answer =
  | { readonly kind: 'approved'; readonly by: string }
  | {
      readonly kind: 'denied'
      readonly reason: 'approval_denied' | 'approval_expired' | 'approval_used' | 'gate_failed'
      readonly detail: string
      /** Who said no; undefined where nobody did. */
      readonly by: string | undefined
    }

/** A question that is in the book, and whom to ask. */
export interface Asking {
  readonly approvals: Approvals
  readonly book: Book
  /** Resolves when it is answered elsewhere, such as by `engine.approvals.approve`. */
  readonly elsewhere: Promise<ApprovalEntry>
  readonly call: Call
  readonly decision: Decision
  readonly arguments: JsonObject
  readonly expiresAt: number
  readonly waitMs: number
  readonly signal: AbortSignal | undefined
  readonly report: (cause: unknown) => void
}

/**
 * Asks, and waits no longer than the limit. The first answer is written into the book and stands;
 * anything but a clear yes of somebody else is a no.
 */
export async function ask(asking: Asking): Promise<Answer> {
  const over = new AbortController()
  try {
    const said = await firstWord(asking, over.signal)
    return await settle(asking, said)
  } catch (cause) {
    asking.report(cause)
    await closeQuietly(asking)
    return refuse('gate_failed', 'asking for approval failed')
  } finally {
    over.abort()
  }
}

type Said = Awaited<ReturnType<Approvals['ask']>> | undefined
type Word =
  | { readonly kind: 'said'; readonly said: Said }
  | { readonly kind: 'elsewhere'; readonly entry: ApprovalEntry }
  | { readonly kind: 'nobody'; readonly detail: string }

function firstWord(asking: Asking, over: AbortSignal): Word | Promise<Word> {
  const { approvals, call, decision, signal, elsewhere, waitMs } = asking
  const approval: Approval = Object.freeze({
    id: decision.id,
    call,
    decision,
    arguments: asking.arguments,
    expires_at: asking.expiresAt,
  })
  const stopped = signal === undefined ? over : AbortSignal.any([signal, over])
  const answer = approvals.ask(approval, stopped)
  if (!isPromise(answer)) return { kind: 'said', said: answer }
  const race: Promise<Word> = Promise.race([
    answer.then((said): Word => ({ kind: 'said', said })),
    elsewhere.then((entry): Word => ({ kind: 'elsewhere', entry })),
    whenAborted(signal, over),
  ])
  return within(race, waitMs, () => nobody(`nobody answered within ${waitMs} ms`))
}

function nobody(detail: string): Word {
  return { kind: 'nobody', detail }
}

async function settle(asking: Asking, word: Word): Promise<Answer> {
  const { book, decision } = asking
  if (word.kind === 'elsewhere') return answerOf(word.entry)
  if (word.kind === 'nobody') return answerOf(await book.giveUp(decision.id), word.detail)
  const { said } = word
  const by = typeof said?.by === 'string' && said.by !== '' ? said.by : undefined
  const reason = typeof said?.reason === 'string' ? said.reason : undefined
  if (said?.outcome !== 'approved') return writeDown(asking, { outcome: 'denied', by, reason })
  return writeDown(asking, { outcome: 'approved', by, reason })
}

/** As it stands in the book then: where somebody was first, what they said. */
async function writeDown({ book, decision }: Asking, verdict: Verdict): Promise<Answer> {
  try {
    return answerOf(await book.decide(decision.id, verdict))
  } catch (error) {
    if (!isCallgateError(error)) throw error
    if (error.code === 'ERR_APPROVER_REFUSED') {
      const { by } = verdict
      await book.decide(decision.id, { outcome: 'denied', by, reason: error.message })
      return refuse('approval_denied', error.message, by)
    }
    return answerOf(await book.giveUp(decision.id))
  }
}

function answerOf(entry: ApprovalEntry | undefined, nobodyCame?: string): Answer {
  if (entry === undefined) return refuse('gate_failed', 'the approval is gone')
  switch (entry.state) {
    case 'approved':
      return { kind: 'approved', by: entry.by ?? '' }
    case 'denied':
      return refuse('approval_denied', refusalOf(entry), entry.by ?? undefined)
    case 'used':
      return refuse('approval_used', 'another call has used this approval')
    default:
      return refuse('approval_expired', nobodyCame ?? 'nobody answered in time')
  }
}

/** Nobody waits for it any more; where the store is what failed, it expires by itself. */
async function closeQuietly({ book, decision, report }: Asking): Promise<void> {
  try {
    await book.giveUp(decision.id)
  } catch (cause) {
    report(cause)
  }
}

/** Resolves when the caller gives up; its listener goes when the asking is over. */
function whenAborted(signal: AbortSignal | undefined, over: AbortSignal): Promise<Word> {
  const given = nobody('the caller gave up before anybody answered')
  return new Promise((resolve) => {
    if (signal?.aborted) resolve(given)
    else signal?.addEventListener('abort', () => resolve(given), { once: true, signal: over })
  })
}

function refuse(
  reason: Extract<Answer, { kind: 'denied' }>['reason'],
  detail: string,
  by?: string,
): Answer {
  return { kind: 'denied', reason, detail, by }
}
