import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { Timers } from '../timers.ts'

/** One write that waits: its records are kept together, or not at all. */
export interface Entry {
  readonly records: readonly AuditRecord[]
  /** When it has waited long enough. */
  readonly until: number
  readonly kept: () => void
  readonly lost: (error: unknown) => void
}

export interface QueueOptions {
  readonly maxRecords: number
  readonly maxWaitMs: number
  readonly timers: Timers
  readonly writer: {
    /** Links one ahead of its turn, while those before are under way. */
    link(entry: Entry): void
    /** Makes the next batch ready, while that before is under way. */
    prepare(entries: readonly Entry[]): void
    /** Keeps them, and gives what tells each entry. Never rejects. */
    keep(entries: readonly Entry[]): Promise<() => void>
  }
}

/**
 * Group commit: what comes while a batch is under way is the next one, so that a record alone goes at
 * once and many share a statement.
 */
export class Queue {
  readonly #options: QueueOptions
  #waiting: Entry[] = []
  #count = 0
  #isBusy = false
  #isWoken = false
  #idle: (() => void)[] = []
  #cancel: (() => void) | undefined

  constructor(options: QueueOptions) {
    this.#options = options
  }

  /** Records that wait or are under way. */
  get count(): number {
    return this.#count
  }

  add(entry: Entry): void {
    this.#waiting.push(entry)
    this.#count += entry.records.length
    const { writer, maxRecords } = this.#options
    if (!this.#isBusy) this.#wake()
    else if (this.#waiting.length < maxRecords) writer.link(entry)
    else if (this.#waiting.length === maxRecords) writer.prepare(this.#taken())
  }

  /** Once nothing waits. */
  async drained(): Promise<void> {
    if (this.#count === 0) return
    this.#cancel?.()
    this.#start()
    await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  /** Not at once: what the same turn brings goes along. */
  #wake(): void {
    const { maxWaitMs, maxRecords, timers } = this.#options
    if (maxWaitMs > 0 && this.#count < maxRecords) {
      this.#cancel ??= timers.after(maxWaitMs, () => this.#start())
      return
    }
    if (this.#isWoken) return
    this.#isWoken = true
    queueMicrotask(() => {
      this.#isWoken = false
      this.#start()
    })
  }

  #start(): void {
    this.#cancel?.()
    this.#cancel = undefined
    if (this.#isBusy || this.#count === 0) return
    this.#isBusy = true
    void this.#run()
  }

  async #run(): Promise<void> {
    const { writer, maxRecords } = this.#options
    let tell = (): void => undefined
    while (this.#waiting.length > 0) {
      const entries = this.#taken()
      this.#waiting.splice(0, entries.length)
      const keeping = writer.keep(entries)
      // Behind the sending: what those before do next is done while the database is at work.
      tell()
      if (this.#waiting.length >= maxRecords) writer.prepare(this.#taken())
      tell = await keeping
      for (const { records } of entries) this.#count -= records.length
    }
    tell()
    this.#isBusy = false
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** The next batch: as many writes as fit, at least one. */
  #taken(): readonly Entry[] {
    let records = 0
    let length = 0
    for (const entry of this.#waiting) {
      records += entry.records.length
      if (length > 0 && records > this.#options.maxRecords) break
      length++
    }
    return this.#waiting.slice(0, length)
  }
}
