import { describe, expect, it } from 'vitest'
import { denialProbing as rule } from './denial-probing.ts'
import {
  actionsOf,
  findingsIn,
  findingsOver,
  flowOf,
  leafOf,
  type RequestParts,
  requestOf,
  responseOf,
  type Step,
} from './event.fixture.ts'

const at = (denials: readonly number[], policy = {}): string[][] =>
  findingsOver(
    rule,
    denials.map((denied): Step => [requestOf({ tool: 'crm.get' }), { denied, policy }]),
  ).map((found) => found.map(({ action }) => action))

describe('denial_probing', () => {
  it('warns at five denied calls and asks at ten, once each', () => {
    expect(at([4, 5, 6, 9, 10, 11, 19, 20])).toEqual([
      [],
      ['warn'],
      [],
      [],
      ['ask'],
      [],
      [],
      ['ask'],
    ])
  })

  it('goes by the policy', () => {
    expect(at([5, 8], { rules: { denial_probing: { min_calls: 8 } } })).toEqual([[], ['warn']])
  })

  it('asks again where the call did not go out', () => {
    const event = requestOf({})
    const ask = () => findingsIn(rule, event, { denied: 10, memory: { level: 1 } })[0]?.action
    expect([ask(), ask()]).toEqual(['ask', 'ask'])
  })

  it('is silent in a session without denials', () => {
    expect(at([0, 0, 0])).toEqual([[], [], []])
  })
})

const refused = (text: string, count = 5, tool = 'door.open', isError = true): Step[] =>
  Array.from(
    { length: count },
    (_, index): Step => [
      responseOf({ tool, number: 2 * index + 2, isError, leaves: [leafOf('text', text)] }),
    ],
  )
const next = (parts: RequestParts = {}): Step => [
  requestOf({ tool: 'door.open', tags: ['internal_write'], number: 20, ...parts }),
]
const judged = (...steps: Step[]): readonly string[] => actionsOf(findingsOver(rule, steps))

describe('denial_probing by what servers refuse', () => {
  it.each<[string]>([
    ['wrong PIN'],
    ['The code is incorrect.'],
    ['Permission denied for table wages'],
    ['403 sum above the limit of this clerk'],
    ['HTTP 401 Unauthorized'],
    ['You are not allowed to read this folder'],
    ['Zugriff verweigert'],
    ['Keine Berechtigung für diese Akte'],
    ['mot de passe incorrect'],
    ['acceso denegado'],
    ['senha incorreta'],
    ['accesso negato'],
    ['brak uprawnień'],
    ['Доступ запрещён'],
    ['权限不足'],
    ['アクセスが拒否されました'],
    ['접근이 거부되었습니다'],
  ])('asks at the sixth try after five times `%s`', (text) => {
    expect(judged(...refused(text), next())).toEqual(['ask'])
  })

  it.each<[string]>([
    ['404 no such file'],
    ['429 too many requests, rate limit exceeded'],
    ['timeout, state unknown'],
    ['invalid argument: `amount` must be a number'],
    ['Unexpected token < in JSON at position 0'],
    ['HTTP 500 internal error'],
    ['5 403 rows were read'],
  ])('is silent after five times `%s`', (text) => {
    expect(judged(...refused(text), next())).toEqual([])
  })

  it.each<[string, Step[], RequestParts, string[]]>([
    ['four refusals', refused('wrong PIN', 4), {}, []],
    ['another server', refused('wrong PIN', 6, 'vault.open'), {}, []],
    [
      'a read of what anybody may see',
      refused('wrong PIN'),
      { tool: 'door.list', tags: ['data_source'] },
      [],
    ],
    [
      'a read of restricted data',
      refused('wrong PIN'),
      { tool: 'door.log', tags: ['data_source', 'restricted'] },
      ['ask'],
    ],
    ['another tool of the same server', refused('wrong PIN'), { tool: 'door.reset' }, ['ask']],
    [
      'words of refusals in an answer that is none',
      refused('they said access denied', 6, 'door.open', false),
      {},
      [],
    ],
    [
      'an answer that begins with 403',
      refused('403 Forbidden', 5, 'door.open', false),
      {},
      ['ask'],
    ],
  ])('judges the next call after %s', (_, steps, parts, actions) => {
    expect(judged(...steps, next(parts))).toEqual(actions)
  })

  it('sees a status among the fields of an answer', () => {
    const step: Step = [
      responseOf({ tool: 'door.open', leaves: [leafOf('status', '403'), leafOf('body', 'no')] }),
    ]
    expect(judged(step, step, step, step, step, next())).toEqual(['ask'])
  })

  it('asks before what gave way at last goes out, and not before the rest does', () => {
    const read: Step = [
      responseOf({ tool: 'door.open', number: 14, leaves: [leafOf('text', 'open')] }),
    ]
    const send = (from: number): Step => [
      requestOf({ tool: 'chat.post', tags: ['external_write'], number: 15 }),
      { flows: [flowOf({ from, to: 15 })] },
    ]
    expect(judged(...refused('wrong PIN'), read, send(14))).toEqual(['ask'])
    expect(judged(...refused('wrong PIN'), read, send(3))).toEqual([])
    expect(judged(...refused('wrong PIN', 4), read, send(14))).toEqual([])
  })
})
