import type { Call } from '../../core/model/call.ts'
import { andThen, isPromise, type JsonObject, type MaybePromise } from '../../core/model/json.ts'
import type { ApprovalBinding, ApprovalEntry } from '../../core/model/ports.ts'
import type { CompiledPolicy } from '../../core/policy/compile.ts'
import { requestersOf } from './binding.ts'
import { deadlineAfter } from './clock.ts'
import { expireAll, hasEnded, type Shelf, sweep } from './shelf.ts'
import { questionText, type Why } from './text.ts'

/** What is put before a person. */
export interface Question {
  readonly call: Call
  readonly binding: ApprovalBinding
  /** What would be dispatched. */
  readonly arguments: JsonObject
  readonly policy: CompiledPolicy
  readonly why: Why
  /** Milliseconds it stays open. */
  readonly waitMs: number
}

export type Opened =
  | { readonly ok: true; readonly entry: ApprovalEntry }
  /** There are too many already. */
  | { readonly ok: false; readonly detail: string }

/**
 * Puts a question into the store, where the agent has room for one more. What waits is never pushed out
 * by what comes later.
 */
export function open(shelf: Shelf, question: Question): MaybePromise<Opened> {
  const { opening } = shelf
  const { id } = question.call
  const ahead = [...opening]
  opening.set(id, ownerOf(question.binding))
  const done = (): void => void opening.delete(id)
  let opened: MaybePromise<Opened>
  try {
    opened = andThen(shelf.store.list({ state: 'pending' }), (listed) => {
      const full = fullness(shelf, question, listed, ahead)
      return andThen(expireAll(shelf, listed), () =>
        full === undefined ? add(shelf, question) : tooMany(full),
      )
    })
  } catch (error) {
    done()
    throw error
  }
  if (isPromise(opened)) return opened.finally(done)
  done()
  return opened
}

/** What there is too much of. A question on its way counts as if it were there, and once. */
function fullness(
  shelf: Shelf,
  { binding, policy }: Question,
  listed: readonly ApprovalEntry[],
  ahead: readonly (readonly [string, string])[],
): string | undefined {
  const waiting = new Map(ahead)
  for (const entry of listed)
    if (!hasEnded(shelf, entry)) waiting.set(entry.id, ownerOf(entry.binding))
  const owner = ownerOf(binding)
  const own = [...waiting.values()].filter((one) => one === owner).length
  const { maxPending } = shelf.settingsOf(policy)
  if (own >= maxPending) return `${maxPending} calls of this agent wait`
  return waiting.size >= shelf.maxPending ? 'too many calls wait' : undefined
}

function ownerOf({ tenant, agent }: ApprovalBinding): string {
  return JSON.stringify([tenant, agent])
}

function add(shelf: Shelf, question: Question): MaybePromise<Opened> {
  const entry = entryOf(shelf, question)
  const taken: Opened = { ok: true, entry }
  return andThen(shelf.store.add(entry), (isAdded) => {
    if (isAdded === true) return taken
    // Approvals that were given and never used may hold the room.
    return andThen(sweep(shelf), () =>
      andThen(shelf.store.add(entry), (isNow) =>
        isNow === true ? taken : tooMany('there is no room for another question'),
      ),
    )
  })
}

function entryOf({ clock, settingsOf }: Shelf, question: Question): ApprovalEntry {
  const { call, binding, policy, waitMs } = question
  const { approvers, fourEyes, ttlMs } = settingsOf(policy)
  return Object.freeze({
    id: call.id,
    version: 1,
    state: 'pending',
    binding,
    requesters: requestersOf(call.subject),
    policy_digest: policy.digest,
    trace: call.trace,
    text: questionText(call, question.arguments, question.why),
    approvers: approvers ?? null,
    four_eyes: fourEyes,
    ttl_ms: ttlMs,
    asked_at: clock.now(),
    ...deadlineAfter(clock, waitMs),
    by: null,
    reason: null,
    decided_at: null,
    used_by: null,
  })
}

function tooMany(what: string): Opened {
  const detail = `a person must approve this call, and cannot be asked: ${what} for a person already`
  return { ok: false, detail }
}
