import { describe, expect, it } from 'vitest'
import { isCallgateError, PolicyError } from '../core/model/errors.ts'
import { parsePolicy } from '../core/policy/parse.ts'
import { createTestEngine, epochOf, TEST_NOW } from './create-test-engine.ts'

const POLICY = `
roles:
  - name: reader
    rules: [{ resources: [db.read], verbs: [invoke] }]
bindings:
  - { agent: bot, roles: [reader], expires_at: 2026-01-01T01:00:00Z }
`
const CALL = { session: 's', resource: 'db.read', arguments: {}, subject: { agent: 'bot' } }

const codeOf = (run: () => unknown): unknown => {
  try {
    run()
    return 'no error'
  } catch (error) {
    return isCallgateError(error) ? error.code : error
  }
}

describe('createTestEngine', () => {
  it('takes the text of a policy or a compiled one', () => {
    const digests = [POLICY, parsePolicy(POLICY)].map((policy) => {
      const ticket = createTestEngine({ policy }).begin(CALL)
      return ticket instanceof Promise ? 'later' : ticket.decision.policy_digest
    })

    expect(digests).toEqual([parsePolicy(POLICY).digest, parsePolicy(POLICY).digest])
  })

  it('stands still until its clock is moved', async () => {
    const engine = createTestEngine({ policy: POLICY })
    const effects: string[] = []
    const ask = async () => {
      effects.push((await engine.explain(CALL)).decision.effect)
    }

    await ask()
    engine.clock.advance(3_600_000)
    await ask()
    engine.clock.set('2026-01-01T00:59:59.999Z')
    await ask()

    expect({ effects, at: engine.clock.now() }).toEqual({
      effects: ['allow', 'deny', 'allow'],
      at: TEST_NOW + 3_599_999,
    })
  })

  it('gives the same records in every run', async () => {
    const run = async () => {
      const engine = createTestEngine({ policy: POLICY })
      await engine.guard(CALL, () => 'rows')
      return engine.records()
    }
    const [one, other] = [await run(), await run()]

    expect(one).toEqual(other)
    expect(one.map(({ id, ts, kind }) => ({ id, ts, kind }))).toEqual([
      { id: 'call-1', ts: '2026-01-01T00:00:00.000Z', kind: 'decision' },
      { id: 'call-1', ts: '2026-01-01T00:00:00.000Z', kind: 'outcome' },
    ])
  })

  it('keeps diagnostics instead of printing them', async () => {
    const broken = {
      name: 'broken',
      write: () => {
        throw new Error('disk full')
      },
    }
    const engine = createTestEngine({ policy: POLICY, audit: [broken] })
    await engine.begin(CALL)

    expect(engine.diagnostics().map(({ code }) => code)).toEqual(['audit_sink_failed'])
  })

  it('asks no file system where a path leads', async () => {
    const policy = `
roles:
  - name: reader
    rules: [{ resources: [fs.read], verbs: [invoke], constraints: { path_prefix: [/no/such/folder] } }]
bindings: [{ agent: bot, roles: [reader] }]
`
    const engine = createTestEngine({ policy })
    const call = { ...CALL, resource: 'fs.read', arguments: { path: '/no/such/folder/x' } }

    expect((await engine.explain(call)).decision.effect).toBe('allow')
  })

  it('refuses a policy with problems and an instant without a zone', () => {
    expect(() => createTestEngine({ policy: 'rolls: []' })).toThrow(PolicyError)
    expect(codeOf(() => createTestEngine({ policy: POLICY, now: '2026-01-01' }))).toBe(
      'ERR_OPTIONS_INVALID',
    )
  })
})

describe('epochOf', () => {
  it.each([
    ['2026-01-01T00:00:00Z', TEST_NOW],
    ['2026-01-01T01:00:00+01:00', TEST_NOW],
    [TEST_NOW, TEST_NOW],
    [new Date(TEST_NOW), TEST_NOW],
  ])('reads %s', (instant, at) => {
    expect(epochOf(instant)).toBe(at)
  })

  it.each(['2026-01-01T00:00:00', 'today', '', '2026-13-01T00:00:00Z', Number.NaN, new Date('x')])(
    'refuses %s',
    (instant) => {
      expect(codeOf(() => epochOf(instant))).toBe('ERR_OPTIONS_INVALID')
    },
  )
})
