import { isList, isMap } from '../../core/json-kind.ts'
import {
  type Answer,
  cleanArguments,
  cleanLeaves,
  cleanText,
  mapMembers,
  withoutReadable,
} from './answer.ts'
import type { Proposal } from './proposals.ts'

type Fields = Readonly<Record<string, unknown>>

/** A chat completion, or a text completion, as the caller may see it. The same object where nothing changed. */
export async function chatAnswer(answer: Answer, completion: Fields): Promise<Fields> {
  answer.view.read(completion)
  const { choices } = completion
  if (!isList(choices)) return completion
  const now: unknown[] = []
  for (const choice of choices)
    now.push(
      isMap(choice) ? await chatChoice(answer, choice, String(choice['index'] ?? 0)) : choice,
    )
  return now.every((one, index) => one === choices[index])
    ? completion
    : { ...completion, choices: now }
}

async function chatChoice(answer: Answer, choice: Fields, place: string): Promise<Fields> {
  const { message } = choice
  const judged = isMap(message) ? await withoutDenied(answer, message) : undefined
  const isDenied = judged !== undefined && judged.message !== message
  const mended = isDenied
    ? {
        ...choice,
        message: judged.message,
        finish_reason: mendedReason(choice['finish_reason'], judged.left),
      }
    : choice
  return cleanChoice(answer, mended, place)
}

/** No call is left to be made. */
export function mendedReason(reason: unknown, callsLeft: number): unknown {
  const isOfCalls = reason === 'tool_calls' || reason === 'function_call'
  return isOfCalls && callsLeft === 0 ? 'stop' : reason
}

interface Judged {
  /** The same object where all calls stay. */
  readonly message: Fields
  readonly left: number
}

async function withoutDenied(answer: Answer, message: Fields): Promise<Judged> {
  const calls = isList(message['tool_calls']) ? message['tool_calls'] : []
  const legacy = message['function_call']
  const notes: string[] = []
  const kept: unknown[] = []
  for (const call of calls) {
    const note = await judgeCall(answer, chatProposal(call))
    if (note === undefined) kept.push(call)
    else notes.push(note)
  }
  const legacyNote = isMap(legacy) ? await judgeCall(answer, functionProposal(legacy)) : undefined
  if (legacyNote !== undefined) notes.push(legacyNote)
  const left = kept.length + (isMap(legacy) && legacyNote === undefined ? 1 : 0)
  if (notes.length === 0) return { message, left }
  const { tool_calls: _calls, function_call: _legacy, ...rest } = message
  return {
    message: {
      ...rest,
      ...(kept.length === 0 ? {} : { tool_calls: kept }),
      ...(isMap(legacy) && legacyNote === undefined ? { function_call: legacy } : {}),
      ...withNotes(answer, message, notes),
    },
    left,
  }
}

/** Where the content is to be JSON, what else is said to the model stands in `refusal`. */
export function withNotes({ isJson }: Answer, message: Fields, notes: readonly string[]): Fields {
  const field = isJson ? 'refusal' : 'content'
  const before = message[field]
  const text = notes.join('\n')
  if (isList(before)) return { [field]: [...before, { type: 'text', text }] }
  return { [field]: typeof before === 'string' && before !== '' ? `${before}\n\n${text}` : text }
}

export async function judgeCall(answer: Answer, proposal: Proposal): Promise<string | undefined> {
  const note = await answer.propose(proposal)
  if (note === undefined) answer.view.call(proposal.name, proposal.arguments)
  return note
}

/** What is no known kind of call has a name that nothing has. */
export function chatProposal(call: unknown): Proposal {
  if (!isMap(call)) return NAMELESS
  const { function: fn, custom, id } = call
  // Of two kinds at once: readers differ in which they take.
  if (isMap(fn) && isMap(custom)) return { ...NAMELESS, id }
  if (isMap(fn)) return { ...functionProposal(fn), id }
  if (isMap(custom))
    return { name: String(custom['name'] ?? ''), arguments: { input: custom['input'] ?? '' }, id }
  return { ...NAMELESS, id }
}

const NAMELESS: Proposal = Object.freeze({ name: '', resource: '', arguments: {} })

export function functionProposal(fn: Fields): Proposal {
  const { name } = fn
  return typeof name === 'string' ? { name, arguments: fn['arguments'] } : NAMELESS
}

/** A choice whose texts were cleaned. */
function cleanChoice(answer: Answer, choice: Fields, place: string): Fields {
  const isCleaned = answer.redactor() !== undefined
  return mapMembers(choice, (member, name) => {
    if (name === 'text' && typeof member === 'string') return seen(answer, place, member)
    if (name === 'message' && isMap(member)) return cleanMessage(answer, member, place)
    // Each of its tokens is a piece of the text.
    return name === 'logprobs' && isCleaned ? null : member
  })
}

function cleanMessage(answer: Answer, message: Fields, place: string): Fields {
  return mapMembers(message, (member, name) => {
    if (name === 'role') return member
    if (typeof member === 'string') return seen(answer, `${place} ${name}`, member)
    return cleanMember(answer, name, member)
  })
}

/** What a message has besides its texts; of a piece of one too. */
export function cleanMember(answer: Answer, name: string, member: unknown): unknown {
  if (name === 'tool_calls' && isList(member)) return cleanCalls(answer, member)
  if (name === 'function_call' && isMap(member)) return cleanFunction(answer, member)
  if (name !== 'reasoning_details') return cleanLeaves(answer, member)
  return answer.redactor() === undefined ? member : withoutReadable(member)
}

function seen(answer: Answer, place: string, text: string): string {
  const now = cleanText(answer, text)
  answer.view.text(place, now)
  return now
}

export function cleanCalls(answer: Answer, calls: readonly unknown[]): readonly unknown[] {
  const now = calls.map((call) =>
    isMap(call)
      ? mapMembers(call, (member, name) =>
          (name === 'function' || name === 'custom') && isMap(member)
            ? cleanFunction(answer, member)
            : member,
        )
      : call,
  )
  return now.every((one, index) => one === calls[index]) ? calls : now
}

export function cleanFunction(answer: Answer, fn: Fields): Fields {
  return mapMembers(fn, (member, name) => {
    if (name === 'arguments') return cleanArguments(answer, member)
    return name === 'input' && typeof member === 'string' ? cleanText(answer, member) : member
  })
}
