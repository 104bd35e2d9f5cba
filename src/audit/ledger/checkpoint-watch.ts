import type { KeyLike } from 'node:crypto'
import { basename } from 'node:path'
import { type Checkpoint, isSignedBy } from './checkpoint.ts'
import type { Whole } from './sound-line.ts'
import type { CheckpointReport, VerifyOptions } from './verify-ledger.ts'

export interface Place {
  readonly file: string | null
  readonly line: number
}

/** A record of the ledger, and how many good ones there are up to it. */
export interface Passed extends Place, Pick<Whole, 'seq' | 'hash'> {
  readonly id: string | null
  readonly records: number
}

/** A checkpoint whose record is not there. */
export interface Lost {
  /** `checkpoint 3 of 15 (...)`. */
  readonly name: string
  /** The record of the checkpoint before it: up to there all is as it was. */
  readonly before: Passed | undefined
  /** What stands in its place: a record of the same number and time, and another hash. */
  readonly instead: (Place & Pick<Whole, 'seq' | 'id'>) | undefined
}

/** Sees which records of checkpoints a ledger has. */
export class CheckpointWatch {
  readonly #points: readonly Checkpoint[]
  readonly #publicKey: KeyLike | undefined
  /** Those that say what was deleted come first to hand: they say more of the same record. */
  readonly #byHash: ReadonlyMap<string, Checkpoint>
  readonly #byNumber: ReadonlyMap<string, Checkpoint>
  readonly #found = new Map<string, Passed>()
  readonly #instead = new Map<string, Lost['instead']>()
  #last: Passed | undefined

  constructor({ checkpoints = [], publicKey }: VerifyOptions) {
    this.#points = checkpoints
    this.#publicKey = publicKey
    const deletedLast = [...checkpoints].sort((one, other) => rankOf(one) - rankOf(other))
    this.#byHash = new Map(deletedLast.map((point) => [point.hash, point]))
    this.#byNumber = new Map(checkpoints.map((point) => [numberOf(point), point]))
  }

  /** The name of the first that nobody signed. */
  unsigned(): string | undefined {
    const key = this.#publicKey
    if (key === undefined) return undefined
    const index = this.#points.findIndex((point) => !isSignedBy(point, key))
    const point = this.#points[index]
    return point === undefined ? undefined : this.#nameOf(point)
  }

  /** The checkpoint of the record before the first of a ledger whose older files are gone. */
  beginsAfter(hash: string): { readonly name: string; readonly isDeleted: boolean } | undefined {
    const point = this.#byHash.get(hash)
    if (point === undefined) return undefined
    const place = { file: null, line: 0, seq: point.seq, id: null, hash, records: 0 }
    this.#found.set(hash, place)
    this.#last = place
    return { name: this.#nameOf(point), isDeleted: point.deleted === true }
  }

  /** False where a checkpoint has its record elsewhere. `isMoved`: lines before it are gone, on purpose. */
  pass(whole: Whole, place: Place, records: number, isMoved: boolean): boolean {
    const point = this.#byHash.get(whole.hash)
    if (point === undefined) {
      const other = this.#byNumber.get(numberOf(whole))
      if (other !== undefined) this.#instead.set(other.hash, { ...place, ...whole })
      return true
    }
    const { seq, id, hash } = whole
    const { file, line } = place
    const isSamePlace =
      point.seq === seq &&
      // A file that was renamed since has the same lines; moved up, seq and hash say enough.
      (file === null || basename(file) !== point.file || point.count === line || isMoved)
    if (isSamePlace) this.#find({ file, line, seq, id, hash, records })
    return isSamePlace
  }

  /** A record that was removed on purpose, and was there. */
  passRemoved(removed: Pick<Whole, 'seq' | 'hash'>, place: Place, records: number): void {
    if (!this.#byHash.has(removed.hash)) return
    const { seq, hash } = removed
    this.#find({ ...place, seq, id: null, hash, records })
  }

  /** The first whose record is gone. Those before the first that is there are of older files. */
  lost(isWholeChain: boolean): Lost | undefined {
    const wanted = this.#wanted()
    const first = wanted.findIndex(({ hash }) => this.#found.has(hash))
    const from = isWholeChain ? 0 : Math.max(0, first)
    const index = wanted.findIndex(({ hash }, at) => at >= from && !this.#found.has(hash))
    const point = wanted[index]
    if (point === undefined) return undefined
    const before = wanted[index - 1]
    return {
      name: this.#nameOf(point),
      before: before === undefined ? undefined : this.#found.get(before.hash),
      instead: this.#instead.get(point.hash),
    }
  }

  report(records: number): CheckpointReport | undefined {
    if (this.#points.length === 0) return undefined
    const last = this.#last
    return {
      given: this.#points.length,
      signed: this.#publicKey !== undefined,
      last: last === undefined ? null : { seq: last.seq, hash: last.hash, record: last.records },
      after: records - (last?.records ?? 0),
    }
  }

  #find(passed: Passed): void {
    this.#found.set(passed.hash, passed)
    this.#last = passed
  }

  /** In the order of the chain. What was deleted need not be there, and is told of late. */
  #wanted(): readonly Checkpoint[] {
    const first = new Map<string, Checkpoint>()
    for (const point of this.#points)
      if (point.deleted !== true && !first.has(point.hash)) first.set(point.hash, point)
    return [...first.values()]
  }

  #nameOf(point: Checkpoint): string {
    const { seq, ts, count, file } = point
    const number = this.#points.indexOf(point) + 1
    return `checkpoint ${number} of ${this.#points.length} (seq ${seq} at ${ts}, record ${count} of ${file})`
  }
}

const rankOf = ({ deleted }: Checkpoint): number => (deleted === true ? 1 : 0)

const numberOf = ({ seq, ts }: { readonly seq: number; readonly ts: string }): string =>
  `${seq} ${ts}`
