import { describe, expect, it, vi } from 'vitest'
import type { CallRequest, Gate, JsonObject } from '../../index.ts'
import { parsePolicy } from '../../index.ts'
import { call, engineWith, guarded, sinkOf } from './engine.fixture.ts'
import { createScheduler } from './scheduler.fixture.ts'

// Many orders of many steps: on a machine that is busy they take their time.
vi.setConfig({ testTimeout: 60_000 })

const ORDERS_ONLY = parsePolicy(`
roles:
  - name: reader
    rules:
      - resources: [db.read]
        verbs: [invoke]
        constraints: { one_of: { field: table, allow: [orders] } }
bindings: [{ agent: bot, roles: [reader] }]
`)

interface Query {
  table: string
  columns: string[]
  where: { [name: string]: unknown }
}

/** What a caller may do to an object it has handed over. */
const CHANGES: readonly ((query: Query) => unknown)[] = [
  (query) => {
    query.table = 'salaries'
  },
  (query) => query.columns.push('iban'),
  (query) => {
    query.columns.length = 0
  },
  (query) => {
    query.where['id'] = { gt: 0 }
  },
  (query) => Reflect.deleteProperty(query.where, 'id'),
  (query) => Object.setPrototypeOf(query, { table: 'salaries' }),
  (query) => Object.defineProperty(query, 'table', { get: () => 'salaries' }),
]

async function hashOf(args: JsonObject): Promise<string> {
  return (await engineWith().explain(call('db.read', args))).decision.input_hash
}

describe('C01 arguments that are changed after the call was handed over', () => {
  it('C01 are dispatched, hashed, shown and recorded as they were, whenever they change', async () => {
    for (let seed = 1; seed <= 50; seed++) {
      const { turn, random, run } = createScheduler(seed)
      const slow: Gate = { name: 'slow', check: () => turn().then(() => ({ kind: 'pass' })) }
      const { sink, records } = sinkOf(turn)
      const engine = engineWith({}, { policy: ORDERS_ONLY, gates: [slow], audit: [sink] })
      const query: Query = { table: 'orders', columns: ['id', 'sum'], where: { id: 7 } }
      const asked = structuredClone(query)
      const dispatched: unknown[] = []
      const request = call('db.read', query as unknown as JsonObject)
      const calling = guarded(engine, request, (args) => {
        dispatched.push(args, Object.isFrozen(args), Object.isFrozen(args['where']))
        return args
      })
      const changing = Array.from({ length: 4 }, async () => {
        await turn()
        CHANGES[random.below(CHANGES.length)]?.(query)
      })
      await run<unknown>([calling, ...changing])
      expect(dispatched).toEqual([asked, true, true])
      const expected = await hashOf(asked as unknown as JsonObject)
      expect(records.map(({ input_hash }) => input_hash)).toEqual([expected, expected])
    }
  })

  it('C01 go to a person and then to the tool as one frozen object', async () => {
    const shown: unknown[] = []
    const args: JsonObject = { to: 'a@b.c', copies: ['d@e.f'] }
    const engine = engineWith(
      {
        roles: [
          { name: 'all', rules: [{ resources: ['*'], verbs: ['invoke'], effect: 'escalate' }] },
        ],
      },
      {
        approvals: {
          ask: (approval) => {
            shown.push(approval.arguments)
            Object.assign(args, { to: 'eve@evil.test' })
            return { outcome: 'approved', by: 'ana' }
          },
        },
      },
    )
    const sent = await guarded(engine, call('mail.send', args), (given) => given)
    expect(sent).toEqual({ to: 'a@b.c', copies: ['d@e.f'] })
    expect(sent).toBe(shown[0])
  })

  it('C01 stay those of their subject, ids and resource too', async () => {
    const { sink, records } = sinkOf(() => Promise.resolve())
    const subject = { agent: 'bot', user: 'u', groups: ['staff'] }
    const ids = { request: '1' }
    const request = { ...call('crm.note'), subject, ids }
    const engine = engineWith({}, { audit: [sink] })
    const calling = guarded(engine, request as CallRequest, () => 'done')
    Object.assign(subject, { agent: 'root', tenant: 'else' })
    Object.assign(ids, { request: '2' })
    Object.assign(request, { resource: 'crm.delete', session: 'else' })
    expect(await calling).toBe('done')
    const said = records.map(({ agent, tenant, request_id, resource, session_id }) =>
      [agent, tenant, request_id, resource, session_id].join(),
    )
    expect(new Set(said)).toEqual(new Set(['bot,,1,crm.note,s']))
  })
})

/** Says `first` when it is read first, and `later` ever after. */
function fickle<T>(first: T, later: T): () => T {
  let reads = 0
  return () => (reads++ === 0 ? first : later)
}

const SPLIT: readonly [string, () => object][] = [
  [
    'a getter',
    () => {
      const table = fickle('orders', 'salaries')
      return {
        get table() {
          return table()
        },
      }
    },
  ],
  [
    'a Proxy',
    () => {
      const table = fickle('orders', 'salaries')
      return new Proxy({ table: '' }, { get: table })
    },
  ],
  [
    'a Proxy whose descriptors differ from what it gives',
    () =>
      new Proxy(
        { table: 'orders' },
        {
          getOwnPropertyDescriptor: () => ({
            value: 'salaries',
            enumerable: true,
            configurable: true,
            writable: true,
          }),
        },
      ),
  ],
  [
    'a Proxy that grows',
    () => {
      const keys = fickle(['table'], ['table', 'union'])
      return new Proxy({ table: 'orders', union: 'salaries' }, { ownKeys: keys })
    },
  ],
  [
    'a hidden toJSON',
    () =>
      Object.defineProperty({ table: 'orders' }, 'toJSON', {
        value: () => ({ table: 'salaries' }),
      }),
  ],
  [
    'a getter below',
    () => {
      const inner = fickle({ id: 1 }, { id: 2 })
      return {
        table: 'orders',
        get where() {
          return inner()
        },
      }
    },
  ],
]

describe('C02 arguments that answer differently each time', () => {
  it.each(SPLIT)('C02 %s: what is judged, hashed and dispatched is one copy', async (_, make) => {
    const engine = engineWith({}, { policy: ORDERS_ONLY })
    const ticket = await engine.begin(call('db.read', make() as JsonObject))
    const plain = JSON.parse(JSON.stringify(ticket.arguments))
    expect(plain.table).toBe('orders')
    expect(ticket.arguments).toEqual(plain)
    expect(ticket.decision).toMatchObject({
      effect: 'allow',
      input_hash: await hashOf(plain),
    })
    expect(await guarded(engine, call('db.read', make() as JsonObject), (args) => args)).toEqual(
      plain,
    )
  })

  it.each(SPLIT)('C02 %s that turns good after the first read is refused', async (_, make) => {
    const asked = make() as JsonObject
    const swapped = new Proxy(asked, {
      get: (target, name, receiver) => {
        const value: unknown = Reflect.get(target, name, receiver)
        return value === 'orders' ? 'salaries' : value
      },
    })
    const { decision } = await engineWith({}, { policy: ORDERS_ONLY }).begin(
      call('db.read', swapped),
    )
    expect(decision.effect).toBe('deny')
  })

  it('C02 reads each argument once, however many gates look at it', async () => {
    const reads: PropertyKey[] = []
    const counted = new Proxy(
      { table: 'orders', limit: 1 },
      {
        get(target, name, receiver) {
          reads.push(name)
          return Reflect.get(target, name, receiver)
        },
      },
    )
    const looking: Gate = {
      name: 'looking',
      check: ({ arguments: args }) => {
        JSON.stringify(args)
        return { kind: 'pass' }
      },
    }
    const { sink } = sinkOf()
    const engine = engineWith({}, { policy: ORDERS_ONLY, gates: [looking], audit: [sink] })
    await guarded(engine, call('db.read', counted), (args) => args)
    expect(reads).toEqual(['table', 'limit'])
  })

  it.each<[string, object]>([
    ['a toJSON of its own', { table: 'orders', toJSON: () => ({ table: 'orders' }) }],
    [
      'a getter that throws',
      {
        get table() {
          throw new Error('no')
        },
      },
    ],
    [
      'a Proxy that throws',
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('no')
          },
        },
      ),
    ],
  ])('C02 %s is refused, and nothing of it is hashed', async (_, args) => {
    const ticket = await engineWith({}, { policy: ORDERS_ONLY }).begin(
      call('db.read', args as JsonObject),
    )
    expect([ticket.permitted, ticket.decision.reason, ticket.decision.input_hash]).toEqual([
      false,
      'payload_limit',
      'unavailable',
    ])
  })

  it('C02 a gate that changes what it rewrote, after it has said so, changes nothing', async () => {
    const rewritten: JsonObject = { text: 'safe', to: ['a'] }
    const gates: Gate[] = [
      { name: 'rewriting', check: () => ({ kind: 'compute', arguments: rewritten }) },
      {
        name: 'changing',
        check: () => {
          Object.assign(rewritten, { text: 'unsafe' })
          return { kind: 'pass' }
        },
      },
    ]
    const engine = engineWith({}, { gates })
    expect(await guarded(engine, call('crm.note', { text: 'x' }), (args) => args)).toEqual({
      text: 'safe',
      to: ['a'],
    })
  })
})
