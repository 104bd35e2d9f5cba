import type { Answer } from '../core/behavior/watch.ts'
import { scan } from '../core/detection/scan.ts'
import type { Outcome } from './ticket.ts'

/** What stands where text was taken out. */
export const REMOVED = '[removed: text that speaks to the model]'

/**
 * Takes text that speaks to the model out of a response, wherever it stands in it. The response itself
 * is left as it is: what comes back is a copy, or the same object where there was nothing to remove.
 */
export function cleanText(outcome: Outcome, answer: Answer): Outcome {
  if (!answer.evidence.matches.some((match) => match.class === 'instruction')) return outcome
  if (!outcome.ok) return { ok: false, error: new Error(REMOVED) }
  return { ok: true, value: cleaned(outcome.value, 0) }
}

const MAX_DEPTH = 64

/** Copies only what changes, and keeps what copies leave out otherwise, such as keys that are symbols. */
function cleaned(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cleanedString(value, depth)
  if (typeof value !== 'object' || value === null) return value
  // Too deep to be looked at is too deep to be handed on.
  if (depth > MAX_DEPTH) return REMOVED
  if (Array.isArray(value)) {
    const members = value.map((member: unknown) => cleaned(member, depth + 1))
    return members.some((member, index) => member !== value[index]) ? members : value
  }
  const changes: [string, unknown][] = []
  const gone: string[] = []
  for (const [key, member] of Object.entries(value)) {
    const name = cleanedString(key, MAX_DEPTH)
    const now = cleaned(member, depth + 1)
    if (name === key && now === member) continue
    if (name !== key) gone.push(key)
    changes.push([name, now])
  }
  if (changes.length === 0) return value
  const copy: Record<string, unknown> = { ...value }
  for (const key of gone) delete copy[key]
  return Object.assign(copy, Object.fromEntries(changes))
}

function cleanedString(text: string, depth: number): string {
  const inner = depth < MAX_DEPTH ? parsed(text) : undefined
  // JSON in a text is cleaned as JSON, so that it stays JSON.
  if (inner !== undefined) return JSON.stringify(cleaned(inner, depth + 1))
  let result = ''
  let from = 0
  for (const { start, end } of scan(text, { classes: ['instruction'] })) {
    result += text.slice(from, start) + REMOVED
    from = end
  }
  return from === 0 ? text : result + text.slice(from)
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
