import { createFadingSet } from './forgotten-set.ts'

/** Of which principals readings were dropped, until these would be too old to count. */
export interface DroppedReadings {
  /** `reader`: the only watch that had read what was dropped, null where there were more. */
  add(name: string, reader: object | null, at: number): void
  /** False for the watch that alone had read it: it knows better itself. */
  has(name: string, reader: object, at: number): boolean
  /** Those known by name. */
  readonly size: number
}

interface Mark {
  reader: object | null
  at: number
}

/**
 * The `most` that were dropped last are known by name, the others as members of a set that may wrongly
 * know a name, never wrongly not know one.
 */
export function createDroppedReadings({
  most,
  fadeMs,
}: {
  readonly most: number
  readonly fadeMs: number
}): DroppedReadings {
  const marks = new Map<string, Mark>()
  const others = createFadingSet({ periodMs: fadeMs })
  const known = (name: string, at: number): Mark | undefined => {
    const mark = marks.get(name)
    if (mark === undefined || at - mark.at <= fadeMs) return mark
    marks.delete(name)
    return undefined
  }
  const spill = (at: number): void => {
    for (const [name, mark] of marks) {
      const counts = at - mark.at <= fadeMs
      if (counts && marks.size <= most) return
      marks.delete(name)
      if (counts) others.add(name, at)
    }
  }
  return {
    add(name, reader, at) {
      const before = known(name, at)
      marks.delete(name)
      const isSame = before === undefined || before.reader === reader
      marks.set(name, { reader: isSame ? reader : null, at })
      spill(at)
    },
    has(name, reader, at) {
      const mark = known(name, at)
      if (mark !== undefined && mark.reader !== reader) return true
      return others.has(name, at)
    },
    get size() {
      return marks.size
    },
  }
}
