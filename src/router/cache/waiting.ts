import { within } from '../../engine/wait.ts'

/** Who asks what is being asked already waits for that answer. */
export interface Waiting<T> {
  /** Undefined: nobody is asking it, or there is no answer that could be shared, or it takes too long. */
  join(key: string, signal: AbortSignal | undefined): Promise<T | undefined> | undefined
  /** From now on others wait, until the function that comes back is called: once, with what they get. */
  lead(key: string): (answer: T | undefined) => void
}

export function createWaiting<T>(limitMs: number): Waiting<T> {
  const open = new Map<string, Promise<T | undefined>>()
  return {
    join(key, signal) {
      const answer = open.get(key)
      return answer === undefined ? undefined : untilAborted(answer, signal)
    },
    lead(key) {
      // Two that have both waited in vain ask for themselves.
      if (open.has(key)) return () => undefined
      let settle: (answer: T | undefined) => void = () => undefined
      const asked = new Promise<T | undefined>((resolve) => {
        settle = resolve
      })
      const answer = within(asked, limitMs, () => undefined).finally(() => {
        if (open.get(key) === answer) open.delete(key)
      })
      open.set(key, answer)
      return settle
    },
  }
}

function untilAborted<T>(
  answer: Promise<T | undefined>,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  if (signal === undefined) return answer
  return new Promise((resolve) => {
    const stop = (): void => resolve(undefined)
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    void answer.then((value) => {
      signal.removeEventListener('abort', stop)
      resolve(value)
    })
  })
}
