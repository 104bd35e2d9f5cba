/** What runs, over all sessions. */
export interface Work {
  /** Undefined: nothing is taken on any more. */
  begin(): (() => void) | undefined
  isOver(): boolean
  stop(): void
  /** Resolves when nothing runs, or after so many milliseconds. */
  settled(timeoutMs: number): Promise<void>
}

export function createWork(): Work {
  const waiting = new Set<() => void>()
  let running = 0
  let isOver = false
  return {
    begin() {
      if (isOver) return undefined
      running++
      return () => {
        running--
        if (running === 0) for (const done of waiting) done()
      }
    },
    isOver: () => isOver,
    stop() {
      isOver = true
    },
    async settled(timeoutMs) {
      // What came in this very turn is not counted yet, and what is done is not written yet.
      await nextTurn()
      if (running > 0) await idle(timeoutMs)
      await nextTurn()
    },
  }
  function idle(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        waiting.delete(done)
        resolve()
      }
      const timer = setTimeout(done, timeoutMs)
      waiting.add(done)
    })
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
