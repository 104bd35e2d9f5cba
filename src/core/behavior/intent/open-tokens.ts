import type { ActView } from './act.ts'
import type { BoundedSet } from './bounded-set.ts'
import { CORROBORATED, HALF_NAMED, VALUE_WEIGHT } from './scale.ts'
import type { Task } from './task.ts'

export interface Known {
  /** Values that no stranger chose. */
  readonly known: BoundedSet
  /** Values that a tool was given before, each joined with the tool's hash by `usedKey`. */
  readonly used: BoundedSet
}

export function usedKey(value: number, resource: number): number {
  return value ^ resource
}

/** Stands for a tool that a person let go out once. */
export function approvedKey(resource: number): number {
  return ~resource
}

/** A person approved this tool with all that it is given now. */
export function isApproved(view: ActView, { known }: Known, resource: number): boolean {
  if (!known.has(approvedKey(resource))) return false
  for (let token = 0; token < view.tokens; token += 1)
    if (!known.has(view.hashes[token] ?? 0)) return false
  return true
}

/** Weighs the call's values and words by what the task and trusted sources leave of them. */
export function openTokens(
  view: ActView,
  task: Task | undefined,
  { known, used }: Known,
  resource: number,
  open: Float64Array,
): void {
  for (let token = 0; token < view.tokens; token += 1) {
    const value = view.hashes[token] ?? 0
    const strength = view.strengths[token] ?? 0
    const before = used.has(usedKey(value, resource)) && strength > 0 ? CORROBORATED.used : 1
    const isKnown = known.has(value) || (task !== undefined && isAsked(task, value, strength))
    open[token] = isKnown ? 0 : (VALUE_WEIGHT[strength] ?? 1) * before
  }
  if (task === undefined) return
  for (let owner = 0; owner < view.arguments; owner += 1) closeName(view, owner, open)
}

function isAsked(task: Task, value: number, strength: number): boolean {
  return task.values.has(value) || (strength === 0 && task.stems.has(value))
}

/** A task that has half of a name's words means that thing: `the running shoes`. */
function closeName(view: ActView, owner: number, open: Float64Array): void {
  let asked = 0
  for (let token = 0; token < view.tokens; token += 1)
    if (isWordOf(view, owner, token) && open[token] === 0) asked += 1
  if (asked === 0 || asked * 2 < (view.wordCounts[owner] ?? 0)) return
  for (let token = 0; token < view.tokens; token += 1)
    if (isWordOf(view, owner, token)) open[token] = (open[token] ?? 0) * HALF_NAMED
}

function isWordOf(view: ActView, owner: number, token: number): boolean {
  return view.owners[token] === owner && view.strengths[token] === 0
}
