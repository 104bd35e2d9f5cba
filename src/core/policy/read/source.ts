import type { PolicyProblem, ProblemKind } from '../../model/errors.ts'

export type Path = readonly (string | number)[]

/** Problems of one source. More than this nobody reads; the rest shows when these are mended. */
export const MAX_PROBLEMS = 1000

export interface Place {
  readonly line: number | null
  readonly column: number | null
}

export const NOWHERE: Place = { line: null, column: null }

/** Where a value stands in its text: offsets in UTF-16 units. Shared by every alias of a YAML anchor. */
export interface Mark {
  readonly at: number
  readonly members?: Map<string, MemberMark>
  readonly items?: readonly Mark[]
}
export interface MemberMark {
  readonly keyAt: number
  readonly value: Mark
}

/** A value that could not be read, or (not `whole`) a map that lost a key. */
export interface Damage {
  readonly path: Path
  readonly whole: boolean
}

/** One policy text, or one object, read into plain values. */
export interface Source {
  readonly file: string | null
  /** Undefined where nothing sensible could be read; `problems` then says why. */
  readonly value: unknown
  readonly problems: readonly PolicyProblem[]
  /** What the reader left out: faults that follow from it are not reported again. */
  readonly damaged: readonly Damage[]
  /** Where the value at a path begins, or the nearest value around it. */
  place(path: Path): Place
  /** Where the key of the value at a path begins. */
  keyPlace(path: Path): Place
}

/** A fault as a reader sees it: an offset into its text. */
export interface Fault {
  readonly kind: ProblemKind
  readonly message: string
  readonly at: number | null
  readonly path?: Path
  readonly hint?: string
}

/** What a reader makes of a text. */
export interface Reading {
  readonly value: unknown
  /** Places are asked for only where there is a fault. */
  readonly mark: () => Mark | undefined
  readonly faults: readonly Fault[]
  readonly damaged: readonly Damage[]
}

/** Thrown inside a reader at a fault after which nothing more can be read. */
export class ReadingStopped extends Error {
  readonly fault: Fault
  constructor(fault: Fault) {
    super(fault.message)
    this.fault = fault
  }
}

/** A reading that found nothing but faults. */
export function unreadable(...faults: readonly Fault[]): Reading {
  return { value: undefined, mark: () => undefined, faults, damaged: [] }
}

/** JSON Pointer of a path (RFC 6901). */
export function pointerOf(path: Path): string {
  let pointer = ''
  for (const step of path)
    pointer += `/${typeof step === 'number' ? step : step.replaceAll('~', '~0').replaceAll('/', '~1')}`
  return pointer
}

/** A source over a text and what a reader made of it. */
export function sourceOf(file: string | null, text: string, reading: Reading): Source {
  const placeAt = placeFinder(text)
  const problems = reading.faults.slice(0, MAX_PROBLEMS).map(
    (fault): PolicyProblem => ({
      kind: fault.kind,
      message: fault.message,
      file,
      ...(fault.at === null ? NOWHERE : placeAt(fault.at)),
      path: pointerOf(fault.path ?? []),
      hint: fault.hint ?? null,
    }),
  )
  const find = (path: Path): MemberMark | undefined => {
    const mark = reading.mark()
    return mark === undefined ? undefined : walk(mark, path)
  }
  const placeOf = (at: number | undefined): Place => (at === undefined ? NOWHERE : placeAt(at))
  return {
    file,
    value: reading.value,
    problems,
    damaged: reading.damaged,
    place: (path) => placeOf(find(path)?.value.at),
    keyPlace: (path) => placeOf(find(path)?.keyAt),
  }
}

/** A source over an object that a program made: it has no places. */
export function objectSource(
  file: string | null,
  value: unknown,
  problems: readonly PolicyProblem[],
  damaged: readonly Damage[],
): Source {
  return { file, value, problems, damaged, place: () => NOWHERE, keyPlace: () => NOWHERE }
}

function walk(mark: Mark, path: Path): MemberMark {
  let found: MemberMark = { keyAt: mark.at, value: mark }
  for (const step of path) {
    const item = found.value.items?.[Number(step)]
    const next = found.value.members?.get(String(step)) ?? (item && { keyAt: item.at, value: item })
    if (next === undefined) return found
    found = next
  }
  return found
}

/** Offset to line and column, both from 1. The lines are counted when first asked. */
export function placeFinder(text: string): (offset: number) => Place {
  let starts: number[] | undefined
  return (offset) => {
    starts ??= lineStarts(text)
    let low = 0
    let high = starts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1)
  }
  return starts
}
