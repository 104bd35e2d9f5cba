import { describe, expect, it } from 'vitest'
import {
  findingsOver,
  flowOf,
  placeOf,
  requestOf,
  type Step,
  type ViewParts,
} from './event.fixture.ts'
import { rapidToolSwitching as rule } from './rapid-tool-switching.ts'

interface Burst {
  readonly calls: number
  readonly everyMs: number
  readonly servers: number
  readonly tools?: number
}

const burst = ({ calls, everyMs, servers, tools = calls }: Burst, view: ViewParts = {}): Step[] =>
  Array.from({ length: calls }, (_, index) => [
    requestOf({
      tool: `s${index % servers}.tool_${index % tools}`,
      number: 1 + 2 * index,
      at: 1_000_000 + index * everyMs,
    }),
    view,
  ])

const count = (steps: readonly Step[]): number => findingsOver(rule, steps).flat().length

describe('rapid_tool_switching', () => {
  it('notes eight tools of three servers within ten seconds, once', () => {
    const found = findingsOver(rule, burst({ calls: 20, everyMs: 500, servers: 3 }))
    expect(found.flatMap((one, index) => (one.length > 0 ? [index] : []))).toEqual([7])
    expect(found[7]).toMatchObject([
      { message: '8 different tools of 3 servers within 10 s', sources: [1], action: 'warn' },
    ])
  })

  it.each<[string, readonly Step[], number]>([
    ['calls over minutes', burst({ calls: 20, everyMs: 5000, servers: 3 }), 0],
    ['two servers', burst({ calls: 20, everyMs: 100, servers: 2 }), 0],
    ['the same few tools', burst({ calls: 60, everyMs: 100, servers: 3, tools: 6 }), 0],
    ['a recording without times', burst({ calls: 60, everyMs: 0, servers: 4 }), 0],
    ['a clock that goes back', burst({ calls: 20, everyMs: -5000, servers: 4 }), 0],
    [
      'a wider window',
      burst(
        { calls: 20, everyMs: 5000, servers: 3 },
        { policy: { rules: { rapid_tool_switching: { window: '1m' } } } },
      ),
      1,
    ],
    [
      'more tools than the policy lets go',
      burst(
        { calls: 12, everyMs: 10, servers: 3 },
        { policy: { rules: { rapid_tool_switching: { min_calls: 13 } } } },
      ),
      0,
    ],
  ])('counts findings for %s', (_, steps, expected) => {
    expect(count(steps)).toBe(expected)
  })
})

describe('rapid_tool_switching where something goes out', () => {
  const end = (view: ViewParts, tags = ['external_write']): Step[] => [
    [requestOf({ tool: 's0.send', tags, number: 99, at: 1_004_500 }), view],
  ]
  const calls = burst({ calls: 9, everyMs: 500, servers: 3 })
  const camera: Step = [
    requestOf({
      tool: 's1.camera',
      tags: ['restricted', 'data_source'],
      number: 20,
      at: 1_004_200,
    }),
  ]
  const two = [flowOf({ from: 2, value: 'a' }), flowOf({ from: 4, value: 'b' })]
  const last = (...steps: Step[]) =>
    findingsOver(rule, steps)
      .at(-1)
      ?.map(({ action }) => action)

  it.each<[string, Step[], string[]]>([
    ['what two of the calls gave', [...calls, ...end({ flows: two })], ['ask']],
    ['what one of them gave', [...calls, ...end({ flows: two.slice(0, 1) })], []],
    [
      'what the user wrote',
      [...calls, ...end({ flows: two.map((flow) => ({ ...flow, trusted: true })) })],
      [],
    ],
    [
      'something to a stranger after a restricted read',
      [...calls, camera, ...end({ destinations: [placeOf('x@y.test')] })],
      ['ask'],
    ],
    [
      'something to a friend after a restricted read',
      [...calls, camera, ...end({ destinations: [placeOf('x@y.test', { known: true })] })],
      [],
    ],
    ['nothing', [...calls, camera, ...end({ flows: two }, ['data_source'])], []],
  ])('judges a burst that takes out %s', (_, steps, actions) => {
    expect(last(...steps)).toEqual(actions)
  })
})
