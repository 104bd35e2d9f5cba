import type { JsonValue } from '../../model/json.ts'
import type { Origin } from '../flow.ts'

/** Where values may come from, each kept once and known by its number. */
export interface Origins {
  numberOf(origin: Origin): number
  /** The origin of a number, for a value of the given event. */
  at(number: number, event: number): Origin
  isRestricted(number: number): boolean
  readonly bytes: number
  save(): JsonValue
}

/** Beyond it, origins that are as restricted and as far outside share a number. */
const MOST_ORIGINS = 4090

type Source = Omit<Origin, 'event'>

const UNKNOWN: Source = {
  resource: '',
  server: undefined,
  scope: undefined,
  restricted: true,
  outside: true,
}

export function createOrigins(saved: JsonValue | undefined): Origins {
  const sources: Source[] = isList(saved) ? saved.map(sourceOf) : []
  const numbers = new Map(sources.map((source, number) => [keyOf(source), number]))
  // Calls often come in runs: the last origin is compared before its key is made.
  let last = -1

  return {
    numberOf(origin) {
      const previous = sources[last]
      if (previous === undefined || !isSame(previous, origin)) last = find(origin)
      return last
    },
    at(number, event) {
      const { resource, server, scope, restricted, outside } = sources[number] ?? UNKNOWN
      return { event, resource, server, scope, restricted, outside }
    },
    isRestricted: (number) => (sources[number] ?? UNKNOWN).restricted,
    get bytes() {
      return sources.length * 256
    },
    save: () =>
      sources.map(({ resource, server, scope, restricted, outside }) => [
        resource,
        server ?? null,
        scope ?? null,
        restricted,
        outside,
      ]),
  }

  function find({ resource, server, scope, restricted, outside }: Origin): number {
    const source = { resource, server, scope, restricted, outside }
    const known = numbers.get(keyOf(source))
    if (known !== undefined) return known
    if (sources.length < MOST_ORIGINS) return add(source)
    const shared = { ...UNKNOWN, restricted, outside }
    return numbers.get(keyOf(shared)) ?? add(shared)
  }

  function add(source: Source): number {
    sources.push(source)
    numbers.set(keyOf(source), sources.length - 1)
    return sources.length - 1
  }
}

function isSame(one: Source, other: Source): boolean {
  return (
    one.resource === other.resource &&
    one.server === other.server &&
    one.scope === other.scope &&
    one.restricted === other.restricted &&
    one.outside === other.outside
  )
}

function keyOf({ resource, server, scope, restricted, outside }: Source): string {
  return JSON.stringify([resource, server ?? null, scope ?? null, restricted, outside])
}

function sourceOf(item: JsonValue): Source {
  if (!isList(item)) return UNKNOWN
  const [resource, server, scope, restricted, outside] = item
  return {
    resource: textOf(resource) ?? '',
    server: textOf(server),
    scope: textOf(scope),
    restricted: restricted === true,
    outside: outside === true,
  }
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
