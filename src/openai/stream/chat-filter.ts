import { isList, isMap } from '../../core/json-kind.ts'
import type { MaybePromise } from '../../core/model/json.ts'
import type { SseEvent } from '../../core/sse/parse-sse.ts'
import type { Answer } from '../answer/answer.ts'
import { type Choice, createChoice, hasCalls } from './choice.ts'
import { type StreamFilter, tooLarge } from './filter.ts'
import { isErrorAlone, readPart } from './read-part.ts'

type Fields = Readonly<Record<string, unknown>>

export interface ChatFilterOptions {
  readonly addsUsage: boolean
  /** Most UTF-16 units that may be held back. */
  readonly maxHeld: number
}

const MOST_CHOICES = 1_000

/**
 * Chunks of a chat completion, or of a text completion. Text goes on at once; calls are held back until
 * all of them are there, and judged then.
 */
export function chatFilter(
  answer: Answer,
  { addsUsage, maxHeld }: ChatFilterOptions,
): StreamFilter {
  const choices = new Map<number, Choice>()
  const isCleaned = answer.redactor() !== undefined
  let tail = ''
  let isOver = false
  let hasFailed = false

  const choiceOf = (index: number): Choice => {
    const known = choices.get(index)
    if (known !== undefined) return known
    if (choices.size >= MOST_CHOICES) throw tooLarge()
    const made = createChoice(answer, index, maxHeld)
    choices.set(index, made)
    return made
  }

  /** Nothing in it needs more than a look: by far the most chunks. */
  const isPlain = (choice: Fields): boolean => {
    const { delta, finish_reason: reason } = choice
    if (isCleaned || (isMap(delta) && hasCalls(delta))) return false
    return reason === null || reason === undefined || !choiceOf(indexOf(choice)).isHolding
  }

  const chunk = (event: SseEvent, data: Fields): MaybePromise<string> => {
    const listed = data['choices']
    const parts = isList(listed) ? listed.filter(isMap) : []
    if (parts.length === 0) return addsUsage && isMap(data['usage']) ? '' : event.raw
    if (!parts.every(isPlain)) return apart(event, data, parts)
    for (const part of parts) choiceOf(indexOf(part)).see(part)
    return event.raw
  }

  const apart = async (
    event: SseEvent,
    data: Fields,
    parts: readonly Fields[],
  ): Promise<string> => {
    let text = ''
    for (const part of parts) {
      const raw = parts.length === 1 ? event.raw : undefined
      text += await choiceOf(indexOf(part)).take({ ...data, choices: [part] }, part, raw)
    }
    return text
  }

  const done = async (event: SseEvent): Promise<string> => {
    let text = ''
    for (const choice of choices.values()) text += await choice.end()
    isOver = true
    tail = event.raw
    return text
  }

  return {
    event(event) {
      const data = readPart(answer, event, 'chunk')
      if (data === 'aside') return event.raw
      if (data === 'end') return done(event)
      answer.view.read(data)
      if (data['error'] !== undefined && data['error'] !== null) hasFailed = true
      return isErrorAlone(data) ? event.raw : chunk(event, data)
    },
    get tail() {
      return tail
    },
    get isOver() {
      return isOver
    },
    get isComplete() {
      const all = [...choices.values()]
      return isOver || (all.length > 0 && all.every(({ isFinished }) => isFinished))
    },
    get hasFailed() {
      return hasFailed
    },
  }
}

function indexOf({ index }: Fields): number {
  return typeof index === 'number' ? index : 0
}
