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
  const value = cleaned(outcome.value, limits, 0)
  // INVARIANT: what was found is gone. What only several texts say together goes with all of them.
  return { ok: true, value: speaks(plainResponse(value, limits).value) ? REMOVED : value }
}

const MAX_DEPTH = 64

/** Copies only what changes, and keeps what copies leave out otherwise, such as keys that are symbols. */
function cleaned(value: unknown, limits: SnapshotLimits, depth: number): unknown {
  if (typeof value === 'string') return cleanedString(value, limits, depth)
  if (typeof value !== 'object' || value === null) return value
  // Too deep to be looked at is too deep to be handed on.
  if (depth > MAX_DEPTH) return REMOVED
  if (Array.isArray(value)) return cleanedList(value, limits, depth)
  if (!isPlainObject(value) || typeof value['toJSON'] === 'function')
    return cleanedInstance(value, limits, depth)
  const changes: [string, unknown][] = []
  const gone: string[] = []
  for (const [key, member] of Object.entries(value)) {
    const name = cleanedString(key, limits, MAX_DEPTH)
    const now = cleaned(member, limits, depth + 1)
    if (name === key && now === member) continue
    if (name !== key) gone.push(key)
    changes.push([name, now])
  }
  if (changes.length === 0) return value
  const copy: Record<string, unknown> = { ...value }
  for (const key of gone) delete copy[key]
  return Object.assign(copy, Object.fromEntries(changes))
}

function cleanedList(list: readonly unknown[], limits: SnapshotLimits, depth: number): unknown {
  const members = list.map((member) => cleaned(member, limits, depth + 1))
  return members.some((member, index) => member !== list[index]) ? members : list
}

/** What no copy can be made of: if it holds such text, what can be read of it goes in its place. */
function cleanedInstance(value: object, limits: SnapshotLimits, depth: number): unknown {
  const plain = plainResponse(value, limits).value
  return speaks(plain) ? cleaned(plain, limits, depth + 1) : value
}

function speaks(payload: JsonValue): boolean {
  return scanLeaves(readLeaves(payload), false).some((match) => match.class === 'instruction')
}

function cleanedString(text: string, limits: SnapshotLimits, depth: number): string {
  const inner = depth < MAX_DEPTH ? parsed(text) : undefined
  if (inner !== undefined) {
    // JSON in a text is cleaned as JSON, so that it stays JSON; it is written anew only where it must be.
    const now = cleaned(inner, limits, depth + 1)
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
