import { isMap } from '../../core/json-kind.ts'
import type { TextRedactor } from '../../core/redaction/redact-text.ts'
import { type Answer, mapMembers } from '../answer/answer.ts'
import { cleanMember } from '../answer/chat-answer.ts'
import { dataEvent, tooLarge } from './filter.ts'

type Fields = Readonly<Record<string, unknown>>

/** The texts of one choice, which come in pieces. */
export interface Texts {
  /** True once the choice has said something. */
  readonly hasText: boolean
  /** Keeps the text of a part that goes on as it is. */
  see(part: Fields): void
  /** A part with its texts cleaned, as far as they are known now; the same object where nothing changed. */
  clean(part: Fields): Fields
  /** Chunks with what was held back of the texts; empty where nothing was. */
  rest(chunk: Fields, part: Fields): string
  /** True for a delta that says something. */
  isSpoken(delta: Fields): boolean
}

/** Fields whose pieces make one text; of a text completion it stands beside the others. */
const SPOKEN = ['content', 'refusal', 'reasoning', 'reasoning_content'] as const
const TEXT = 'text'

export function createTexts(answer: Answer, place: string): Texts {
  const redactors = new Map<string, TextRedactor>()
  let hasText = false

  const note = (name: string, piece: string): void => {
    if (piece === '') return
    if (name === 'content' || name === TEXT) hasText = true
    if (!answer.view.text(name === TEXT ? place : `${place} ${name}`, piece)) throw tooLarge()
  }

  const piece = (name: string, text: string): string => {
    const redactor = redactors.get(name) ?? answer.redactor()
    if (redactor !== undefined) redactors.set(name, redactor)
    const now = redactor === undefined ? text : redactor.push(text)
    note(name, now)
    return now
  }

  const cleanDelta = (delta: Fields): Fields =>
    mapMembers(delta, (member, name) => {
      if (name === 'role') return member
      if (typeof member === 'string') return piece(name, member)
      return cleanMember(answer, name, member)
    })

  return {
    get hasText() {
      return hasText
    },
    see(part) {
      const { delta } = part
      if (isMap(delta)) {
        for (const name of SPOKEN) {
          const text = delta[name]
          if (typeof text === 'string') note(name, text)
        }
      } else if (typeof part[TEXT] === 'string') note(TEXT, part[TEXT])
    },
    clean: (part) =>
      mapMembers(part, (member, name) => {
        if (name === 'delta' && isMap(member)) return cleanDelta(member)
        if (name === TEXT && typeof member === 'string') return piece(TEXT, member)
        return name === 'logprobs' && answer.redactor() !== undefined ? null : member
      }),
    rest(chunk, part) {
      let text = ''
      for (const [name, redactor] of redactors) {
        const left = redactor.end()
        note(name, left)
        if (left === '') continue
        const said = name === TEXT ? { [TEXT]: left } : { delta: { [name]: left } }
        const { delta: _delta, text: _text, ...more } = part
        text += dataEvent({ ...chunk, choices: [{ ...more, ...said, finish_reason: null }] })
      }
      redactors.clear()
      return text
    },
    isSpoken: (delta) =>
      SPOKEN.some((name) => typeof delta[name] === 'string' && delta[name] !== ''),
  }
}
