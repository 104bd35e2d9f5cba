import type { JsonObject, JsonValue } from '../core/model/json.ts'
import type { Path, Place, Source } from '../core/policy/read/source.ts'
import { didYouMean } from '../core/suggest.ts'
import type { SuiteProblem } from './suite-error.ts'

/** Reads checked values out of a suite and collects what is wrong, each with its place. */
export interface Fields {
  readonly problems: readonly SuiteProblem[]
  place(path: Path): Place
  /** Reports the value at a path. */
  fault(path: Path, message: string, hint?: string | null): undefined
  /** A map with no other keys than these; unknown ones are reported with the nearest known one. */
  map(value: unknown, path: Path, keys: readonly string[]): JsonObject | undefined
  /** A map whose keys are names of the user's. */
  anyMap(value: unknown, path: Path): JsonObject | undefined
  list(value: unknown, path: Path): readonly JsonValue[] | undefined
  text(value: unknown, path: Path): string | undefined
  texts(value: unknown, path: Path): readonly string[] | undefined
  /** One of a closed list. */
  word<T extends string>(value: unknown, path: Path, words: readonly T[]): T | undefined
}

export function createFields(source: Source): Fields {
  const problems: SuiteProblem[] = []
  const report = (place: Place, message: string, hint: string | null): undefined => {
    problems.push({ message, file: source.file, ...place, hint })
  }
  const fault = (path: Path, message: string, hint: string | null = null): undefined =>
    report(source.place(path), `${nameOf(path)}${message}`, hint)
  const anyMap = (value: unknown, path: Path): JsonObject | undefined => {
    if (isMap(value)) return value
    return fault(path, `a map is needed, not ${kindOf(value)}`)
  }
  const list = (value: unknown, path: Path): readonly JsonValue[] | undefined => {
    if (Array.isArray(value)) return value
    return fault(path, `a list is needed, not ${kindOf(value)}`)
  }
  const text = (value: unknown, path: Path): string | undefined => {
    if (typeof value === 'string') return value
    const hint = typeof value === 'object' ? null : `put it in quotes: "${String(value)}"`
    return fault(path, `a text is needed, not ${kindOf(value)}`, hint)
  }
  return {
    problems,
    place: source.place,
    fault,
    anyMap,
    list,
    text,
    map(value, path, keys) {
      const map = anyMap(value, path)
      for (const key of Object.keys(map ?? {})) {
        if (keys.includes(key)) continue
        const hint = didYouMean(key, keys) ?? `known here: ${keys.join(', ')}`
        report(source.keyPlace([...path, key]), `unknown key \`${key}\``, hint)
      }
      return map
    },
    texts(value, path) {
      const items = list(value, path)?.map((item, index) => text(item, [...path, index]))
      return items?.every((item) => item !== undefined) ? items : undefined
    },
    word(value, path, words) {
      const given = text(value, path)
      if (given === undefined) return undefined
      const found = words.find((word) => word === given)
      if (found !== undefined) return found
      const hint = didYouMean(given, words) ?? `one of ${words.join(', ')}`
      return fault(path, `\`${given}\` is not known here`, hint)
    },
  }
}

function isMap(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object'
    ? 'a map'
    : `a ${typeof value === 'string' ? 'text' : typeof value}`
}

/** `want.effect: `: the way within the test, of which the place says where it is. */
function nameOf(path: Path): string {
  const names = path.filter((step) => typeof step === 'string' && !CONTAINERS.has(step))
  return names.length === 0 ? '' : `${names.slice(-2).join('.')}: `
}
const CONTAINERS = new Set(['tests', 'matrix', 'rows'])
