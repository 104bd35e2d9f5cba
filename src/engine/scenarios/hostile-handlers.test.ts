import { describe, expect, it, vi } from 'vitest'
import type { Diagnostic } from '../../index.ts'
import { call, engineWith, rowsOf, sinkOf } from './engine.fixture.ts'
import { countedBudgets } from './stores.fixture.ts'

vi.setConfig({ testTimeout: 60_000 })

const LONG = 'x'.repeat(1_000_000)

function fail(): never {
  throw new Error('no')
}

function stage() {
  const { sink, records } = sinkOf()
  const budgets = countedBudgets()
  const diagnostics: Diagnostic[] = []
  const engine = engineWith(
    { limits: { per_session: { concurrent: 1 } } },
    {
      audit: [sink],
      stores: { budgets },
      onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
    },
  )
  return { engine, records, budgets, diagnostics }
}

/** What a call rejected with, or that it did not. */
async function rejection(calling: Promise<unknown>): Promise<readonly unknown[]> {
  return calling.then(
    () => [],
    (error: unknown) => [error],
  )
}

const THROWN: readonly [string, unknown][] = [
  ['a text', 'boom'],
  ['a long text', LONG],
  ['nothing', undefined],
  ['null', null],
  ['a number', Number.NaN],
  ['a bigint', 10n],
  ['a symbol', Symbol('boom')],
  ['a function', fail],
  ['an object without a prototype', Object.create(null)],
  ['a frozen error', Object.freeze(new Error('no'))],
  ['an error with a long message', new Error(LONG)],
  [
    'an error whose message throws',
    Object.defineProperty(new Error('no'), 'message', { get: fail }),
  ],
  ['an error whose name throws', Object.defineProperty(new Error('no'), 'name', { get: fail })],
  ['an error whose code throws', Object.defineProperty(new Error('no'), 'code', { get: fail })],
  ['a Proxy that throws when it is read', new Proxy({}, { get: fail, ownKeys: fail })],
  ['a list of errors', new AggregateError([new Error(LONG)], 'many')],
  // biome-ignore lint/suspicious/noThenProperty: what looks like a promise is what is tested.
  ['something that is like a promise', { then: 1 }],
]

describe('C11 a handler that fails in a way of its own', () => {
  it.each(THROWN)(
    'C11 by throwing %s: a record of the failure, and the caller gets what was thrown',
    async (_, thrown) => {
      const { engine, records, budgets } = stage()
      const error = await rejection(
        engine.guard(call('web.read'), () => {
          throw thrown
        }),
      )
      expect(error.length === 1 && Object.is(error[0], thrown)).toBe(true)
      expect(rowsOf(records)).toEqual(['decision pending', 'outcome failed'])
      expect((records[1]?.error ?? '').length).toBeLessThanOrEqual(64)
      expect([budgets.open(), engine.stats().in_flight]).toEqual([0, 0])
      expect(await engine.guard(call('web.read'), () => 'next')).toBe('next')
    },
  )

  it.each(THROWN)('C11 by rejecting with %s: the same', async (_, thrown) => {
    const { engine, records, budgets } = stage()
    const error = await rejection(engine.guard(call('web.read'), () => Promise.reject(thrown)))
    expect(error.length === 1 && Object.is(error[0], thrown)).toBe(true)
    expect(rowsOf(records)).toEqual(['decision pending', 'outcome failed'])
    expect([budgets.open(), engine.stats().in_flight]).toEqual([0, 0])
  })

  it.each<[string, () => unknown]>([
    [
      'throws when it is asked whether it is one',
      () => Object.defineProperty({}, 'then', { get: fail }),
    ],
    // biome-ignore lint/suspicious/noThenProperty: a promise of somebody else is what is tested.
    ['throws when it is waited for', () => ({ then: fail })],
    [
      'answers and then throws',
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: a promise of somebody else is what is tested.
        then(_: unknown, refuse: (error: unknown) => void) {
          refuse(new Error('no'))
          fail()
        },
      }),
    ],
    [
      'answers twice',
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: a promise of somebody else is what is tested.
        then(take: (value: unknown) => void, refuse: (error: unknown) => void) {
          refuse(new Error('no'))
          take({ text: 'late' })
        },
      }),
    ],
  ])('C11 by a promise that %s: one record of the failure', async (_, make) => {
    const { engine, records, budgets } = stage()
    const [error] = await rejection(engine.guard<unknown>(call('web.read'), make))
    expect(error).toMatchObject({ message: 'no' })
    expect(rowsOf(records)).toEqual(['decision pending', 'outcome failed'])
    expect([budgets.open(), engine.stats().in_flight]).toEqual([0, 0])
  })

  // Asking whether an error is one of ours asks the Proxy, outside whatever would catch it.
  it('C11 by throwing a Proxy that throws when it is asked: a record of the failure', async () => {
    const { engine, records } = stage()
    const thrown = new Proxy({}, { has: fail })
    await rejection(
      engine.guard(call('web.read'), () => {
        throw thrown
      }),
    )
    expect(rowsOf(records)).toEqual(['decision pending', 'outcome failed'])
  })

  it('C11 and so an identity provider that throws one is a denial, and no throw', async () => {
    const engine = engineWith(
      {},
      {
        identity: {
          identify() {
            throw new Proxy({}, { has: fail })
          },
        },
      },
    )
    const { decision } = await engine.begin(call('web.read'))
    expect(decision.reason).toBe('token_invalid')
  })
})

const UNREADABLE: readonly [string, () => unknown][] = [
  [
    'a getter that throws',
    () => Object.defineProperty({}, 'rows', { enumerable: true, get: fail }),
  ],
  [
    'a getter below that throws',
    () => ({ rows: [Object.defineProperty({}, 'id', { enumerable: true, get: fail })] }),
  ],
  ['a Proxy that throws', () => new Proxy({ rows: 1 }, { ownKeys: fail })],
  [
    'a getter that throws a text without end',
    () => ({
      get rows() {
        throw LONG
      },
    }),
  ],
]

describe('C11 a result that throws when it is read', () => {
  it.each(UNREADABLE)(
    'C11 %s: the engine does not, closes the record, and says what it has not seen',
    async (_, make) => {
      const { engine, records, budgets, diagnostics } = stage()
      await rejection(engine.guard<unknown>(call('web.read'), make))
      expect(records.map(({ kind }) => kind)).toEqual(['decision', 'outcome'])
      expect([records[1]?.output_hash, budgets.open(), engine.stats().in_flight]).toEqual([
        null,
        0,
        0,
      ])
      expect(diagnostics.map(({ code }) => code)).toEqual(['response_unread'])
      expect(JSON.stringify(diagnostics).length).toBeLessThan(5_000)
      expect(await engine.guard(call('web.read'), () => 'next')).toBe('next')
    },
  )
})
