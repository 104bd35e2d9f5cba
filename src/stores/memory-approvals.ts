import type {
  ApprovalEntry,
  ApprovalFilter,
  ApprovalState,
  ApprovalStore,
} from '../core/model/ports.ts'

export interface MemoryApprovalBounds {
  /** Approvals that wait, or were given and not used. No more are taken beyond. @default 10000 */
  readonly maxOpen?: number
  /** Others, kept so that a second use can be told; the first closed goes first. @default 2000 */
  readonly maxClosed?: number
}

/**
 * Approvals in memory. What is open is never dropped. A class, as its state is used by each of its
 * steps. Synchronous, so that each step is atomic.
 */
export class MemoryApprovals implements ApprovalStore {
  readonly #maxOpen: number
  readonly #maxClosed: number
  readonly #open = new Map<string, ApprovalEntry>()
  readonly #closed = new Map<string, ApprovalEntry>()

  constructor({ maxOpen = 10_000, maxClosed = 2_000 }: MemoryApprovalBounds = {}) {
    for (const [name, value] of Object.entries({ maxOpen, maxClosed }))
      if (!(Number.isSafeInteger(value) && value >= 1))
        throw new RangeError(`\`${name}\` must be a whole number of at least 1`)
    this.#maxOpen = maxOpen
    this.#maxClosed = maxClosed
  }

  get(id: string): ApprovalEntry | undefined {
    return this.#open.get(id) ?? this.#closed.get(id)
  }

  add(entry: ApprovalEntry): boolean {
    if (this.get(entry.id) !== undefined) return false
    if (isOpen(entry.state) && this.#open.size >= this.#maxOpen) return false
    this.#put(kept(entry))
    return true
  }

  replace(entry: ApprovalEntry, version: number): boolean {
    if (this.get(entry.id)?.version !== version) return false
    this.#put(kept(entry))
    return true
  }

  list(filter: ApprovalFilter = {}): readonly ApprovalEntry[] {
    const { state, limit = Number.POSITIVE_INFINITY } = filter
    const open = [...this.#open.values()]
    const all = state !== undefined && isOpen(state) ? open : [...this.#closed.values(), ...open]
    return all
      .filter((entry) => isAsked(entry, filter))
      .sort((one, other) => one.asked_at - other.asked_at)
      .slice(0, Math.max(0, limit))
  }

  #put(entry: ApprovalEntry): void {
    const { id } = entry
    if (isOpen(entry.state)) {
      this.#closed.delete(id)
      this.#open.set(id, entry)
      return
    }
    this.#open.delete(id)
    this.#closed.set(id, entry)
    if (this.#closed.size <= this.#maxClosed) return
    const oldest = this.#closed.keys().next().value
    if (oldest !== undefined) this.#closed.delete(oldest)
  }
}

function isAsked(entry: ApprovalEntry, { state, tenant, agent }: ApprovalFilter): boolean {
  if (state !== undefined && entry.state !== state) return false
  if (tenant !== undefined && entry.binding.tenant !== tenant) return false
  return agent === undefined || entry.binding.agent === agent
}

function isOpen(state: ApprovalState): boolean {
  return state === 'pending' || state === 'approved'
}

/** A copy, so that nobody changes what is kept. */
function kept(entry: ApprovalEntry): ApprovalEntry {
  const copy = structuredClone(entry)
  Object.freeze(copy.binding)
  Object.freeze(copy.requesters)
  if (copy.approvers !== null) Object.freeze(copy.approvers)
  return Object.freeze(copy)
}
