import { isTombstoneSigned, readTombstone, type Tombstone } from '../query/tombstone.ts'
import { CheckpointWatch, type Lost, type Passed, type Place } from './checkpoint-watch.ts'
import { EngineRuns } from './engine-runs.ts'
import { Removals } from './removals.ts'
import { type Whole, wholeOf } from './sound-line.ts'
import type { LedgerFault, LedgerFaultKind, LedgerReport, VerifyOptions } from './verify-ledger.ts'

/** Takes the lines of a ledger one after the other. */
export class Verifier {
  readonly #options: VerifyOptions
  readonly #watch: CheckpointWatch
  readonly #runs = new EngineRuns()
  readonly #removals = new Removals()
  readonly #counts = { records: 0, removed: 0, torn: 0, missing: 0, chains: 0 }
  /** The last good record. */
  #last: Passed | undefined
  /** The file that is read, though nothing may be in it. */
  #file: string | null = null
  #prev: string | null = null
  #isBegun = false
  /** A last line that was cut short. The sink goes on in no file that has one. */
  #torn: Place | undefined
  /** What the first record follows, where older files are gone. */
  #after: string | null = null
  #fault: LedgerFault | undefined

  constructor(options: VerifyOptions) {
    this.#options = options
    this.#watch = new CheckpointWatch(options)
  }

  /** Of the file that is read next. */
  open(file: string): void {
    if (this.#torn !== undefined)
      this.refuse('not_a_record', this.#torn, 'is cut short, and is not in the last file')
    this.#file = file
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

  refuse(
    kind: LedgerFaultKind,
    { file, line }: Place,
    message: string,
    of: { readonly seq?: number; readonly id?: string | null } = {},
  ): false {
    this.#fault ??= { kind, file, line, seq: of.seq ?? null, id: of.id ?? null, message }
    return false
  }

  /** A last line without its line break. */
  tear(place: Place): void {
    this.#torn = place
    this.#counts.torn++
  }

  checkpointsHold(): boolean {
    const name = this.#watch.unsigned()
    if (name === undefined) return true
    const message = `nothing was read: ${name} is not signed with this key`
    return this.refuse('checkpoint_signature', { file: this.#file, line: 0 }, message)
  }

  end(): LedgerReport {
    const lost = this.#fault === undefined ? this.#watch.lost(this.#after === null) : undefined
    const good = lost === undefined ? this.#last : this.#refuseLost(lost)
    const records = good?.records ?? 0
    return {
      ok: this.#fault === undefined,
      fault: this.#fault,
      ...this.#counts,
      records,
      after: this.#after,
      removals: this.#removals.list(),
      checkpoints: this.#watch.report(records),
      last: good === undefined ? undefined : { seq: good.seq, hash: good.hash },
    }
  }

  /** Gives the last record that is known to be good. */
  #refuseLost({ name, before, instead }: Lost): Passed | undefined {
    const last = this.#last
    if (instead !== undefined) {
      const from = before === undefined ? 'the first' : `the one after line ${before.line}`
      const message = `is not the record that ${name} saw: one from ${from} up to here was changed, and the chain made anew`
      this.refuse('checkpoint', instead, message, instead)
      return before
    }
    const message =
      last === undefined
        ? `no record is there, and ${name} saw one: it was cut off`
        : `is the last one, and the record that ${name} saw is not there: cut off, or made anew`
    this.refuse('cut', last ?? { file: this.#file, line: 0 }, message, last)
    return last
  }

  #takeWhole(whole: Whole, place: Place): boolean {
    if (!this.#follows(whole.prev, place, whole)) return false
    const { seq, id, hash, told } = whole
    let missing = 0
    if (this.#isBegun || this.#after === null) missing = this.#runs.take(seq, told)
    else this.#runs.begin(seq)
    if (missing > 0 && this.#options.allowGaps !== true) {
      const message = `${missing} numbers are missing before it, and its sink does not say so`
      return this.refuse('seq_gap', place, message, whole)
    }
    const isMoved = this.#counts.removed > 0 || this.#after !== null
    if (!this.#watch.pass(whole, place, this.#counts.records + 1, isMoved))
      return this.refuse('checkpoint', place, 'is not where its checkpoint says', whole)
    this.#isBegun = true
    this.#prev = hash
    const records = ++this.#counts.records
    this.#last = { file: place.file, line: place.line, seq, id, hash, records }
    this.#counts.missing += missing + told
    return true
  }

  #takeTombstone(stone: Tombstone, place: Place): boolean {
    const { tombstoneKey = this.#options.publicKey } = this.#options
    const { seq } = stone
    if (!this.#follows(stone.prev, place, { seq })) return false
    if (tombstoneKey !== undefined && !isTombstoneSigned(stone, tombstoneKey)) {
      const message = 'records were removed, and it is not signed with this key'
      return this.refuse('tombstone', place, message, { seq })
    }
    for (const removed of stone.removed) {
      this.#runs.take(removed.seq)
      this.#watch.passRemoved(removed, place, this.#counts.records)
    }
    this.#isBegun = true
    this.#prev = stone.hash
    this.#counts.removed += stone.removed.length
    this.#removals.add(stone)
    return true
  }

  /**
   * A ledger whose older files are gone begins after a record that somebody vouches for. A file may
   * begin a chain of its own: who can make one of what is there could as well have linked it.
   */
  #follows(
    link: string | null,
    place: Place,
    of: { readonly seq: number; readonly id?: string },
  ): boolean {
    if (link === null && (!this.#isBegun || (place.file !== null && place.line === 1))) {
      this.#counts.chains++
      return true
    }
    if (this.#isBegun || link === null)
      return link === this.#prev || this.refuse('prev', place, BROKEN, of)
    this.#after = link
    this.#counts.chains++
    const point = this.#watch.beginsAfter(link)
    const { after, fromCheckpoint = false } = this.#options
    if (link === after || point?.isDeleted === true) return true
    if (point === undefined) return this.refuse('prev', place, HEADLESS, of)
    if (fromCheckpoint) return true
    const message = `is the first one here, and follows ${point.name}: older records are gone; where that is meant, say so by \`--from-checkpoint\` (\`fromCheckpoint\`)`
    return this.refuse('head_cut', place, message, of)
  }
}

const BROKEN = 'does not follow the record before it: one was taken out, put in or moved'
const HEADLESS = 'is not the first of its chain: older files are missing, or records were taken out'
