import { createRandom, type Random } from '../fuzz-random.fixture.ts'

/** Lets steps that wait go on in an order that follows from a seed alone. */
export interface Scheduler {
  readonly random: Random
  /** Waits until it is this step's turn. */
  turn(): Promise<void>
  /** Lets steps go on until all of `running` have settled; gives what has become of them. */
  run<T>(running: readonly Promise<T>[]): Promise<PromiseSettledResult<T>[]>
}

// Taken before any test puts false timers in the place of real ones.
const immediate = setImmediate
// So many rounds in which nothing waits and nothing settles are no longer a slow machine.
const MOST_IDLE_ROUNDS = 2_000

/** One round of the event loop: whatever could go on without being let has gone on. */
export function round(): Promise<void> {
  return new Promise((resolve) => {
    immediate(resolve)
  })
}

/** In each round 1 to `batch` steps go on, picked at random, before any of them is followed up. */
export function createScheduler(
  seed: number,
  batch = 1,
  /** Where nothing waits for its turn: what else may let things go on. */
  onIdle: () => void = () => {},
): Scheduler {
  const random = createRandom(seed)
  const waiting: (() => void)[] = []
  const release = (): void => {
    for (let count = 1 + random.below(batch); count > 0 && waiting.length > 0; count--) {
      const index = random.below(waiting.length)
      const last = waiting.pop()
      const picked = index < waiting.length ? waiting[index] : last
      if (index < waiting.length && last !== undefined) waiting[index] = last
      picked?.()
    }
  }
  return {
    random,
    turn: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
      }),
    async run(running) {
      let isOpen = true
      const all = Promise.allSettled(running)
      void all.then(() => {
        isOpen = false
      })
      for (let idle = 0; isOpen; ) {
        await round()
        idle = waiting.length > 0 ? 0 : idle + 1
        if (idle > MOST_IDLE_ROUNDS) throw new Error('something waits that nobody lets go on')
        if (idle > 0) onIdle()
        release()
      }
      return all
    },
  }
}

/** Something that a test lets go on when it wants to. */
export interface Latch {
  readonly opened: Promise<void>
  open(): void
}

export function latch(): Latch {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}
