import { describe, expect, it } from 'vitest'
import { callLoop as rule } from './call-loop.ts'
import {
  argumentOf,
  findingsIn,
  findingsOver,
  requestOf,
  type Step,
  viewFor,
} from './event.fixture.ts'

const call = (text: string, tool = 'crm.search'): Step => [
  requestOf({ tool, arguments: { query: text } }),
]
const firing = (steps: readonly Step[]): (readonly [number, string])[] =>
  findingsOver(rule, steps).flatMap((found, index) =>
    found.map(({ action }) => [index, action] as const),
  )
const repeat = (count: number, ...texts: string[]): Step[] =>
  Array.from({ length: count * texts.length }, (_, index) =>
    call(texts[index % texts.length] ?? ''),
  )

describe('call_loop', () => {
  it('notes the fifth call with the same arguments and asks at the twentieth and each doubling', () => {
    expect(firing(repeat(40, 'a'))).toEqual([
      [4, 'warn'],
      [19, 'ask'],
      [39, 'ask'],
    ])
  })

  it('notes the fourth round of two or three calls, once', () => {
    expect(firing(repeat(4, 'a', 'b'))).toEqual([[7, 'warn']])
    expect(firing(repeat(4, 'a', 'b', 'c'))).toEqual([[11, 'warn']])
  })

  it('tells apart by arguments, whatever their order', () => {
    const one = [argumentOf('a', '1'), argumentOf('b', '2')]
    const steps = Array.from(
      { length: 5 },
      (_, index): Step => [requestOf({ arguments: index % 2 === 0 ? one : [...one].reverse() })],
    )
    expect(firing(steps)).toEqual([[4, 'warn']])
  })

  it.each<[string, readonly Step[]]>([
    [
      'calls with ever other arguments',
      Array.from({ length: 60 }, (_, index) => call(`q${index}`)),
    ],
    [
      'the same arguments for other tools',
      Array.from({ length: 4 }, (_, index) => call('a', `crm.t${index}`)),
    ],
    [
      'values that change places',
      [...'1212'].map(
        (value, index): Step => [
          requestOf({ arguments: index % 2 === 0 ? { a: value, b: 'x' } : { a: 'x', b: value } }),
        ],
      ),
    ],
    ['three rounds', repeat(3, 'a', 'b', 'c')],
  ])('is silent on %s', (_, steps) => {
    expect(firing(steps)).toEqual([])
  })

  it('keeps at most 128 calls and 12 in order, as numbers', () => {
    let memory = null
    const seen: number[] = []
    for (let index = 0; index < 300; index++) {
      const [event] = call(`q${index}`)
      const kept = rule.remember?.(event, viewFor(rule, { memory }))
      memory = JSON.parse(JSON.stringify(kept ?? null))
      seen.push(memory.calls.length + memory.recent.length)
    }
    expect(Math.max(...seen)).toBe(140)
    expect(findingsIn(rule, call('q299')[0], { memory })).toEqual([])
  })
})
