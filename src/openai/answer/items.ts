import { isList, isMap } from '../../core/json-kind.ts'
import { hostedName } from '../wire/offered-tools.ts'
import { type Answer, cleanArguments, cleanLeaves, cleanText, mapMembers } from './answer.ts'
import type { Proposal } from './proposals.ts'

type Fields = Readonly<Record<string, unknown>>

/** Run on the vendor's side by tools that were judged when they were offered. */
const HOSTED: ReadonlySet<string> = new Set([
  'web_search_call',
  'file_search_call',
  'code_interpreter_call',
  'image_generation_call',
  'tool_search_call',
])

/**
 * The call that an item of a response proposes, or, of an MCP server that the vendor speaks to, has made;
 * undefined where it is none.
 */
export function itemProposal(item: Fields, vendor: string): Proposal | undefined {
  const type = String(item['type'])
  const id = item['call_id'] ?? item['id']
  switch (type) {
    case 'function_call':
      return { name: nameOf(item), arguments: item['arguments'], id }
    case 'custom_tool_call':
      return { name: nameOf(item), arguments: { input: item['input'] ?? '' }, id }
    case 'mcp_call':
    case 'mcp_approval_request': {
      const label = String(item['server_label'])
      const name = nameOf(item)
      return { name, resource: `${label}.${name}`, server: label, arguments: item['arguments'], id }
    }
  }
  if (HOSTED.has(type) || !type.endsWith('_call')) return undefined
  // Run by the caller: a computer, a shell, a patch.
  const name = hostedName(type.slice(0, -'_call'.length))
  const { action, operation, actions } = item
  const args = { ...(isMap(action) ? action : {}), ...(isMap(operation) ? operation : {}) }
  const more = isList(actions) ? { actions } : {}
  return {
    name,
    resource: `${vendor}.${name}`,
    server: vendor,
    arguments: { ...args, ...more },
    id,
  }
}

/** What is no text is a name that nothing has. */
function nameOf({ name }: Fields): string {
  return typeof name === 'string' ? name : ''
}

/** What stands in the place of an item that was taken out. */
export function noteItem(answer: Pick<Answer, 'isJson'>, item: Fields, note: string): Fields {
  const key = String(item['id'] ?? item['call_id'] ?? 'note')
  return {
    type: 'message',
    id: `msg_${key}`,
    role: 'assistant',
    status: 'completed',
    content: [notePart(answer, note)],
  }
}

/** Where the text is to be JSON, what else is said to the model is a refusal. */
export function notePart({ isJson }: Pick<Answer, 'isJson'>, note: string): Fields {
  return isJson
    ? { type: 'refusal', refusal: note }
    : { type: 'output_text', text: note, annotations: [], logprobs: [] }
}

/** An item that stays, with its texts cleaned; the same object where nothing was taken out. */
export function cleanItem(answer: Answer, item: Fields): Fields {
  if (answer.redactor() === undefined) return item
  return mapMembers(item, (member, name) => {
    if (name === 'arguments') return cleanArguments(answer, member)
    if ((name === 'content' || name === 'summary') && isList(member))
      return cleanParts(answer, member)
    return KEPT.has(name) ? member : cleanLeaves(answer, member)
  })
}

const KEPT: ReadonlySet<string> = new Set([
  'id',
  'type',
  'role',
  'status',
  'call_id',
  'name',
  'encrypted_content',
  'result',
])

function cleanParts(answer: Answer, parts: readonly unknown[]): readonly unknown[] {
  const now = parts.map((part) => (isMap(part) ? cleanPart(answer, part) : part))
  return now.every((one, index) => one === parts[index]) ? parts : now
}

/** A part of a message or of reasoning. */
export function cleanPart(answer: Answer, part: Fields): Fields {
  if (answer.redactor() === undefined) return part
  return mapMembers(part, (member, name) => {
    if (name === 'type') return member
    // Each token is a piece of the text.
    if (name === 'logprobs') return []
    return typeof member === 'string' ? cleanText(answer, member) : cleanLeaves(answer, member)
  })
}

/** Keeps the item's texts for the record of the call. */
export function seeItem({ view }: Pick<Answer, 'view'>, item: Fields): void {
  const parts = [item['content'], item['summary']].flatMap((one) => (isList(one) ? one : []))
  for (const part of parts) {
    const text = isMap(part) ? (part['text'] ?? part['refusal']) : undefined
    if (typeof text === 'string') view.text(String(item['id']), text)
  }
}
