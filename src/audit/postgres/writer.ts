import { CallgateError } from '../../core/model/errors.ts'
import { EngineRuns } from '../ledger/engine-runs.ts'
import type { SinkDiagnostic } from '../sink-options.ts'
import { settledWithin, type Timers } from '../timers.ts'
import { type Chain, ChainBrokenError, createChain } from './chain.ts'
import { codeOf, isOfRecord, mayPass, type PostgresClient } from './client.ts'
import { type Batch, batchOf, type Head, type Links, link } from './links.ts'
import type { Names } from './names.ts'
import type { Entry } from './queue.ts'

export interface WriterOptions {
  readonly client: PostgresClient
  readonly names: Names
  readonly chain: string
  readonly timers: Timers
  readonly report: (diagnostic: SinkDiagnostic) => void
  /** Makes or looks at the table, before the first record. */
  readonly setUp: () => Promise<void>
}

const FIRST_PAUSE_MS = 10
const LONGEST_PAUSE_MS = 500

class TimeoutError extends Error {}

/** Appends batches to one chain, one at a time, and tries again what may pass. */
export class Writer {
  readonly #options: WriterOptions
  readonly #chain: Chain
  #isSetUp = false
  /** Undefined where nobody knows: at the start, and after a fault. */
  #head: Head | undefined
  /** Numbers of what it has kept itself. Undefined before the first claim. */
  #runs: EngineRuns | undefined
  /** What is under way. */
  #sent: Batch | undefined
  /** What each write was linked behind last. */
  readonly #links = new WeakMap<Entry, Links>()
  /** The last record that is under way or linked ahead of its turn. */
  #ahead: Head | undefined
  /** Linked and written out ahead of its turn. */
  #ready: Batch | undefined
  #hasShared = false

  constructor(options: WriterOptions) {
    this.#options = options
    this.#chain = createChain(options.client, options.names, options.chain)
  }

  /** Where its turn comes otherwise it is linked again. */
  link(entry: Entry): void {
    if (this.#ahead !== undefined) this.#ahead = this.#linksOf(entry, this.#ahead).head
  }

  /** Where its turn comes otherwise it is made again. */
  prepare(entries: readonly Entry[]): void {
    if (this.#sent !== undefined) this.#ready = this.#batchOf(entries, this.#sent.head)
  }

  /** A record that the table refuses is found by halves: others of its batch do not suffer. */
  async keep(entries: readonly Entry[]): Promise<() => void> {
    try {
      await this.#append(entries)
      return () => {
        for (const entry of entries) entry.kept()
      }
    } catch (error) {
      if (entries.length === 1 || !isOfRecord(error))
        return () => {
          for (const entry of entries) entry.lost(this.#refusal(error))
        }
      const half = entries.length >> 1
      const tell = await this.keep(entries.slice(0, half))
      tell()
      return this.keep(entries.slice(half))
    }
  }

  async #append(entries: readonly Entry[]): Promise<void> {
    const until = Math.min(...entries.map((entry) => entry.until))
    const { timers } = this.#options
    let doubtful: Batch | undefined
    for (let tries = 0; ; tries++) {
      this.#sent = undefined
      try {
        if (await this.#try(entries, until, doubtful)) return
        this.#tellShared()
      } catch (error) {
        if (!isOfRecord(error)) this.#head = undefined
        doubtful = this.#sent ?? doubtful
        this.#goOnOrThrow(error)
      }
      if (timers.now() >= until) throw new TimeoutError('it could not be written in time')
      await this.#pause(tries)
    }
  }

  /** False: others have the chain, or have moved it. */
  async #try(
    entries: readonly Entry[],
    until: number,
    doubtful: Batch | undefined,
  ): Promise<boolean> {
    if (!this.#isSetUp) await this.#within(until, this.#options.setUp())
    this.#isSetUp = true
    if (this.#head === undefined) {
      const claimed = await this.#within(until, this.#chain.claim())
      if (claimed === undefined) return false
      // From here on what was under way comes too late: it is in the table, or never will be.
      const isKept =
        doubtful !== undefined && (await this.#within(until, this.#chain.holds(doubtful)))
      if (isKept) this.#runs = doubtful.head.runs
      this.#runs ??= runsAfter(claimed.lastSeq)
      this.#head = { ...claimed.head, runs: this.#runs }
      if (isKept) return true
    }
    const batch = this.#batchOf(entries, this.#head)
    this.#sent = batch
    const moved = await this.#within(until, this.#chain.append(batch))
    this.#head = moved ? batch.head : undefined
    if (moved) this.#runs = batch.head.runs
    return moved
  }

  #batchOf(entries: readonly Entry[], after: Head): Batch {
    let head = after
    const links = entries.map((entry) => {
      const linked = this.#linksOf(entry, head)
      head = linked.head
      return linked
    })
    this.#ahead = head
    // Hashes tell links apart: what ends with the same one is the same.
    const ready = this.#ready
    const isReady = ready !== undefined && isSame(ready.after, after) && isSame(ready.head, head)
    return isReady ? ready : batchOf(links, after)
  }

  #linksOf(entry: Entry, after: Head): Links {
    const ahead = this.#links.get(entry)
    if (ahead !== undefined && isSame(ahead.after, after)) return ahead
    const links = link(entry.records, after)
    this.#links.set(entry, links)
    return links
  }

  async #within<T>(until: number, step: Promise<T>): Promise<T> {
    const { timers } = this.#options
    const left = Math.max(1, until - timers.now())
    if (await settledWithin(step, left, timers)) return step
    throw new TimeoutError('there was no answer in time')
  }

  /** Not all at the same moment, where several wait for one chain. */
  #pause(tries: number): Promise<void> {
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries)
    const { timers } = this.#options
    return new Promise((resolve) => {
      timers.after(longest * (0.5 + Math.random() / 2), resolve)
    })
  }

  #goOnOrThrow(error: unknown): void {
    const isFinal =
      error instanceof TimeoutError ||
      error instanceof ChainBrokenError ||
      error instanceof CallgateError
    if (isFinal || !mayPass(error)) throw error
    const { names, report } = this.#options
    const message = `table \`${names.table}\`: a batch is tried again after ${nameOf(error)}`
    report({ code: 'audit_retry', message })
  }

  #tellShared(): void {
    if (this.#hasShared) return
    this.#hasShared = true
    const { names, chain, report } = this.#options
    report({
      code: 'audit_chain_shared',
      message: `others write chain \`${chain}\` of table \`${names.table}\` too: with one each nobody waits`,
    })
  }

  #refusal(error: unknown): CallgateError {
    if (error instanceof CallgateError) return error
    const isOurs = error instanceof TimeoutError || error instanceof ChainBrokenError
    const constraint = (error as { constraint?: unknown } | null)?.constraint
    const rule = typeof constraint === 'string' ? `, constraint \`${constraint.slice(0, 64)}\`` : ''
    const why = isOurs ? error.message : `PostgreSQL answered ${nameOf(error)}${rule}`
    return new CallgateError(
      'ERR_AUDIT_UNAVAILABLE',
      `table \`${this.#options.names.table}\`: ${why}`,
    )
  }
}

/** The engine that wrote the last record may be the one that goes on. */
function runsAfter(lastSeq: number | undefined): EngineRuns {
  const runs = new EngineRuns()
  if (lastSeq !== undefined) runs.begin(lastSeq)
  return runs
}

function isSame(one: Head, other: Head): boolean {
  return one.position === other.position && one.hash === other.hash
}

/** Errors of a database quote rows: only their code is told. */
function nameOf(error: unknown): string {
  const code = codeOf(error)
  if (code !== undefined) return `\`${code.slice(0, 32)}\``
  return error instanceof Error ? error.name : 'a fault'
}
