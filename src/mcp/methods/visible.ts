import { andThen, type MaybePromise } from '../../core/model/json.ts'
import type { Guard, Head } from '../guard.ts'

/** Keeps the items that the caller may know of by each of their names; in most cases that is one. */
export function visibleOf<T>(
  { engine }: Pick<Guard, 'engine'>,
  head: Head,
  items: readonly T[],
  namesOf: (item: T) => readonly [string, ...string[]],
): MaybePromise<readonly T[]> {
  const kept = engine.discover(head, items, (item) => namesOf(item)[0])
  return andThen(kept, (first) => {
    const more = first.flatMap((item) => {
      const [, second] = namesOf(item)
      return second === undefined ? [] : [{ item, name: second }]
    })
    if (more.length === 0) return first
    return andThen(engine.discover(head, more), (also) => {
      const hidden = new Set(more.filter((one) => !also.includes(one)).map(({ item }) => item))
      return hidden.size === 0 ? first : first.filter((item) => !hidden.has(item))
    })
  })
}
