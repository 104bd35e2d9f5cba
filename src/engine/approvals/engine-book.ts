import { randomBytes } from 'node:crypto'
import { MemoryApprovals } from '../../stores/memory-approvals.ts'
import type { LineParts } from '../line-record.ts'
import type { EngineLimits, EngineOptions } from '../options.ts'
import { type Book, createBook } from './book.ts'
import { boundedStore } from './bounded-store.ts'
import { noteApproval } from './note.ts'

/** What an engine makes its book from. */
export interface BookParts extends Pick<LineParts, 'audit' | 'now' | 'nextId'> {
  readonly options: EngineOptions
  readonly limits: Required<EngineLimits>
  readonly isOpenToAll: boolean
}

/** The book of one engine. Each start of a process has clocks of its own. */
export function createEngineBook(parts: BookParts): Book {
  const { options, limits, audit, now, nextId, isOpenToAll } = parts
  const { clock } = options
  const steady = (): number => clock?.monotonic?.() ?? performance.now()
  const store = options.stores?.approvals ?? new MemoryApprovals()
  return createBook({
    store: boundedStore(store, limits.gateTimeoutMs),
    isOpenToAll,
    clock: { boot: randomBytes(8).toString('hex'), now, steady },
    // Not waited for: records keep their order, and the call's own, which follows, holds this one up.
    onSettled: (entry) => void noteApproval({ audit, nextId, now }, entry),
  })
}
