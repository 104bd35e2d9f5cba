import { compileWindow } from '../constraints/kinds/time-window.ts'
import { isList, isMap } from '../json-kind.ts'
import type { JsonObject } from '../model/json.ts'
import type { RouteView } from './route-view.ts'
import { COMPLEXITIES } from './words.ts'

/** One key of an `if`. */
export interface Condition {
  readonly key: string
  holds(view: RouteView): boolean
}

/** Every key of an `if`, in the order it is written. The schema has checked their form. */
export function compileConditions(test: unknown): readonly Condition[] {
  return Object.entries(isMap(test) ? test : {}).map(([key, value]) => ({
    key,
    holds: holderOf(key, value),
  }))
}

type Holds = Condition['holds']
type Maker = (value: unknown) => Holds

function holderOf(key: string, value: unknown): Holds {
  const make = Object.hasOwn(MAKERS, key) ? MAKERS[key] : undefined
  // INVARIANT: what is not understood never holds.
  return make === undefined ? () => false : make(value)
}

const all: Maker = (value) => {
  const wanted = listed(value)
  return ({ request }) => wanted.every((one) => request.capabilities.has(one as never)) // words by the schema
}

const MAKERS: Readonly<Record<string, Maker>> = {
  task: oneOf((view) => view.classification.task),
  complexity: complexityHolds,
  capabilities_include: all,
  capabilities_all: all,
  agent: oneOf((view) => view.subject.agent),
  user: oneOf((view) => view.subject.user),
  team: oneOf((view) => view.subject.team),
  tenant: oneOf((view) => view.subject.tenant),
  role: anyOf((view) => view.subject.roles),
  scope: oneOf((view) => view.scope),
  tier: oneOf((view) => view.subject.tier ?? 'user'),
  tokens: within((view) => view.request.input_tokens),
  messages_min_length: (value) => (view) => view.request.messages.length >= Number(value),
  messages_total_tokens_gt: (value) => (view) => view.request.input_tokens > Number(value),
  risk: within((view) => view.session.risk),
  tainted: oneOf((view) => view.session.tainted),
  tainted_scopes: anyOf((view) => view.session.scopes),
  has_tools: oneOf((view) => view.request.tools.length > 0),
  stream: oneOf((view) => view.request.stream),
  response_format: oneOf((view) => view.request.response_format),
  budget: budgetHolds,
  time: timeHolds,
  metadata: metadataHolds,
}

function listed(value: unknown): readonly unknown[] {
  return isList(value) ? value : [value]
}

/** The one value it reads is among the listed. */
function oneOf(read: (view: RouteView) => unknown): Maker {
  return (value) => {
    const wanted = new Set(listed(value))
    return (view) => wanted.has(read(view))
  }
}

/** Any of the values it reads is among the listed. */
function anyOf(read: (view: RouteView) => Iterable<unknown> | undefined): Maker {
  return (value) => {
    const wanted = new Set(listed(value))
    return (view) => {
      for (const one of read(view) ?? []) if (wanted.has(one)) return true
      return false
    }
  }
}

/** From `min` to `max`, both inside. What is not known is in no range. */
function within(read: (view: RouteView) => number | undefined): Maker {
  return (value) => {
    const { min, max } = isMap(value) ? value : {}
    const least = typeof min === 'number' ? min : Number.NEGATIVE_INFINITY
    const most = typeof max === 'number' ? max : Number.POSITIVE_INFINITY
    return (view) => {
      const is = read(view)
      return is !== undefined && is >= least && is <= most
    }
  }
}

/** A level, several, or a range of them. */
function complexityHolds(value: unknown): Holds {
  const wanted = new Set<unknown>(levelsOf(value))
  return (view) => wanted.has(view.classification.complexity)
}

/** The levels that a test of the complexity lets through. */
export function levelsOf(value: unknown): readonly unknown[] {
  if (!isMap(value)) return listed(value)
  const levels: readonly unknown[] = COMPLEXITIES
  const { min = COMPLEXITIES[0], max = COMPLEXITIES.at(-1) } = value
  return levels.slice(levels.indexOf(min), levels.indexOf(max) + 1)
}

const BUDGET: Readonly<Record<string, Maker>> = {
  remaining_usd: within((view) => view.budget?.remaining_usd),
  remaining_share: within((view) => view.budget?.remaining_share),
}

/** Where no budget counts nothing is known to be left, and no test of it holds. */
function budgetHolds(value: unknown): Holds {
  const tests = Object.entries(isMap(value) ? value : {}).map(([key, span]) =>
    Object.hasOwn(BUDGET, key) ? BUDGET[key]?.(span) : undefined,
  )
  return (view) => tests.every((holds) => holds?.(view) === true)
}

const MINUTE = 60_000

function timeHolds(value: unknown): Holds {
  const isOpenAt = compileWindow(windowOf(value))
  // A clock on the wall changes by the minute, and reading it costs more than all other tests together.
  let minute = Number.NaN
  let isOpen = false
  return ({ at }) => {
    const now = Math.floor(at / MINUTE)
    if (now !== minute) {
      isOpen = isOpenAt(now * MINUTE)
      minute = now
    }
    return isOpen
  }
}

/** What is not said is the whole day, on every day. */
export function windowOf(value: unknown): JsonObject {
  return { from: '00:00', to: '24:00', ...(isMap(value) ? (value as JsonObject) : {}) } // parsed JSON
}

/** Every key has one of its values. */
function metadataHolds(value: unknown): Holds {
  const wanted = Object.entries(isMap(value) ? value : {}).map(
    ([key, values]) => [key, new Set(listed(values).map(metadataText))] as const,
  )
  return ({ request: { metadata } }) =>
    wanted.every(
      ([key, values]) => Object.hasOwn(metadata, key) && values.has(metadataText(metadata[key])),
    )
}

/** Metadata of requests is texts, so that numbers and flags of a policy are compared as such. */
export function metadataText(value: unknown): string | undefined {
  return typeof value === 'object' || value === undefined ? undefined : String(value)
}
