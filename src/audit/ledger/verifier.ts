import { basename } from 'node:path'
import { isTombstoneSigned, readTombstone, type Tombstone } from '../query/tombstone.ts'
import { type Checkpoint, isSignedBy } from './checkpoint.ts'
import { EngineRuns } from './engine-runs.ts'
import { type Whole, wholeOf } from './sound-line.ts'
import type { LedgerFault, LedgerFaultKind, LedgerReport, VerifyOptions } from './verify-ledger.ts'

export interface Place {
  readonly file: string | null
  readonly line: number
}

/** Takes the lines of a ledger one after the other. */
export class Verifier {
  readonly #options: VerifyOptions
  readonly #points: readonly Checkpoint[]
  readonly #byHash: ReadonlyMap<string, Checkpoint>
  readonly #found = new Set<string>()
  readonly #runs = new EngineRuns()
  readonly #counts = { records: 0, removed: 0, torn: 0, missing: 0, chains: 0 }
  #last: (Place & Whole) | undefined
  #prev: string | null = null
  #isBegun = false
  /** False where older files are gone. */
  #isWholeChain = true
  #fault: LedgerFault | undefined

  constructor(options: VerifyOptions) {
    this.#options = options
    this.#points = options.checkpoints ?? []
    this.#byHash = new Map(this.#points.map((point) => [point.hash, point]))
  }

  /** False once there is a fault. */
  take(text: string, place: Place): boolean {
    if (this.#fault !== undefined) return false
    const stone = text.includes('"kind":"tombstone"') ? readTombstone(text) : undefined
    if (stone !== undefined) return this.#takeTombstone(stone, place)
    const whole = wholeOf(text)
    if ('kind' in whole) return this.refuse(whole.kind, place, whole.message, whole)
    return this.#takeWhole(whole, place)
  }

  refuse(kind: LedgerFaultKind, place: Place, message: string, of: Partial<Whole> = {}): false {
    this.#fault ??= { kind, ...place, seq: of.seq ?? null, id: of.id ?? null, message }
    return false
  }

  /** A last line without its line break. */
  tear(): void {
    this.#counts.torn++
  }

  checkpointsHold(): boolean {
    const { publicKey } = this.#options
    if (publicKey === undefined) return true
    const bad = this.#points.find((point) => !isSignedBy(point, publicKey))
    if (bad === undefined) return true
    const place = { file: bad.file, line: bad.count }
    return this.refuse(
      'checkpoint_signature',
      place,
      'its checkpoint is not signed with this key',
      {
        seq: bad.seq,
      },
    )
  }

  end(): LedgerReport {
    const last = this.#last
    const lost = lostPoint(this.#points, this.#found, this.#isWholeChain)
    if (lost !== undefined) {
      const place = { file: last?.file ?? null, line: last?.line ?? 0 }
      const message = `record ${lost.seq} of a checkpoint is not there; this one is the last`
      this.refuse('cut', place, message, last)
    }
    const end = last === undefined ? undefined : { seq: last.seq, hash: last.hash }
    return { ok: this.#fault === undefined, fault: this.#fault, ...this.#counts, last: end }
  }

  #takeWhole(whole: Whole, place: Place): boolean {
    if (!this.#follows(whole.prev, place))
      return this.refuse('prev', place, linkMessage(this.#isBegun), whole)
    const { seq, told } = whole
    let missing = 0
    if (this.#isBegun || this.#isWholeChain) missing = this.#runs.take(seq, told)
    else this.#runs.begin(seq)
    if (missing > 0 && this.#options.allowGaps !== true) {
      const message = `${missing} numbers are missing before it, and its sink does not say so`
      return this.refuse('seq_gap', place, message, whole)
    }
    if (!this.#isAsCheckpointSays(whole, place))
      return this.refuse('checkpoint', place, 'is not where its checkpoint says', whole)
    this.#isBegun = true
    this.#prev = whole.hash
    this.#last = { ...whole, ...place }
    this.#counts.records++
    this.#counts.missing += missing + told
    return true
  }

  #takeTombstone(stone: Tombstone, place: Place): boolean {
    const { publicKey } = this.#options
    const { seq } = stone
    if (!this.#follows(stone.prev, place))
      return this.refuse('prev', place, linkMessage(this.#isBegun), { seq })
    if (publicKey !== undefined && !isTombstoneSigned(stone, publicKey))
      return this.refuse('tombstone', place, 'records were removed, and nobody signed that', {
        seq,
      })
    for (const removed of stone.removed) {
      this.#runs.take(removed.seq)
      if (this.#byHash.has(removed.hash)) this.#found.add(removed.hash)
    }
    this.#isBegun = true
    this.#prev = stone.hash
    this.#counts.removed += stone.removed.length
    return true
  }

  /**
   * A ledger whose older files are gone begins after a record that somebody vouches for. A file may
   * begin a chain of its own: who can make one of what is there could as well have linked it.
   */
  #follows(link: string | null, { file, line }: Place): boolean {
    if (link === null && (!this.#isBegun || (file !== null && line === 1))) {
      this.#counts.chains++
      return true
    }
    if (this.#isBegun || link === null) return link === this.#prev
    this.#isWholeChain = false
    this.#counts.chains++
    if (this.#byHash.has(link)) this.#found.add(link)
    return link === this.#options.after || this.#byHash.has(link)
  }

  #isAsCheckpointSays({ hash, seq }: Whole, { file, line }: Place): boolean {
    const point = this.#byHash.get(hash)
    if (point === undefined) return true
    this.#found.add(hash)
    // A file that was renamed since has the same lines.
    return (
      point.seq === seq &&
      (file === null ||
        basename(file) !== point.file ||
        point.count === line ||
        // Where records were removed, those behind them have moved up: seq and hash say enough.
        this.#counts.removed > 0)
    )
  }
}

/** A checkpoint whose record is gone. Those before the first that is there may be of older files. */
function lostPoint(
  points: readonly Checkpoint[],
  found: ReadonlySet<string>,
  isWholeChain: boolean,
): Checkpoint | undefined {
  const from = isWholeChain
    ? 0
    : Math.max(
        0,
        points.findIndex(({ hash }) => found.has(hash)),
      )
  return points.slice(from).find(({ hash }) => !found.has(hash))
}

function linkMessage(isBegun: boolean): string {
  return isBegun
    ? 'does not follow the record before it: one was taken out, put in or moved'
    : 'is not the first of its chain: older files are missing, or records were taken out'
}
