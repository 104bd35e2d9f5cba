import { isList, isMap } from '../../core/json-kind.ts'
import type { Answer } from './answer.ts'
import { chatAnswer, chatProposal } from './chat-answer.ts'
import { itemProposal } from './items.ts'
import { responsesAnswer, settledItem } from './responses-answer.ts'

type Fields = Readonly<Record<string, unknown>>

/** An answer as the caller may see it; `note` where none of it may be seen. */
export interface Seen {
  readonly value: Fields
  readonly note?: string
}

/**
 * Looks at an answer by its form, whatever it answers: completions, responses, lists of them and of
 * their items, and runs of assistants. The same object where nothing changed.
 */
export async function jsonAnswer(answer: Answer, value: Fields): Promise<Seen> {
  if (isList(value['choices'])) return { value: await chatAnswer(answer, value) }
  if (isList(value['output'])) return { value: await responsesAnswer(answer, value) }
  if (isMap(value['required_action'])) return runAnswer(answer, value, value['required_action'])
  if (isList(value['data'])) return listAnswer(answer, value, value['data'])
  answer.view.read(value)
  return { value }
}

async function listAnswer(answer: Answer, value: Fields, data: readonly unknown[]): Promise<Seen> {
  const now: unknown[] = []
  for (const one of data) {
    const seen = isMap(one) ? await listed(answer, one) : undefined
    if (seen?.note !== undefined) return seen
    now.push(seen?.value ?? one)
  }
  const isSame = now.every((one, index) => one === data[index])
  answer.view.read(value)
  return { value: isSame ? value : { ...value, data: now } }
}

async function listed(answer: Answer, one: Fields): Promise<Seen> {
  if (isList(one['data'])) return { value: one }
  if (itemProposal(one, answer.vendor) !== undefined)
    return { value: await settledItem(answer, one) }
  return jsonAnswer(answer, one)
}

/** The API wants an answer to each call of a run: none of them can be taken out. */
async function runAnswer(answer: Answer, value: Fields, action: Fields): Promise<Seen> {
  const { submit_tool_outputs: outputs } = action
  const calls = isMap(outputs) && isList(outputs['tool_calls']) ? outputs['tool_calls'] : []
  for (const call of calls) {
    const note = await answer.propose(chatProposal(call))
    if (note !== undefined) return { value, note }
  }
  return { value }
}
