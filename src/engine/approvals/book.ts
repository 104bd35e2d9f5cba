import { CallgateError } from '../../core/model/errors.ts'
import { andThen, type MaybePromise } from '../../core/model/json.ts'
import type {
  ApprovalBinding,
  ApprovalEntry,
  ApprovalFilter,
  ApprovalStore,
} from '../../core/model/ports.ts'
import type { CompiledPolicy } from '../../core/policy/compile.ts'
import type { SessionOwner } from '../sessions.ts'
import { approverFault } from './approvers.ts'
import { type ApprovalClock, deadlineAfter } from './clock.ts'
import { cut, escapeUnseen } from './escape.ts'
import { type Opened, open, type Question } from './open.ts'
import { createMemo } from './remembered.ts'
import { type ApprovalSettings, approvalSettings } from './settings.ts'
import { change, current, expire, type Shelf, sweep } from './shelf.ts'
import { type Standing, standingOf } from './standing.ts'

export interface Verdict {
  readonly outcome: 'approved' | 'denied'
  /** Undefined: nobody that is known, which only refuses. */
  readonly by: string | undefined
  readonly reason?: string | undefined
}

/** Who uses an approval, under which policy. */
export interface Use {
  readonly binding: ApprovalBinding
  readonly policy: CompiledPolicy
  /** Id of the decision. */
  readonly by: string
}

/** The one owner of what was asked and answered. All of it may reject: the store may be down. */
export interface Book {
  open(question: Question): MaybePromise<Opened>
  /**
   * Writes down an answer; the first one stands.
   * @throws {CallgateError} ERR_APPROVAL_CONFLICT, ERR_APPROVER_REFUSED
   */
  decide(id: string, verdict: Verdict): MaybePromise<ApprovalEntry>
  /** Nobody waits any more: what was not answered has expired. Gives the entry as it then is. */
  giveUp(id: string): MaybePromise<ApprovalEntry | undefined>
  /** Whether the approval is good for the call. Changes nothing but what is over. */
  look(id: string, use: Use): MaybePromise<Standing>
  /** The same, and uses it up: of any number of callers one gets `ok`. */
  consume(id: string, use: Use): MaybePromise<Standing>
  /** An approval that holds for the rest of the session, where the policy says so. */
  remembered(binding: ApprovalBinding, policy: CompiledPolicy): ApprovalEntry | undefined
  forget(session: string, owner?: SessionOwner): void
  list(filter: ApprovalFilter): MaybePromise<readonly ApprovalEntry[]>
  /** Told once, when the entry is answered or over in this process. Gives what ends the listening. */
  onDecided(id: string, listener: (entry: ApprovalEntry) => void): () => void
}

export interface BookOptions {
  readonly store: ApprovalStore
  readonly clock: ApprovalClock
  /** Questions that wait at once, of all agents. @default 1000 */
  readonly maxPending?: number
  /** For a replay, which nobody can stop: whoever answers may, and nothing is too much. */
  readonly isOpenToAll?: boolean
  /** Told of each approval that was given, refused or is over. */
  readonly onSettled?: (entry: ApprovalEntry) => void
}

const DEFAULT_MAX_PENDING = 1_000
const MAX_REASON = 500

export function createBook(options: BookOptions): Book {
  const shelf: Shelf = {
    store: options.store,
    clock: options.clock,
    maxPending: options.maxPending ?? DEFAULT_MAX_PENDING,
    settingsOf: options.isOpenToAll === true ? openSettings : approvalSettings,
    onSettled: options.onSettled ?? (() => undefined),
    opening: new Map(),
    listeners: new Map(),
  }
  const memo = createMemo(shelf.clock)
  const stand = (id: string, use: Use): MaybePromise<Standing> =>
    andThen(current(shelf, id), (entry) =>
      standingOf(entry, use.binding, shelf.settingsOf(use.policy)),
    )
  return {
    open: (question) => open(shelf, question),
    decide: (id, verdict) => andThen(current(shelf, id), (entry) => decide(shelf, entry, verdict)),
    giveUp: (id) =>
      andThen(current(shelf, id), (entry) =>
        entry?.state === 'pending' ? expire(shelf, entry) : entry,
      ),
    look: stand,
    consume: (id, use) =>
      andThen(stand(id, use), (standing) =>
        andThen(useUp(shelf, standing, use), (settled) => {
          if (settled.ok && shelf.settingsOf(use.policy).remember)
            memo.add(use.binding, use.policy.digest, settled.entry)
          return settled
        }),
      ),
    remembered: (binding, policy) =>
      shelf.settingsOf(policy).remember ? memo.get(binding, policy.digest) : undefined,
    forget: memo.forget,
    list: (filter) => andThen(sweep(shelf), () => shelf.store.list(filter)),
    onDecided(id, listener) {
      shelf.listeners.set(id, listener)
      return () => void shelf.listeners.delete(id)
    },
  }
}

function openSettings(policy: CompiledPolicy): ApprovalSettings {
  const open = { approvers: undefined, fourEyes: false, maxPending: Number.POSITIVE_INFINITY }
  return { ...approvalSettings(policy), ...open }
}

function decide(
  shelf: Shelf,
  entry: ApprovalEntry | undefined,
  { outcome, by, reason }: Verdict,
): MaybePromise<ApprovalEntry> {
  if (entry === undefined) throw conflict('there is no such approval')
  if (entry.state !== 'pending') throw conflict(`the approval is ${entry.state} already`)
  const { requesters, approvers, four_eyes: fourEyes } = entry
  // A refusal is taken from anybody: it only ever keeps a call from going out.
  const fault =
    outcome === 'approved' ? approverFault(by, { requesters, approvers, fourEyes }) : undefined
  if (fault !== undefined) throw new CallgateError('ERR_APPROVER_REFUSED', fault)
  const wanted = {
    state: outcome,
    by: by ?? null,
    reason: reason === undefined ? null : cut(escapeUnseen(reason), MAX_REASON),
    decided_at: shelf.clock.now(),
    ...(outcome === 'approved' ? deadlineAfter(shelf.clock, entry.ttl_ms) : {}),
  }
  return andThen(change(shelf, entry, wanted), ({ isMine, now }) => {
    if (isMine && now !== undefined) return now
    throw conflict(`the approval is ${now?.state ?? 'gone'} already`)
  })
}

function conflict(message: string): CallgateError {
  return new CallgateError('ERR_APPROVAL_CONFLICT', message)
}

function useUp(shelf: Shelf, standing: Standing, use: Use): MaybePromise<Standing> {
  if (!standing.ok) return standing
  const used = { state: 'used' as const, used_by: use.by }
  return andThen(change(shelf, standing.entry, used), ({ isMine, now }): Standing => {
    if (isMine) return standing
    const settled = standingOf(now, use.binding, shelf.settingsOf(use.policy))
    // Still given in another version: whoever changed it may be using it.
    return settled.ok
      ? { ok: false, reason: 'approval_used', detail: 'another call is using it', entry: now }
      : settled
  })
}
