import { isList, isMap } from '../../core/json-kind.ts'
import { type Answer, cleanText, mapMembers } from './answer.ts'
import { cleanItem, itemProposal, noteItem, seeItem } from './items.ts'

type Fields = Readonly<Record<string, unknown>>

/** What was said of each proposal; undefined: it stays. A streamed response tells of each several times. */
export type Settled = Map<string, string | undefined>

/** A response with its items as the caller may see them. The same object where nothing changed. */
export async function responsesAnswer(
  answer: Answer,
  response: Fields,
  settled: Settled = new Map(),
): Promise<Fields> {
  answer.view.read(response)
  const { output } = response
  const items = isList(output) ? await settledItems(answer, output, settled) : output
  return mapMembers(response, (member, name) => {
    if (name === 'output') return items
    // Not part of the API, but some who speak it send it.
    return name === 'output_text' && typeof member === 'string' ? cleanText(answer, member) : member
  })
}

/** The same list where nothing changed. */
export async function settledItems(
  answer: Answer,
  items: readonly unknown[],
  settled: Settled = new Map(),
): Promise<readonly unknown[]> {
  const now: unknown[] = []
  for (const item of items) now.push(isMap(item) ? await settledItem(answer, item, settled) : item)
  return now.every((one, index) => one === items[index]) ? items : now
}

/** Judges an item once, and says the same of it ever after. */
export async function settledItem(
  answer: Answer,
  item: Fields,
  settled: Settled = new Map(),
): Promise<Fields> {
  const note = await noteOn(answer, item, settled)
  const now = note === undefined ? cleanItem(answer, item) : noteItem(answer, item, note)
  seeItem(answer, now)
  return now
}

/** Why an item does not stay. */
async function noteOn(answer: Answer, item: Fields, settled: Settled): Promise<string | undefined> {
  const proposal = itemProposal(item, answer.vendor)
  if (proposal === undefined) return undefined
  // By all that is judged: another call under the same id is another call.
  const key = JSON.stringify(proposal)
  if (settled.has(key)) return settled.get(key)
  const note = await answer.propose(proposal)
  if (note === undefined) answer.view.call(proposal.name, proposal.arguments)
  if (settled.size < MOST_SETTLED) settled.set(key, note)
  return note
}

const MOST_SETTLED = 10_000
