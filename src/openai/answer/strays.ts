import { isList, isMap } from '../../core/json-kind.ts'
import { itemProposal } from './items.ts'

type Fields = Readonly<Record<string, unknown>>

/** Members that hold calls, in whatever API. */
const HOLDING: ReadonlySet<string> = new Set([
  'tool_calls',
  'function_call',
  'toolCalls',
  'functionCall',
])
/** Blocks that are calls, of other APIs. */
const BLOCKS: ReadonlySet<unknown> = new Set(['tool_use', 'tool_call', 'tool-call'])
/** What was asked for, repeated, and schemas: nobody takes a call from there. */
const REPEATED: ReadonlySet<string> = new Set([
  'tools',
  'tool_choice',
  'metadata',
  'text',
  'instructions',
  'prompt',
  'attributes',
  'arguments',
  'input',
  'usage',
])
const DEEPEST = 64

/** Where calls are judged: in the choices of a chunk, in the items of an event, in either of an answer. */
export type Form = 'chunk' | 'event' | 'answer'

/**
 * True where an answer, or a piece of one, holds a call in a place where calls are not judged: some
 * client may look there.
 */
export function hasStray(part: Fields, form: Form): boolean {
  // A piece that is an item and a response at once could be read as either.
  if (isMap(part['item']) && isMap(part['response'])) return true
  const lists = form === 'event' ? 'output' : 'choices' in part ? 'choices' : 'output'
  return Object.keys(part).some((name) => {
    const member = part[name]
    if (form === 'event' && name === 'item') return isStrayItem(member)
    if (form === 'event' && name === 'response' && isMap(member)) return hasStray(member, form)
    if (name !== lists || !isList(member)) return isStrayMember(name, member, 0)
    return member.some((one) => isStrayListed(one, name, form))
  })
}

function isStrayListed(one: unknown, name: string, form: Form): boolean {
  if (name === 'choices') return isStrayChoice(one, SPEAKER[form])
  return form === 'chunk' ? isStray(one, 0) : isStrayItem(one)
}

/** Where a choice says what it says. */
const SPEAKER = { chunk: 'delta', event: '', answer: 'message' } as const

function isStrayChoice(choice: unknown, speaker: string): boolean {
  if (!isMap(choice)) return isStray(choice, 0)
  return Object.keys(choice).some((name) => {
    const member = choice[name]
    return name === speaker && isMap(member)
      ? isStrayMessage(member)
      : isStrayMember(name, member, 0)
  })
}

function isStrayMessage(message: Fields): boolean {
  for (const name of Object.keys(message)) {
    const member = message[name]
    if (name === 'tool_calls' && isList(member)) continue
    if (name === 'function_call' && isMap(member)) continue
    if (isStrayMember(name, member, 0)) return true
  }
  return false
}

/** A call that was judged may hold whatever it likes. */
function isStrayItem(item: unknown): boolean {
  if (!isMap(item)) return isStray(item, 0)
  if (itemProposal(item, '') !== undefined) return false
  return Object.keys(item).some((name) => isStrayMember(name, item[name], 0))
}

function isStrayMember(name: string, member: unknown, depth: number): boolean {
  if (HOLDING.has(name)) return !isNothing(member)
  return typeof member === 'object' && !REPEATED.has(name) && isStray(member, depth + 1)
}

function isStray(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (depth > DEEPEST) return true
  if (isList(value)) return value.some((one) => isStray(one, depth + 1))
  const fields = value as Fields // no list, so an object
  if (BLOCKS.has(fields['type']) || itemProposal(fields, '') !== undefined) return true
  return Object.keys(fields).some((name) => isStrayMember(name, fields[name], depth))
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (isList(value) && value.length === 0)
}
