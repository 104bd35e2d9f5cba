import { readLeaves } from '../core/behavior/payload/read-leaves.ts'
import { scanLeaves } from '../core/behavior/scan-leaves.ts'
import type { Answer } from '../core/behavior/watch.ts'
import { scan } from '../core/detection/scan.ts'
import { isPlainObject } from '../core/json-kind.ts'
import type { JsonValue } from '../core/model/json.ts'
import type { SnapshotLimits } from '../core/snapshot.ts'
import { plainResponse } from './plain-response.ts'
import type { Outcome } from './ticket.ts'

/** What stands where text was taken out. */
export const REMOVED = '[removed: text that speaks to the model]'

/**
 * Takes text that speaks to the model out of a response, wherever it stands in it. The response itself
 * is left as it is: what comes back is a copy, or the same object where there was nothing to remove.
 */
export function cleanText(outcome: Outcome, answer: Answer, limits: SnapshotLimits): Outcome {
  if (!answer.evidence.matches.some((match) => match.class === 'instruction')) return outcome
  if (!outcome.ok) return { ok: false, error: new Error(REMOVED) }
  const value = cleanedOf(outcome.value, limits)
  // INVARIANT: what was found is gone. What only several texts say together goes with all of them.
  return { ok: true, value: speaks(plainResponse(value, limits).value) ? REMOVED : value }
}

const MAX_DEPTH = 64

/** Copying under way: what may still be read, and what became of the objects read so far. */
interface Work {
  nodes: number
  room: number
  readonly limits: SnapshotLimits
  readonly done: Map<object, unknown>
}

// What stands for an object while it is being copied.
const OPEN = Symbol('open')

/**
 * What is over the limits, or goes round in a circle, comes back as what could be read of it: that is
 * a tree within the limits, however often objects stand in one another.
 */
function cleanedOf(value: unknown, limits: SnapshotLimits): unknown {
  const work: Work = { nodes: limits.maxNodes, room: limits.maxSize, limits, done: new Map() }
  const now = cleaned(value, work, 0)
  return work.nodes < 0 || work.room < 0
    ? cleanedTree(plainResponse(value, limits).value, limits)
    : now
}

/** Of JSON that was written out in full: no bound is needed, for it cost as much to make. */
function cleanedTree(value: unknown, limits: SnapshotLimits, depth = 0): unknown {
  const boundless = Number.POSITIVE_INFINITY
  return cleaned(value, { nodes: boundless, room: boundless, limits, done: new Map() }, depth)
}

/** Copies only what changes, and keeps what copies leave out otherwise, such as keys that are symbols. */
function cleaned(value: unknown, work: Work, depth: number): unknown {
  work.nodes--
  // Over the limits nothing that comes back is used.
  if (work.nodes < 0 || work.room < 0) return REMOVED
  if (typeof value === 'string') return cleanedString(value, work, depth)
  if (typeof value !== 'object' || value === null) return value
  // Too deep to be looked at is too deep to be handed on.
  if (depth > MAX_DEPTH) return REMOVED
  const known = work.done.get(value)
  if (known === OPEN) work.nodes = -1
  if (known !== undefined) return known
  work.done.set(value, OPEN)
  const now = cleanedObject(value, work, depth)
  work.done.set(value, now)
  return now
}

function cleanedObject(value: object, work: Work, depth: number): unknown {
  if (Array.isArray(value)) return cleanedList(value, work, depth)
  if (!isPlainObject(value) || typeof value['toJSON'] === 'function')
    return cleanedInstance(value, work, depth)
  const changes: [string, unknown][] = []
  const gone: string[] = []
  for (const [key, member] of Object.entries(value)) {
    const name = cleanedString(key, work, MAX_DEPTH)
    const now = cleaned(member, work, depth + 1)
    if (work.nodes < 0) return REMOVED
    if (name === key && now === member) continue
    if (name !== key) gone.push(key)
    changes.push([name, now])
  }
  if (changes.length === 0) return value
  const copy: Record<string, unknown> = { ...value }
  for (const key of gone) delete copy[key]
  return Object.assign(copy, Object.fromEntries(changes))
}

function cleanedList(list: readonly unknown[], work: Work, depth: number): unknown {
  // Not by its members: a list with holes has room for more of them than anybody can count.
  if (list.length > work.nodes) work.nodes = -1
  if (work.nodes < 0) return REMOVED
  const members = list.map((member) => cleaned(member, work, depth + 1))
  return members.some((member, index) => member !== list[index]) ? members : list
}

/** What no copy can be made of: if it holds such text, what can be read of it goes in its place. */
function cleanedInstance(value: object, work: Work, depth: number): unknown {
  const left = { ...work.limits, maxNodes: work.nodes, maxSize: work.room }
  const plain = plainResponse(value, left).value
  spend(plain, work)
  return speaks(plain) ? cleanedTree(plain, work.limits, depth + 1) : value
}

function spend(plain: JsonValue, work: Work): void {
  work.nodes--
  if (typeof plain === 'string') work.room -= plain.length
  if (typeof plain !== 'object' || plain === null) return
  for (const member of Object.values(plain)) spend(member, work)
}

function speaks(payload: JsonValue): boolean {
  return scanLeaves(readLeaves(payload), false).some((match) => match.class === 'instruction')
}

function cleanedString(text: string, work: Work, depth: number): string {
  work.room -= text.length
  if (work.room < 0) return REMOVED
  const inner = depth < MAX_DEPTH ? parsed(text) : undefined
  if (inner !== undefined) {
    // JSON in a text is cleaned as JSON, so that it stays JSON; it is written anew only where it must be.
    const now = cleanedTree(inner, work.limits, depth + 1)
    if (now !== inner) return JSON.stringify(now)
  }
  let result = ''
  let from = 0
  for (const { start, end } of scan(text, { classes: ['instruction'] })) {
    result += text.slice(from, start) + REMOVED
    from = end
  }
  const left = from === 0 ? text : result + text.slice(from)
  // Escaped, or within a format that has to be read first.
  return speaks(left) ? REMOVED : left
}

function parsed(text: string): unknown {
  const first = text.trimStart()[0]
  if (first !== '{' && first !== '[') return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
