import { isMap } from '../../core/json-kind.ts'
import type { MaybePromise } from '../../core/model/json.ts'
import type { SseEvent } from '../../core/sse/parse-sse.ts'
import type { Answer } from '../answer/answer.ts'
import { itemProposal } from '../answer/items.ts'
import { responsesAnswer, type Settled, settledItem } from '../answer/responses-answer.ts'
import { type StreamFilter, tooLarge } from './filter.ts'
import { createParts } from './parts.ts'
import { isErrorAlone, readPart } from './read-part.ts'
import { createSequence, type Told } from './sequence.ts'
import { toldOfItem } from './told-of-item.ts'

type Fields = Readonly<Record<string, unknown>>

const TERMINAL: ReadonlySet<unknown> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
  'response.cancelled',
])
/** Pieces of a proposal, also where its begin was told to an earlier reader. */
const OF_CALLS =
  /^response\.(?:function_call_arguments|custom_tool_call_input|mcp_call_arguments|mcp_call)\b/

/**
 * Events of a response. Text goes on at once; an item that proposes a call is held back until it is
 * there, and judged then. The last event repeats what was said of each.
 */
export function responsesFilter(
  answer: Answer,
  { maxHeld }: { readonly maxHeld: number },
): StreamFilter {
  const settled: Settled = new Map()
  const sequence = createSequence()
  const parts = createParts(answer)
  const held = new Map<unknown, Told[]>()
  let heldLength = 0
  let tail = ''
  let isOver = false
  let hasFailed = false
  const again = withoutView(answer)

  const hold = (told: Told): string => {
    heldLength += told.event?.raw.length ?? 0
    if (heldLength > maxHeld) throw tooLarge()
    const index = told.data['output_index']
    const before = held.get(index) ?? []
    before.push(told)
    held.set(index, before)
    return ''
  }

  const whole = async (told: Told, response: Fields): Promise<string> => {
    const now = await responsesAnswer(again, response, settled)
    const data = now === response ? told.data : { ...told.data, response: now }
    if (!TERMINAL.has(data['type'])) return sequence.write({ ...told, data })
    tail = sequence.write({ ...told, data })
    hasFailed = data['type'] === 'response.failed'
    isOver = true
    return ''
  }

  const itemDone = async (told: Told, item: Fields): Promise<string> => {
    const index = told.data['output_index']
    const before = held.get(index) ?? []
    held.delete(index)
    const now = await settledItem(answer, item, settled)
    if (now === item) return [...before, told].map(sequence.write).join('')
    return toldOfItem(now, before, told).map(sequence.write).join('')
  }

  const take = (told: Told): MaybePromise<string> => {
    const { type, item, response, output_index: index } = told.data
    if (isMap(response)) return whole(told, response)
    if (type === 'response.output_item.done' && isMap(item)) return itemDone(told, item)
    const isProposal = isMap(item) && itemProposal(item, answer.vendor) !== undefined
    if (isProposal || held.has(index) || OF_CALLS.test(String(type))) return hold(told)
    return parts.take(told).map(sequence.write).join('')
  }

  return {
    event(event: SseEvent) {
      const data = readPart(answer, event, 'event')
      if (data === 'aside') return event.raw
      if (data === 'end') {
        isOver = true
        tail = event.raw
        return ''
      }
      if (isMap(data['response'])) answer.view.read(data['response'])
      if (!isErrorAlone(data)) return take({ event, data, source: data })
      hasFailed = true
      return event.raw
    },
    get tail() {
      return tail
    },
    get isOver() {
      return isOver
    },
    get isComplete() {
      return isOver && !hasFailed
    },
    get hasFailed() {
      return hasFailed
    },
  }
}

/** Whole responses repeat texts that were seen. */
function withoutView(answer: Answer): Answer {
  return { ...answer, view: { ...answer.view, text: () => true, call: () => {} } }
}
