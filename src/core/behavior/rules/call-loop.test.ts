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

  it('keeps at most 128 calls and 15 in order, as numbers', () => {
    let memory = null
    const seen: number[] = []
    for (let index = 0; index < 300; index++) {
      const [event] = call(`q${index}`)
      const kept = rule.remember?.(event, viewFor(rule, { memory }))
      memory = JSON.parse(JSON.stringify(kept ?? null))
      seen.push(memory.calls.length + memory.recent.length)
    }
    expect(Math.max(...seen)).toBe(143)
    expect(findingsIn(rule, call('q299')[0], { memory })).toEqual([])
  })
})

const act = (tool: string, tags: readonly string[], query = 'a'): Step => [
  requestOf({ tool, tags, arguments: { query } }),
]
const acts = (count: number, tool: string, tags: readonly string[]): Step[] =>
  Array.from({ length: count }, () => act(tool, tags))

describe('call_loop where a call acts', () => {
  it.each<[string, string, string[], number]>([
    ['sends', 'sms.send', ['external_write'], 8],
    ['pays', 'shop.pay', ['payment'], 8],
    ['changes something', 'label.print', ['internal_write'], 8],
    ['reads beyond the host', 'web.lookup', ['data_source', 'network_egress'], 10],
    ['runs a command', 'shell.exec', ['code_exec'], 20],
    ['presses a key', 'browser.click', ['external_write'], 20],
    ['reads', 'jobs.status', ['data_source'], 20],
  ])('asks about what %s at its time', (_, tool, tags, time) => {
    expect(firing(acts(time, tool, tags))).toEqual([
      [4, 'warn'],
      [time - 1, 'ask'],
    ])
  })

  it('begins anew where something new was done in between, up to the twentieth time', () => {
    const steps = Array.from({ length: 20 }, (_, index) => [
      act('git.commit', ['internal_write'], `c${index}`),
      act('git.push', ['external_write']),
    ]).flat()
    expect(firing(steps)).toEqual([
      [9, 'warn'],
      [39, 'ask'],
    ])
  })

  it('does not begin anew where only something new was read', () => {
    const steps = Array.from({ length: 8 }, (_, index) => [
      act('web.get', ['data_source'], `p${index}`),
      act('sms.send', ['external_write']),
    ]).flat()
    expect(firing(steps)).toEqual([
      [9, 'warn'],
      [15, 'ask'],
    ])
  })

  it('asks at the fifth round of a circle in which something is done', () => {
    const round = [act('ci.status', ['data_source']), act('git.comment', ['public_post'])]
    const found = firing(Array.from({ length: 5 }, () => round).flat())
    expect(found).toContainEqual([7, 'warn'])
    expect(found.at(-1)).toEqual([9, 'ask'])
  })

  it('never asks about a circle of reads', () => {
    const round = [act('ci.status', ['data_source']), act('ci.log', ['data_source'])]
    const found = firing(Array.from({ length: 9 }, () => round).flat())
    expect(found.every(([, action]) => action === 'warn')).toBe(true)
  })

  it('scales with the policy', () => {
    const policy = { rules: { call_loop: { min_calls: 10 } } }
    const steps = acts(16, 'sms.send', ['external_write']).map(
      ([event]): Step => [event, { policy }],
    )
    expect(firing(steps)).toEqual([
      [9, 'warn'],
      [15, 'ask'],
    ])
  })
})
