import type { ApprovalEntry } from '../../core/model/ports.ts'
import type { Incoming } from '../server/server-guard.ts'
import { questionParams, type Said, saidOf } from './question.ts'

/** What came of a question that was waited for. */
export type Word =
  | { readonly kind: 'said'; readonly said: Said }
  /** Somebody else was first, or it is over. */
  | { readonly kind: 'elsewhere'; readonly isNo: boolean }
  /** The caller has given up. */
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'nobody' }

/** Asks the client while its request waits. Whatever goes wrong on the way, nobody has answered then. */
export async function askNow(
  { guard, context }: Incoming,
  entry: ApprovalEntry,
  timeoutMs: number,
): Promise<Word> {
  const { engine, host } = guard
  const params = questionParams(entry)
  // The question is the guard's own: it is not a call that the server makes.
  guard.questions.add(params)
  const stop = new AbortController()
  const cancel = (): void => stop.abort('the request was cancelled')
  const { signal } = context
  signal?.addEventListener('abort', cancel, { once: true })
  let elsewhere: Word | undefined
  const hush = engine.subscribe((record) => {
    if (record.kind !== 'approval' || record.approval_id !== entry.id) return
    if (record.status === 'pending') return
    elsewhere ??= { kind: 'elsewhere', isNo: record.status === 'denied' }
    stop.abort('it was answered elsewhere')
  })
  let said: Said | undefined
  try {
    if (signal?.aborted !== true) {
      const { requestId: relatedRequestId } = context
      const options = { relatedRequestId, signal: stop.signal, timeout: timeoutMs }
      said = saidOf(await host.elicitInput?.(params, options))
    }
  } catch {
    // No way back, no such capability, no answer in time, or one of the wrong form.
  }
  hush()
  signal?.removeEventListener('abort', cancel)
  if (signal?.aborted === true) return { kind: 'cancelled' }
  if (elsewhere !== undefined) return elsewhere
  return said === undefined ? { kind: 'nobody' } : { kind: 'said', said }
}
