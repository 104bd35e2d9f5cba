import { isMap } from '../../core/json-kind.ts'
import type { TextRedactor } from '../../core/redaction/redact-text.ts'
import { type Answer, cleanLeaves, cleanText, mapMembers } from '../answer/answer.ts'
import { cleanItem, cleanPart } from '../answer/items.ts'
import { tooLarge } from './filter.ts'
import type { Told } from './sequence.ts'

type Fields = Readonly<Record<string, unknown>>

/** The texts of a response, which come in pieces. */
export interface Parts {
  /** The events to tell for one that came, in order. */
  take(told: Told): readonly Told[]
}

/** Events whose pieces make one text, and the field in which the last one tells all of it. */
const TEXTS =
  /^(response\.(?:output_text|refusal|reasoning_text|reasoning_summary_text|audio\.transcript|code_interpreter_call_code))\.(delta|done)$/

const MOST_TEXTS = 10_000

export function createParts(answer: Answer): Parts {
  const isCleaned = answer.redactor() !== undefined
  const redactors = new Map<string, TextRedactor>()
  let length = 0

  const redactorOf = (key: string): TextRedactor | undefined => {
    const known = redactors.get(key)
    if (known !== undefined || redactors.size >= MOST_TEXTS) return known
    const made = answer.redactor()
    if (made !== undefined) redactors.set(key, made)
    return made
  }

  const delta = (told: Told, key: string): readonly Told[] => {
    const { data } = told
    const said = data['delta']
    const text = redactorOf(key)?.push(typeof said === 'string' ? said : '') ?? ''
    return [{ ...told, data: { ...data, delta: text, ...withoutProbabilities(data) } }]
  }

  const done = (told: Told, key: string, event: string): readonly Told[] => {
    const { data } = told
    const rest = redactors.get(key)?.end() ?? ''
    redactors.delete(key)
    const { text: _text, refusal: _refusal, code: _code, ...place } = data
    const left = { type: `${event}.delta`, ...place, delta: rest, ...withoutProbabilities(data) }
    const now = mapMembers(data, (member, name) =>
      typeof member === 'string' && SPOKEN.has(name) ? cleanText(answer, member) : member,
    )
    const last = { ...told, data: { ...now, ...withoutProbabilities(data) } }
    return rest === ''
      ? [last]
      : [{ event: undefined, data: { ...left, type: `${event}.delta` } }, last]
  }

  return {
    take(told) {
      const { data } = told
      const type = String(data['type'])
      length += typeof data['delta'] === 'string' ? data['delta'].length : 0
      if (length > answer.maxLength) throw tooLarge()
      if (!isCleaned) return [told]
      const [, event, end] = TEXTS.exec(type) ?? []
      if (event === undefined) return [{ ...told, data: cleanEvent(answer, data) }]
      const { output_index: item, content_index: part, summary_index: summary } = data
      const key = JSON.stringify([event, item, part, summary])
      return end === 'delta' ? delta(told, key) : done(told, key, event)
    },
  }
}

const SPOKEN: ReadonlySet<string> = new Set(['text', 'refusal', 'code', 'transcript'])

/** Each token is a piece of the text. */
function withoutProbabilities({ logprobs }: Fields): Fields {
  return logprobs === undefined ? {} : { logprobs: [] }
}

function cleanEvent(answer: Answer, data: Fields): Fields {
  return mapMembers(data, (member, name) => {
    if (name === 'type' || name === 'item_id') return member
    if (name === 'item' && isMap(member)) return cleanItem(answer, member)
    if (name === 'part' && isMap(member)) return cleanPart(answer, member)
    return cleanLeaves(answer, member)
  })
}
