import { describe, expect, it } from 'vitest'
import type { Explanation } from '../intent/intent.ts'
import {
  explanationOf,
  findingsIn,
  type RequestParts,
  requestOf,
  type ViewParts,
} from './event.fixture.ts'
import { instructionInjectionEcho as rule } from './instruction-injection-echo.ts'

const PAY: RequestParts = { tool: 'bank.send_money', tags: ['payment', 'external_write'] }
const NOTE: RequestParts = { tool: 'notes.append', tags: ['internal_write'] }
const READ: RequestParts = { tool: 'notes.read', tags: ['data_source'] }
const strong = { score: 0.9, cue: true, values: 1, task: 0 }

describe('instruction_injection_echo', () => {
  it('asks where outside text explains a call and the task does not', () => {
    expect(
      findingsIn(rule, requestOf(PAY), { explanation: explanationOf({ event: 2 }) }),
    ).toMatchObject([
      {
        message:
          'outside text in event 2 asks for `bank.send_money` as it is called, and the task does not',
        confidence: 0.7,
        sources: [2],
        trigger: 3,
        action: 'ask',
        score: 60,
      },
    ])
  })

  it.each<[string, RequestParts, ViewParts, string[]]>([
    [
      'a payment with a cue and a value of its own',
      PAY,
      { explanation: explanationOf(strong) },
      ['pause'],
    ],
    [
      'the same without a cue',
      PAY,
      { explanation: explanationOf({ ...strong, cue: false }) },
      ['ask'],
    ],
    [
      'the same without a value',
      PAY,
      { explanation: explanationOf({ ...strong, values: 0 }) },
      ['ask'],
    ],
    [
      'the same where the task says a little of it',
      PAY,
      { explanation: explanationOf({ ...strong, task: 0.4 }) },
      ['ask'],
    ],
    [
      'the same without a task',
      PAY,
      { explanation: explanationOf({ ...strong, hasTask: false }) },
      ['ask'],
    ],
    [
      'the same by a tool that neither sends nor is sensitive',
      NOTE,
      { explanation: explanationOf(strong) },
      ['ask'],
    ],
    ['an explanation that is weak', PAY, { explanation: explanationOf({ score: 0.49 }) }, []],
    ['a score that is no number', PAY, { explanation: explanationOf({ score: Number.NaN }) }, []],
    ['a read that outside text explains', READ, { explanation: explanationOf({ score: 0.9 }) }, []],
    [
      'a read that a cue asks for by itself',
      READ,
      { explanation: explanationOf({ score: 0.9, cue: true }) },
      ['ask'],
    ],
    [
      'a tool of no known kind, without arguments',
      { tool: 'x.market_manipulation', listed: false },
      { explanation: explanationOf({ score: 0.6 }) },
      ['ask'],
    ],
  ])('judges %s', (_, parts, view, actions) => {
    expect(findingsIn(rule, requestOf(parts), view).map(({ action }) => action)).toEqual(actions)
  })

  it.each<[string, readonly string[], Partial<Explanation>, string[]]>([
    ['a write alone', ['internal_write'], { score: 0.5 }, ['ask']],
    ['egress alone, strongly', ['network_egress'], strong, ['pause']],
    ['a sensitive call alone, strongly', ['destructive'], strong, ['pause']],
    ['just enough for a pause', ['payment'], { ...strong, score: 0.8, task: 0.25 }, ['pause']],
    ['too little for a pause', ['payment'], { ...strong, score: 0.79 }, ['ask']],
    ['a task that is not silent', ['payment'], { ...strong, task: 0.26 }, ['ask']],
    ['a read with a cue, just enough', ['data_source'], { score: 0.8, cue: true }, ['ask']],
    ['a read with a cue, too little', ['data_source'], { score: 0.79, cue: true }, []],
  ])('answers %s', (_, tags, parts, actions) => {
    const event = requestOf({ tool: 'srv.thing', tags })
    const found = findingsIn(rule, event, { explanation: explanationOf(parts) })
    expect(found.map(({ action }) => action)).toEqual(actions)
  })

  describe('after suspicious text, with nothing in common', () => {
    const change: RequestParts = { tool: 'account.update_password', tags: ['credential_change'] }
    it.each<[string, RequestParts, ViewParts, string[]]>([
      ['a sensitive call without a task', change, { suspiciousEvent: 4 }, ['ask']],
      [
        'one that the task does not speak of',
        { ...change, task: 'Summarise my inbox' },
        { suspiciousEvent: 4 },
        ['ask'],
      ],
      [
        'one that the task scores low on',
        change,
        { suspiciousEvent: 4, explanation: explanationOf({ score: 0.1, task: 0.1 }) },
        ['ask'],
      ],
      ['one by its name alone', { tool: 'drive.delete_file' }, { suspiciousEvent: 4 }, ['ask']],
      [
        'one that the task speaks of',
        { ...change, task: 'Please change my passwords' },
        { suspiciousEvent: 4 },
        [],
      ],
      [
        'one that the task explains',
        change,
        { suspiciousEvent: 4, explanation: explanationOf({ score: 0.1, task: 0.8 }) },
        [],
      ],
      ['no suspicious text', change, { suspiciousEvent: 0 }, []],
      ['a call that is not sensitive', NOTE, { suspiciousEvent: 4 }, []],
    ])('judges %s', (_, parts, view, actions) => {
      expect(findingsIn(rule, requestOf(parts), view).map(({ action }) => action)).toEqual(actions)
    })
  })

  it('asks again for other arguments, without showing them', () => {
    const causes = ['10', '9000'].map(
      (amount) =>
        findingsIn(rule, requestOf({ ...PAY, arguments: { amount } }), {
          explanation: explanationOf(),
        })[0]?.cause,
    )
    expect(new Set(causes).size).toBe(2)
  })
})
