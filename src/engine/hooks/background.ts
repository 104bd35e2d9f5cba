import { within } from '../wait.ts'

/** What runs while nobody waits for it: a few at once, the others in a line with an end. */
export interface Background {
  /** Each job ends by itself, or soon after the signal aborts. */
  add(job: Job): void
  counts(): BackgroundCounts
  /** Takes no more, waits a little for what is there, then stops it. */
  close(): Promise<void>
}

export type Job = (signal: AbortSignal) => PromiseLike<unknown> | unknown

export interface BackgroundCounts {
  readonly running: number
  readonly waiting: number
  /** Never run, for the line was full. */
  readonly dropped: number
}

export const MAX_RUNNING = 32
export const MAX_WAITING = 1_000
const CLOSING_MS = 5_000

export function createBackground(onDropped: (count: number) => void): Background {
  const waiting: Job[] = []
  const closing = new AbortController()
  let running = 0
  let dropped = 0
  let isFull = false
  let isClosed = false
  let onIdle: (() => void) | undefined
  const next = (): void => {
    const job = waiting.shift()
    if (job !== undefined) start(job)
    if (waiting.length <= MAX_WAITING / 2) isFull = false
    if (running === 0) onIdle?.()
  }
  const start = (job: Job): void => {
    running++
    // In a turn of its own, so that nothing waits even for its start.
    setImmediate(() => {
      const done = (): void => {
        running--
        next()
      }
      Promise.resolve()
        .then(() => job(closing.signal))
        .then(done, done)
    })
  }
  return {
    add(job) {
      if (isClosed || waiting.length >= MAX_WAITING) {
        dropped++
        // Once until there is room again: a flood must not become a flood of reports.
        if (!isFull) onDropped(dropped)
        isFull = true
      } else if (running >= MAX_RUNNING) waiting.push(job)
      else start(job)
    },
    counts: () => ({ running, waiting: waiting.length, dropped }),
    async close() {
      isClosed = true
      if (running > 0) {
        const idle = new Promise<void>((resolve) => {
          onIdle = resolve
        })
        await within(idle, CLOSING_MS, () => undefined)
      }
      waiting.length = 0
      closing.abort()
    },
  }
}
