import { scan } from '../../core/detection/scan.ts'
import type { JsonValue } from '../../core/model/json.ts'
import type { TraceSession } from './trace-session.ts'

/**
 * What a measurement leaves out, to see what the rest is worth.
 * `cue`: text that speaks to the model counts like any other. `imperative`: a request counts like a
 * statement. `wrapper`: sentences that speak to the model are cut out of the
 * recordings. `task`: nobody
 * says what the user wanted.
 */
export const ABLATIONS = ['cue', 'wrapper', 'imperative', 'task'] as const
export type Ablation = (typeof ABLATIONS)[number]

/** The session without what is left out of recordings. */
export function withoutParts(session: TraceSession, without: ReadonlySet<Ablation>): TraceSession {
  let cut = session
  if (without.has('task')) cut = { ...cut, task: undefined }
  if (!without.has('wrapper')) return cut
  const events = cut.events.map((event) =>
    event.direction === 'response' ? { ...event, payload: unwrapped(event.payload) } : event,
  )
  return { ...cut, events }
}

function unwrapped(value: JsonValue): JsonValue {
  if (typeof value === 'string') return unwrappedText(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(unwrapped)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, unwrapped(member)]))
}

/**
 * Sentence by sentence: one that alone would be taken for speaking to the model goes, what an attack
 * asks for beside it stays. Line breaks may be written out, as in JSON inside a text.
 */
function unwrappedText(text: string): string {
  return text
    .split(BETWEEN_SENTENCES)
    .filter((part) => part === undefined || scan(part, { classes: ['instruction'] }).length === 0)
    .join('')
}

// The blanks and breaks are parts of their own, so that what stays keeps its form.
const BETWEEN_SENTENCES = /(\\n|\n|(?<=[.!?:]["')]?)[ \t]+)/
