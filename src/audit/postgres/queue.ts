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
    /** Links records ahead of time, while those before are under way. */
    prepare(entries: readonly Entry[]): void
    /** Keeps them, and tells each entry. Never rejects. */
    keep(entries: readonly Entry[]): Promise<void>
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
  #next: readonly Entry[] | undefined
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
    if (this.#isBusy) this.#prepare()
    else this.#wake()
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
    while (this.#count > 0) {
      const entries = this.#next ?? this.#take()
      this.#next = undefined
      const kept = this.#options.writer.keep(entries)
      this.#prepare()
      await kept
      for (const { records } of entries) this.#count -= records.length
    }
    this.#isBusy = false
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** Only full ones: others grow until their turn. */
  #prepare(): void {
    if (this.#next !== undefined || this.#waiting.length < this.#options.maxRecords) return
    this.#next = this.#take()
    this.#options.writer.prepare(this.#next)
  }

  /** As many writes as fit, at least one. */
  #take(): readonly Entry[] {
    let records = 0
    let length = 0
    for (const entry of this.#waiting) {
      records += entry.records.length
      if (length > 0 && records > this.#options.maxRecords) break
      length++
    }
    return this.#waiting.splice(0, length)
  }
}
