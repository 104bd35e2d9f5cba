import { isList, isMap } from '../../core/json-kind.ts'
import type { Answer } from '../answer/answer.ts'
import {
  chatProposal,
  cleanCalls,
  cleanFunction,
  functionProposal,
  judgeCall,
  mendedReason,
} from '../answer/chat-answer.ts'
import { type Calls, createCalls } from './calls.ts'
import { dataEvent, tooLarge } from './filter.ts'
import { createTexts } from './texts.ts'

type Fields = Readonly<Record<string, unknown>>

/** One of the answers that a stream brings. */
export interface Choice {
  /** Keeps the text of a chunk that goes on as it is. */
  see(part: Fields): void
  /** What is sent on for a chunk that has this choice alone; `raw` is its text, where it came so. */
  take(chunk: Fields, part: Fields, raw: string | undefined): Promise<string>
  /** What is left where the stream is over without a finish. */
  end(): Promise<string>
  readonly isHolding: boolean
  readonly isFinished: boolean
}

interface Held {
  /** Undefined where it did not come by itself. */
  readonly raw: string | undefined
  readonly chunk: Fields
  readonly part: Fields
}

export function createChoice(answer: Answer, index: number, maxHeld: number): Choice {
  const texts = createTexts(answer, String(index))
  const waiting = createWaiting(answer, maxHeld)
  let last: Held | undefined
  let isFinished = false

  const finish = async ({ chunk, part, raw }: Held): Promise<string> => {
    isFinished = true
    const left = texts.rest(chunk, part)
    // What is left stands behind what this chunk says, and before its finish.
    const said =
      left === '' ? '' : dataEvent(withPart(chunk, { ...part, finish_reason: null })) + left
    const calls = await waiting.release(texts.hasText)
    const reason = mendedReason(part['finish_reason'], waiting.callsLeft)
    if (raw !== undefined && left === '' && reason === part['finish_reason']) return calls + raw
    const bare =
      left === '' ? part : { ...part, ...('delta' in part ? { delta: {} } : { text: '' }) }
    return said + calls + dataEvent(withPart(chunk, { ...bare, finish_reason: reason }))
  }

  /** Holds the calls of a chunk back; what it says besides goes on at once. */
  const takeCalls = async ({ chunk, part, raw }: Held, isLast: boolean): Promise<string> => {
    const delta = deltaOf(part)
    const { tool_calls: _calls, function_call: _one, ...rest } = delta
    const isSpoken = texts.isSpoken(rest)
    const open = { ...part, finish_reason: null }
    waiting.hold({
      raw: isSpoken || isLast ? undefined : raw,
      chunk,
      part: { ...open, delta: isSpoken ? callsOf(delta) : delta },
    })
    const spoken = isSpoken ? dataEvent(withPart(chunk, texts.clean({ ...open, delta: rest }))) : ''
    if (!isLast) return spoken
    return spoken + (await finish({ chunk, part: { ...part, delta: {} }, raw: undefined }))
  }

  return {
    see(part) {
      texts.see(part)
      if (isReason(part['finish_reason'])) isFinished = true
    },
    async take(chunk, part, raw) {
      last = { chunk, part, raw }
      const isLast = isReason(part['finish_reason'])
      if (hasCalls(deltaOf(part))) return takeCalls(last, isLast)
      const clean = texts.clean(part)
      const same = clean === part ? raw : undefined
      if (isLast) return finish({ chunk, part: clean, raw: same })
      return same ?? dataEvent(withPart(chunk, clean))
    },
    async end() {
      const left = last === undefined ? '' : texts.rest(last.chunk, last.part)
      return left + (await waiting.release(texts.hasText))
    },
    get isHolding() {
      return waiting.isHolding
    },
    get isFinished() {
      return isFinished
    },
  }
}

/** Chunks that hold calls, until all of them are there. */
interface Waiting {
  hold(one: Held): void
  /** Judges them: what stays, as it came where that can be. */
  release(hasText: boolean): Promise<string>
  readonly isHolding: boolean
  readonly callsLeft: number
}

function createWaiting(answer: Answer, maxHeld: number): Waiting {
  const held: Held[] = []
  let calls: Calls = createCalls()
  let length = 0
  let callsLeft = 0
  return {
    hold(one) {
      length += one.raw?.length ?? JSON.stringify(one.part).length
      if (length > maxHeld) throw tooLarge()
      held.push(one)
      calls.add(deltaOf(one.part))
    },
    async release(hasText) {
      const [first] = held
      if (first === undefined) return ''
      const kept = await judged(answer, calls)
      callsLeft += kept.toolCalls.length + (kept.functionCall === undefined ? 0 : 1)
      const isSame = kept.notes.length === 0 && !kept.isCleaned && !calls.isAmbiguous
      const text = isSame
        ? held.map(({ raw, chunk, part }) => raw ?? dataEvent(withPart(chunk, part))).join('')
        : remade(answer, first, kept, hasText)
      held.length = 0
      length = 0
      calls = createCalls()
      return text
    },
    get isHolding() {
      return held.length > 0
    },
    get callsLeft() {
      return callsLeft
    },
  }
}

interface Kept {
  readonly toolCalls: readonly unknown[]
  readonly functionCall: Fields | undefined
  readonly notes: readonly string[]
  /** True where something was taken out of what stays. */
  readonly isCleaned: boolean
}

async function judged(answer: Answer, calls: Calls): Promise<Kept> {
  const notes: string[] = []
  const stay: Fields[] = []
  for (const call of calls.toolCalls) {
    const note = await judgeCall(answer, chatProposal(call))
    if (note === undefined) stay.push(call)
    else notes.push(note)
  }
  const { functionCall: one } = calls
  const note = one === undefined ? undefined : await judgeCall(answer, functionProposal(one))
  if (note !== undefined) notes.push(note)
  const left = note === undefined ? one : undefined
  const toolCalls = cleanCalls(answer, stay)
  const functionCall = left === undefined ? undefined : cleanFunction(answer, left)
  return { toolCalls, functionCall, notes, isCleaned: toolCalls !== stay || functionCall !== left }
}

/** One chunk with what stays of the calls, and what the model is told. */
function remade(
  { isJson }: Answer,
  { chunk, part }: Held,
  { toolCalls, functionCall, notes }: Kept,
  hasText: boolean,
): string {
  const { tool_calls: _calls, function_call: _one, ...rest } = deltaOf(part)
  const note = `${hasText && !isJson ? '\n\n' : ''}${notes.join('\n')}`
  const delta = {
    ...rest,
    ...(notes.length === 0 ? {} : { [isJson ? 'refusal' : 'content']: note }),
    ...(toolCalls.length === 0
      ? {}
      : { tool_calls: toolCalls.map((call, index) => ({ index, ...(isMap(call) ? call : {}) })) }),
    ...(functionCall === undefined ? {} : { function_call: functionCall }),
  }
  return dataEvent(withPart(chunk, { ...part, delta, finish_reason: null }))
}

function withPart(chunk: Fields, part: Fields): Fields {
  return { ...chunk, choices: [part] }
}

export function hasCalls(delta: Fields): boolean {
  const { tool_calls: calls, function_call: one } = delta
  return (isList(calls) && calls.length > 0) || isMap(one)
}

function callsOf({ tool_calls: calls, function_call: one }: Fields): Fields {
  return {
    ...(calls === undefined ? {} : { tool_calls: calls }),
    ...(isMap(one) ? { function_call: one } : {}),
  }
}

function deltaOf({ delta }: Fields): Fields {
  return isMap(delta) ? delta : {}
}

function isReason(reason: unknown): boolean {
  return reason !== null && reason !== undefined
}
