import { isList, isMap } from '../../core/json-kind.ts'
import type { Told } from './sequence.ts'

type Fields = Readonly<Record<string, unknown>>

/** How the text of a call is told, by the type of its item: the event, and the field of the item. */
const ARGUMENTS: Readonly<Record<string, readonly [string, string]>> = {
  function_call: ['response.function_call_arguments', 'arguments'],
  custom_tool_call: ['response.custom_tool_call_input', 'input'],
  mcp_call: ['response.mcp_call_arguments', 'arguments'],
}

/**
 * The events that tell of an item in another form than it came: a message in the place of a call that was
 * taken out, or a call with something taken out of it.
 */
export function toldOfItem(item: Fields, before: readonly Told[], done: Told): readonly Told[] {
  const isDone = { event: done.event, data: { ...done.data, item } }
  const { output_index } = done.data
  const say = (type: string, more: Fields): Told => ({
    event: undefined,
    data: { type, output_index, ...more },
  })
  const item_id = item['id']
  if (item['type'] === 'message' && before.length > 0)
    return [
      say('response.output_item.added', { item: { ...item, status: 'in_progress', content: [] } }),
      ...partTold(item, (type, more) => say(type, { item_id, content_index: 0, ...more })),
      isDone,
    ]
  const [event, field] = ARGUMENTS[String(item['type'])] ?? []
  if (event === undefined || field === undefined || before.length === 0) return [isDone]
  const text = item[field]
  return [
    say('response.output_item.added', { item: { ...item, status: 'in_progress', [field]: '' } }),
    say(`${event}.delta`, { item_id, delta: text }),
    say(`${event}.done`, { item_id, [field]: text }),
    isDone,
  ]
}

type Say = (type: string, more: Fields) => Told

/** The one part of a message that was put in. */
function partTold({ content }: Fields, say: Say): readonly Told[] {
  const part: unknown = isList(content) ? content[0] : undefined
  if (!isMap(part)) return []
  const field = part['type'] === 'refusal' ? 'refusal' : 'text'
  const event = field === 'refusal' ? 'response.refusal' : 'response.output_text'
  const logprobs = field === 'refusal' ? {} : { logprobs: [] }
  return [
    say('response.content_part.added', { part: { ...part, [field]: '' } }),
    say(`${event}.delta`, { delta: part[field], ...logprobs }),
    say(`${event}.done`, { [field]: part[field], ...logprobs }),
    say('response.content_part.done', { part }),
  ]
}
