/** Where sinks that wait get their time from. */
export interface Timers {
  /** Epoch milliseconds. */
  now(): number
  /** Runs something once, later; gives what calls it off. */
  after(delayMs: number, run: () => void): () => void
}

export const systemTimers: Timers = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

/** True once the promise has settled either way, false when the limit comes first. Never rejects. */
export function settledWithin(
  promise: PromiseLike<unknown>,
  limitMs: number,
  timers: Timers,
): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = timers.after(limitMs, () => resolve(false))
    const settled = (): void => {
      cancel()
      resolve(true)
    }
    promise.then(settled, settled)
  })
}
