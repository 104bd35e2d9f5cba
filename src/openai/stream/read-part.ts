import { isList, isMap } from '../../core/json-kind.ts'
import type { SseEvent } from '../../core/sse/parse-sse.ts'
import type { Answer } from '../answer/answer.ts'
import { type Form, hasStray } from '../answer/strays.ts'
import { malformed, readData, strayCall } from './filter.ts'

type Fields = Readonly<Record<string, unknown>>

/** What an event says; `aside`: nothing of the answer; `end`: that it is over. */
export type Part = Fields | 'aside' | 'end'

/**
 * Reads an event that may be handed on where what it says may.
 * @throws {StreamFault} where readers could find something else in it
 */
export function readPart(answer: Answer, event: SseEvent, form: Form): Part {
  if (!isPure(event)) throw malformed()
  if (!event.hasData) return 'aside'
  if (event.data === '[DONE]') return 'end'
  const data = readData(event)
  if (data === undefined) throw malformed()
  if (answer.refusesStrays && hasStray(data, form)) throw strayCall()
  return data
}

/** True for an error that says nothing else: what says something is judged. */
export function isErrorAlone(part: Fields): boolean {
  const { error, type, item, response, choices } = part
  if (isMap(item) || isMap(response) || isList(choices)) return false
  return type === 'error' || (error !== undefined && error !== null)
}

/**
 * True for an event that has nothing but fields of events and comments. A reader of lines, or one that
 * ends them elsewhere too, could take anything else for data.
 */
function isPure({ raw, data, hasData }: SseEvent): boolean {
  // By far the most: one line of data, and its end.
  if (hasData && raw.length === data.length + PLAIN_LENGTH) return true
  return !raw.split(/\r\n|\r|\n/).some(isImpure)
}

const PLAIN_LENGTH = 'data: \n\n'.length
const FIELD = /^(?::|(?:data|event|id|retry)(?::|$))/

function isImpure(line: string): boolean {
  if (line === '') return false
  return !FIELD.test(line) || (!line.startsWith('data') && OTHER_ENDS.test(line))
}

// Early clients of the `openai` package, and Python's, end lines at these too.
const OTHER_ENDS = /[\v\f\u001c-\u001e\u0085\u2028\u2029]/
