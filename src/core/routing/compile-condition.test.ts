import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../model/json.ts'
import { compileConditions } from './compile-condition.ts'
import { type ViewParts, viewOf } from './view.fixture.ts'

function holds(test: JsonObject, parts: ViewParts): boolean {
  const view = viewOf(parts)
  return compileConditions(test).every((condition) => condition.holds(view))
}

type Row = readonly [test: JsonObject, yes: readonly ViewParts[], no: readonly ViewParts[]]

const has = (...capabilities: ('vision' | 'json' | 'tool_use')[]): ViewParts => ({
  request: { capabilities: new Set(capabilities) },
})
const tokens = (input_tokens: number): ViewParts => ({ request: { input_tokens } })
const messages = (count: number): ViewParts => ({
  request: { messages: Array.from({ length: count }, () => ({ role: 'user', text: '' })) },
})
const task = (one: 'code' | 'rag' | 'unknown'): ViewParts => ({ classification: { task: one } })
const level = (complexity: 'low' | 'medium' | 'high'): ViewParts => ({
  classification: { complexity },
})
const risk = (is: number): ViewParts => ({ session: { risk: is } })
const left = (remaining_usd: number, remaining_share: number): ViewParts => ({
  budget: { remaining_usd, remaining_share },
})
const metadata = (given: JsonObject): ViewParts => ({ request: { metadata: given } })
const read = (...scopes: string[]): ViewParts => ({ session: { scopes: new Set(scopes) } })

const ROWS: readonly Row[] = [
  [{ task: 'code' }, [task('code')], [task('rag'), task('unknown')]],
  [{ task: ['code', 'rag'] }, [task('code'), task('rag')], [task('unknown')]],
  [{ complexity: 'high' }, [level('high')], [level('medium')]],
  [{ complexity: ['low', 'high'] }, [level('low'), level('high')], [level('medium')]],
  [{ complexity: { min: 'medium' } }, [level('medium'), level('high')], [level('low')]],
  [{ complexity: { max: 'medium' } }, [level('low'), level('medium')], [level('high')]],
  [{ complexity: { min: 'low', max: 'low' } }, [level('low')], [level('medium')]],
  [{ capabilities_include: 'vision' }, [has('vision', 'json')], [has('json'), has()]],
  [{ capabilities_include: ['vision', 'json'] }, [has('vision', 'json')], [has('vision')]],
  [{ capabilities_all: ['vision', 'json'] }, [has('json', 'vision')], [has('json')]],
  [{ agent: 'bot' }, [{ subject: { agent: 'bot' } }], [{ subject: { agent: 'bot2' } }]],
  [{ user: ['ana', 'bo'] }, [{ subject: { user: 'bo' } }], [{ subject: { user: 'cy' } }, {}]],
  [{ team: 'web' }, [{ subject: { team: 'web' } }], [{}]],
  [{ tenant: 'acme' }, [{ subject: { tenant: 'acme' } }], [{ subject: { tenant: 'other' } }, {}]],
  [
    { role: ['writer', 'editor'] },
    [{ subject: { roles: ['reader', 'editor'] } }],
    [{ subject: { roles: ['reader'] } }, { subject: { roles: [] } }, {}],
  ],
  [{ scope: 'support' }, [{ scope: 'support' }], [{ scope: 'billing' }, {}]],
  [{ tier: 'admin' }, [{ subject: { tier: 'admin' } }], [{ subject: { tier: 'mcp' } }, {}]],
  [{ tier: ['user', 'mcp'] }, [{ subject: { tier: 'mcp' } }, {}], [{ subject: { tier: 'admin' } }]],
  [{ tokens: { min: 100 } }, [tokens(100)], [tokens(99)]],
  [{ tokens: { max: 100 } }, [tokens(0), tokens(100)], [tokens(101)]],
  [{ tokens: { min: 5, max: 7 } }, [tokens(5), tokens(7)], [tokens(4), tokens(8)]],
  [{ messages_min_length: 2 }, [messages(2), messages(3)], [messages(1)]],
  [{ messages_min_length: 0 }, [messages(0)], []],
  [{ messages_total_tokens_gt: 100 }, [tokens(101)], [tokens(100)]],
  [{ risk: { min: 30 } }, [risk(30)], [risk(29)]],
  [{ risk: { max: 0 } }, [risk(0)], [risk(1)]],
  [{ tainted: true }, [{ session: { tainted: true } }], [{}]],
  [{ tainted: false }, [{}], [{ session: { tainted: true } }]],
  [{ tainted_scopes: 'crm' }, [read('hr', 'crm')], [read('hr'), read()]],
  [{ tainted_scopes: ['crm', 'hr'] }, [read('hr')], [read('web')]],
  [{ has_tools: true }, [{ request: { tools: ['t'] } }], [{}]],
  [{ has_tools: false }, [{}], [{ request: { tools: ['t'] } }]],
  [{ stream: true }, [{ request: { stream: true } }], [{}]],
  [{ stream: false }, [{}], [{ request: { stream: true } }]],
  [
    { response_format: ['json_object', 'json_schema'] },
    [{ request: { response_format: 'json_schema' } }],
    [{}],
  ],
  [{ budget: { remaining_usd: { min: 1 } } }, [left(1, 0)], [left(0.99, 1), {}]],
  [{ budget: { remaining_usd: { max: 1 } } }, [left(1, 1)], [left(1.01, 1), {}]],
  [{ budget: { remaining_share: { max: 0.2 } } }, [left(9, 0.2)], [left(9, 0.3), {}]],
  [
    { budget: { remaining_usd: { min: 1 }, remaining_share: { min: 0.5 } } },
    [left(1, 0.5)],
    [left(0, 0.5), left(1, 0.4), {}],
  ],
  [{ metadata: { plan: 'gold' } }, [metadata({ plan: 'gold', x: 1 })], [metadata({ plan: 'x' })]],
  [{ metadata: { plan: ['gold', 'free'] } }, [metadata({ plan: 'free' })], [metadata({}), {}]],
  [{ metadata: { a: 'x', b: 'y' } }, [metadata({ a: 'x', b: 'y' })], [metadata({ a: 'x' })]],
  // Metadata of the OpenAI API is texts; numbers and flags of a policy mean the same.
  [{ metadata: { level: 1 } }, [metadata({ level: '1' }), metadata({ level: 1 })], []],
  [{ metadata: { on: true } }, [metadata({ on: 'true' }), metadata({ on: true })], []],
  [{ metadata: { on: 'null' } }, [metadata({ on: 'null' })], [metadata({ on: null })]],
  [{ metadata: { on: 'a' } }, [], [metadata({ on: ['a'] }), metadata({ on: { a: 'a' } })]],
  [{ metadata: { toString: 'a' } }, [metadata({ toString: 'a' })], [metadata({})]],
  [{ task: 'code', stream: true }, [], [task('code'), { request: { stream: true } }]],
  [{ nothing_known: true }, [], [{}]],
  [{ constructor: true }, [], [{}]],
]

describe('an `if` of a route', () => {
  it.each(ROWS)('of %j holds and does not hold', (test, yes, no) => {
    const found = { yes: yes.map((one) => holds(test, one)), no: no.map((one) => holds(test, one)) }
    expect(found).toEqual({ yes: yes.map(() => true), no: no.map(() => false) })
  })

  it('holds where it asks nothing', () => {
    expect(holds({}, {})).toBe(true)
  })
})

describe('a time of an `if`', () => {
  const night = { from: '22:00', to: '06:00', days: ['fri'] }

  it.each<[JsonObject, string, boolean]>([
    [{ days: ['mon'] }, '2026-03-02T23:59:00Z', true], // a Monday
    [{ days: ['mon'] }, '2026-03-03T00:00:00Z', false],
    [{ from: '09:00' }, '2026-03-02T08:59:59.999Z', false],
    [{ from: '09:00' }, '2026-03-02T09:00:00Z', true],
    [{ from: '09:00' }, '2026-03-02T23:59:59Z', true],
    [{ to: '09:00' }, '2026-03-02T00:00:00Z', true],
    [{ to: '09:00' }, '2026-03-02T08:59:59.999Z', true],
    [{ to: '09:00' }, '2026-03-02T09:00:00Z', false],
    [night, '2026-03-06T22:00:00Z', true], // Friday night
    [night, '2026-03-07T05:59:00Z', true],
    [night, '2026-03-07T06:00:00Z', false],
    [night, '2026-03-07T22:00:00Z', false],
    [{ days: ['tue'], timezone: 'Asia/Tokyo' }, '2026-03-02T15:00:00Z', true],
    [{ days: ['tue'] }, '2026-03-02T15:00:00Z', false],
    [{ from: '18:00', to: '19:00', timezone: 'Asia/Kolkata' }, '2026-03-02T12:30:00Z', true],
    [{ from: '18:00', to: '19:00', timezone: 'Asia/Kolkata' }, '2026-03-02T13:30:00Z', false],
    // Berlin is an hour ahead of UTC until 2026-03-29, then two.
    [{ from: '09:00', timezone: 'Europe/Berlin' }, '2026-03-27T07:30:00Z', false],
    [{ from: '09:00', timezone: 'Europe/Berlin' }, '2026-03-30T07:30:00Z', true],
  ])('%j at %s: %s', (time, at, wanted) => {
    expect(holds({ time }, { at: Date.parse(at) })).toBe(wanted)
  })

  it('is read anew at every other minute, in any order', () => {
    const [condition] = compileConditions({ time: { from: '12:00', to: '12:01' } })
    const noon = Date.UTC(2026, 2, 2, 12)
    const found = [0, -1, 59_999, 60_000, 30_000].map((after) =>
      condition?.holds(viewOf({ at: noon + after })),
    )
    expect(found).toEqual([true, false, true, false, true])
  })
})
