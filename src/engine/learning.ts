import type { Sessions } from './sessions.ts'

/** What is learnt from responses once they are on their way, so that no agent waits for it. */
export interface Learning {
  /** Runs it in a moment, and in any case before anything is judged again. `run` must not throw. */
  later(run: () => void): void
  /** Runs what waits, in its order. */
  settle(): void
  /** True where nothing may wait: a fault in learning then keeps the response back. */
  readonly isStrict: boolean
}

/** Raw text waits here: not for long, and not much of it. */
const MOST_WAITING = 64

export function createLearning(isStrict: boolean): Learning {
  let waiting: (() => void)[] = []
  const settle = (): void => {
    // Most calls find nothing here.
    while (waiting.length > 0) {
      const now = waiting
      waiting = []
      for (const run of now) run()
    }
  }
  return {
    isStrict,
    settle,
    later(run) {
      if (waiting.length === 0) setImmediate(settle).unref()
      waiting.push(run)
      if (waiting.length >= MOST_WAITING) settle()
    },
  }
}

/** INVARIANT: whoever looks at a session sees all that was handed on before. */
export function settledSessions(sessions: Sessions, { settle }: Learning): Sessions {
  const first = <Given extends readonly unknown[], Result>(
    look: (...given: Given) => Result,
  ): ((...given: Given) => Result) => {
    return (...given) => {
      settle()
      return look(...given)
    }
  }
  return {
    ...sessions,
    begin: first(sessions.begin),
    hear: first(sessions.hear),
    look: first(sessions.look),
    view: first(sessions.view),
    all: first(sessions.all),
    resume: first(sessions.resume),
    end: first(sessions.end),
  }
}
