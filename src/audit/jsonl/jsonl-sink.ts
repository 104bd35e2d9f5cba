import { resolve as resolvePath } from 'node:path'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { CallgateError } from '../../core/model/errors.ts'
import type { MaybePromise } from '../../core/model/json.ts'
import { EngineRuns } from '../ledger/engine-runs.ts'
import { reporterOf } from '../sink-options.ts'
import { checkOptions } from './check-options.ts'
import { type Checkpoints, createCheckpoints } from './checkpoints.ts'
import { machineFs } from './file-system.ts'
import { Journal } from './journal.ts'
import type { JsonlSink, JsonlSinkOptions, JsonlStats, Report } from './options.ts'
import { sealBatch } from './seal-batch.ts'

const DEFAULTS = { maxRecordBytes: 1_048_576, maxQueuedRecords: 10_000, checkEveryMs: 250 } as const
/** What goes out in one write, unless a single list of records is larger. */
const BATCH_RECORDS = 1_024
/** How long a buffered sink waits after a failure. */
const RETRY_MS = 1_000

/** An append-only file, a sealed record a line. */
export function jsonlSink(options: JsonlSinkOptions): JsonlSink {
  return new FileSink(checkOptions(options))
}

/** Records of one `write`. */
interface Entry {
  readonly records: readonly AuditRecord[]
  readonly done: (error?: unknown) => void
}

class FileSink implements JsonlSink {
  readonly name = 'jsonl'
  readonly path: string
  readonly #limits: { readonly maxRecordBytes: number; readonly maxQueuedRecords: number }
  readonly #isBuffered: boolean
  readonly #journal: Journal
  readonly #report: Report
  readonly #checkpoints: Checkpoints
  #queue: Entry[] = []
  #queued = 0
  #opening: { done: (error?: unknown) => void; isReopen: boolean }[] = []
  #running: Promise<void> | undefined
  #retry: NodeJS.Timeout | undefined
  #closing: Promise<void> | undefined
  /** Numbers of the records that are in the file. Undefined before the first opening. */
  #runs: EngineRuns | undefined
  readonly #counts = { written: 0, rejected: 0, lost: 0, batches: 0 }

  constructor(options: JsonlSinkOptions) {
    this.path = resolvePath(options.perProcess ? `${options.path}.${process.pid}` : options.path)
    this.#limits = {
      maxRecordBytes: options.maxRecordBytes ?? DEFAULTS.maxRecordBytes,
      maxQueuedRecords: options.maxQueuedRecords ?? DEFAULTS.maxQueuedRecords,
    }
    const tell = reporterOf(options.onDiagnostic)
    this.#report = (code, message, cause) =>
      tell({ code, message, ...(cause === undefined ? {} : { cause }) })
    this.#checkpoints = createCheckpoints(options.checkpoints, this.#report)
    this.#isBuffered = options.mode === 'buffered'
    this.#journal = new Journal({
      path: this.path,
      fs: options.fs ?? machineFs,
      rotate: options.rotate ?? {},
      checkEveryMs: options.checkEveryMs ?? DEFAULTS.checkEveryMs,
      checkpoints: options.checkpoints === undefined ? undefined : this.#checkpoints,
      report: this.#report,
    })
  }

  ready(): Promise<void> {
    return this.#open(false)
  }

  reopen(): Promise<void> {
    return this.#open(true)
  }

  write(records: readonly AuditRecord[]): MaybePromise<void> {
    if (records.length === 0) return
    const refusal = this.#refusal(records.length)
    if (refusal !== undefined) {
      this.#counts.rejected += records.length
      throw refusal
    }
    this.#queued += records.length
    if (this.#isBuffered) {
      this.#queue.push({ records, done: () => undefined })
      if (this.#retry === undefined) void this.#start()
      return
    }
    const written = new Promise<void>((resolve, reject) => {
      const done = (error?: unknown): void => (error === undefined ? resolve() : reject(error))
      this.#queue.push({ records, done })
    })
    void this.#start()
    return written
  }

  lost(): number {
    return this.#counts.lost + this.#journal.counts.lost
  }

  stats(): JsonlStats {
    const { torn, rotations } = this.#journal.counts
    return { ...this.#counts, lost: this.lost(), queued: this.#queued, torn, rotations }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    clearTimeout(this.#retry)
    this.#retry = undefined
    await this.#running
    await this.#start()
    this.#counts.lost += this.#queued
    this.#queued = 0
    this.#queue = []
    try {
      if (this.#isBuffered) await this.#journal.sync()
    } catch (error) {
      this.#report('audit_write_failed', `${this.path} was not synced at close`, error)
    }
    await this.#checkpoints.close(this.#journal.place)
    if (this.lost() > 0)
      this.#report(
        'audit_records_lost',
        `${this.lost()} records are, or may be, not in ${this.path}`,
      )
    await this.#journal.close()
  }

  #refusal(more: number): CallgateError | undefined {
    if (this.#closing !== undefined) return unavailable(`${this.path} is closed`)
    if (this.#queued + more <= this.#limits.maxQueuedRecords) return undefined
    return unavailable(`${this.#queued} records wait for ${this.path} already`)
  }

  #open(isReopen: boolean): Promise<void> {
    if (this.#closing !== undefined) return Promise.reject(unavailable(`${this.path} is closed`))
    return new Promise((resolve, reject) => {
      const done = (error?: unknown): void => (error === undefined ? resolve() : reject(error))
      this.#opening.push({ done, isReopen })
      void this.#start()
    })
  }

  #start(): Promise<void> {
    if (this.#queue.length === 0 && this.#opening.length === 0) return Promise.resolve()
    this.#running ??= this.#run()
    return this.#running
  }

  /** One at a time: what comes meanwhile goes out together, next. */
  async #run(): Promise<void> {
    let isGoing = true
    while (isGoing && (this.#queue.length > 0 || this.#opening.length > 0)) {
      if (this.#opening.length > 0) await this.#answerOpening()
      else isGoing = await this.#putNext()
    }
    // Not in a `finally` of the promise: what comes in between would wait for ever.
    this.#running = undefined
  }

  /** False where writing stops for a while. */
  async #putNext(): Promise<boolean> {
    const entries = this.#take()
    try {
      await this.#put(entries)
      return true
    } catch (error) {
      return this.#failed(entries, error)
    }
  }

  async #answerOpening(): Promise<void> {
    const waiting = this.#opening
    this.#opening = []
    try {
      if (waiting.some(({ isReopen }) => isReopen)) {
        await this.#journal.sync()
        await this.#journal.leave()
      }
      await this.#journal.ready()
      for (const { done } of waiting) done()
    } catch (cause) {
      for (const { done } of waiting) done(explained(this.path, cause))
    }
  }

  #take(): readonly Entry[] {
    let records = 0
    let end = 0
    for (const entry of this.#queue) {
      if (end > 0 && records + entry.records.length > BATCH_RECORDS) break
      records += entry.records.length
      end++
    }
    return this.#queue.splice(0, end)
  }

  /** Writes the entries; what does not fit into one write goes back to the queue. */
  async #put(entries: readonly Entry[]): Promise<void> {
    await this.#journal.ready()
    this.#runs ??= runsAfter(this.#journal.last)
    const after = { prev: this.#journal.prev, runs: this.#runs }
    const { batch, taken, runs } = sealBatch(entries, after, this.#limits.maxRecordBytes)
    if (taken < entries.length) this.#queue.unshift(...entries.slice(taken))
    const written = entries.slice(0, taken)
    try {
      await this.#journal.append(batch, !this.#isBuffered)
    } catch (error) {
      throw new BatchError(written, error)
    }
    this.#runs = runs
    this.#queued -= batch.records
    this.#counts.written += batch.records
    this.#counts.batches++
    for (const { done } of written) done()
    this.#checkpoints.add(batch.records, this.#journal.place)
  }

  /** False where writing stops for a while. */
  #failed(entries: readonly Entry[], error: unknown): boolean {
    const failed = error instanceof BatchError ? error.entries : entries
    const cause = error instanceof BatchError ? error.cause : error
    if (this.#isBuffered) {
      this.#queue.unshift(...failed)
      this.#report('audit_write_failed', `${this.path} was not written; tried again later`, cause)
      if (this.#closing === undefined) {
        this.#retry = setTimeout(() => {
          this.#retry = undefined
          void this.#start()
        }, RETRY_MS).unref()
      }
      return false
    }
    const refusal = explained(this.path, cause)
    for (const { records, done } of failed) {
      this.#queued -= records.length
      this.#counts.rejected += records.length
      done(refusal)
    }
    return true
  }
}

/** The engine that wrote the last record may be the one that goes on. */
function runsAfter(last: { readonly seq: number } | undefined): EngineRuns {
  const runs = new EngineRuns()
  if (last !== undefined) runs.begin(last.seq)
  return runs
}

/** Which entries a failed write was of. */
class BatchError extends Error {
  readonly entries: readonly Entry[]
  constructor(entries: readonly Entry[], cause: unknown) {
    super('a batch was not written', { cause })
    this.entries = entries
  }
}

function explained(path: string, cause: unknown): CallgateError {
  if (cause instanceof CallgateError) return cause
  const why = cause instanceof Error ? cause.message : 'the reason is not known'
  return new CallgateError('ERR_AUDIT_UNAVAILABLE', `${path} was not written: ${why}`, { cause })
}

function unavailable(message: string): CallgateError {
  return new CallgateError('ERR_AUDIT_UNAVAILABLE', message)
}
