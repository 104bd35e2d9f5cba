import { describe, expect, it } from 'vitest'
import { type MemorySink, memorySink } from '../../audit/memory.ts'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { Verdict } from '../../core/model/decision.ts'
import type { AuditSink, Gate, IdentityProvider } from '../../core/model/ports.ts'
import { testAuditSink } from './audit-sink.ts'
import type { ContractFailure } from './contract.ts'
import { testGate } from './gate.ts'
import { testIdentityProvider } from './identity-provider.ts'

const checksOf = (failures: readonly ContractFailure[]) => failures.map(({ check }) => check)

describe('testAuditSink', () => {
  const read = (sink: MemorySink) => sink.records()
  const sinkOf = (write: (sink: MemorySink, records: readonly AuditRecord[]) => void) => () => {
    const sink = memorySink()
    return {
      ...sink,
      write(records: readonly AuditRecord[]) {
        write(sink, records)
      },
    }
  }

  it('finds nothing wrong with the memory sink', async () => {
    expect(await testAuditSink(() => memorySink(), { read })).toEqual([])
  })

  it.each<[string, () => MemorySink, readonly string[]]>([
    [
      'drops every second record',
      sinkOf((sink, records) => sink.write(records.filter(({ seq }) => seq % 2 === 0))),
      [
        'it keeps records in order',
        'it keeps records of writes that overlap, each once',
        'it keeps any text as it is',
      ],
    ],
    [
      'reorders',
      sinkOf((sink, records) => sink.write([...records].reverse())),
      ['it keeps records in order', 'it keeps any text as it is'],
    ],
    [
      'cuts long text',
      sinkOf((sink, records) =>
        sink.write(
          records.map((record) => ({ ...record, agent: record.agent?.slice(0, 10) ?? null })),
        ),
      ),
      ['it keeps any text as it is'],
    ],
    [
      'writes on what it is given',
      sinkOf((sink, records) => {
        for (const record of records) Object.assign(record, { hash: 'x' })
        return sink.write(records)
      }),
      [
        'it keeps records in order',
        'it keeps records of writes that overlap, each once',
        'it keeps any text as it is',
        'it serves an engine',
        'it can be closed twice',
      ],
    ],
  ])('finds a sink that %s', async (_, make, checks) => {
    expect(checksOf(await testAuditSink(make, { read }))).toEqual(checks)
  })

  it('finds a sink that never answers', async () => {
    const make = (): AuditSink => ({ name: 'hanging', write: () => new Promise<void>(() => {}) })
    const failures = await testAuditSink(make, { timeoutMs: 20 })

    expect(failures.map(({ problem }) => problem)).toContain('no answer within 20 ms')
    expect(checksOf(failures)).toContain('it takes a list without records')
  })

  it('finds a sink without a name that cannot be closed twice', async () => {
    const make = (): AuditSink => {
      let closed = false
      return {
        name: '',
        write() {},
        close() {
          if (closed) throw new Error('closed already')
          closed = true
        },
      }
    }

    expect(await testAuditSink(make)).toEqual([
      { check: 'it has a name', problem: 'its `name` is empty' },
      { check: 'it can be closed twice', problem: 'it threw: closed already' },
    ])
  })
})

describe('testGate', () => {
  const gateOf =
    (check: Gate['check'], name = 'mine') =>
    () => ({ name, check })

  it('finds nothing wrong with a gate that keeps the contract', async () => {
    const make = gateOf((call, view) => {
      if (view.session.disposition !== 'allow')
        return { kind: 'escalate', reason: 'approval_required' }
      const isLong = JSON.stringify(call.arguments).length > 1000
      return isLong
        ? { kind: 'deny', reason: 'payload_limit', detail: 'too long for this tool' }
        : { kind: 'pass' }
    })

    expect(await testGate(make, { arguments: [{ mine: 1 }] })).toEqual([])
  })

  it.each<[string, () => Gate, string]>([
    [
      'bears the name of a built-in one',
      gateOf(() => ({ kind: 'pass' }), 'rbac'),
      'it has a name of its own',
    ],
    [
      'throws',
      gateOf(() => {
        throw new Error('no')
      }),
      'it gives a verdict that can be read, whatever the arguments',
    ],
    [
      'gives a reason there is not',
      gateOf(() => ({ kind: 'deny', reason: 'because' }) as unknown as Verdict),
      'it gives a verdict that can be read, whatever the arguments',
    ],
    [
      'gives no verdict',
      gateOf(() => undefined as unknown as Verdict),
      'it gives a verdict that can be read, whatever the arguments',
    ],
    [
      'changes the call',
      gateOf((call) => {
        Object.assign(call.arguments, { seen: true })
        return { kind: 'pass' }
      }),
      'it gives a verdict that can be read, whatever the arguments',
    ],
    [
      'repeats a payload',
      gateOf((call) => ({
        kind: 'deny',
        reason: 'blocklisted',
        detail: `bad: ${String(call.arguments['value'])}`,
      })),
      'it repeats no payload',
    ],
    ['never answers', gateOf(() => new Promise<Verdict>(() => {})), 'it answers within 1 ms'],
  ])(
    'finds a gate that %s',
    async (_, make, check) => {
      expect(checksOf(await testGate(make, { budgetMs: 1 }))).toContain(check)
    },
    20_000,
  )

  it('finds a gate that counts in a dry run', async () => {
    const make = () => {
      let calls = 0
      return {
        name: 'counting',
        check: (): Verdict =>
          ++calls > 50 ? { kind: 'deny', reason: 'rate_limited' } : { kind: 'pass' },
      }
    }

    expect(await testGate(make)).toEqual([
      {
        check: 'it moves nothing in a dry run',
        problem: 'dry run 51 answers differently from the first',
      },
    ])
  })
})

describe('testIdentityProvider', () => {
  const options = { valid: { bearer: 'good-token' }, invalid: [{ bearer: 'evil-token' }] }
  const providerOf = (identify: IdentityProvider['identify']) => () => ({ identify })

  it('finds nothing wrong with a provider that keeps the contract', async () => {
    const make = providerOf(({ bearer }) => {
      if (!bearer) return undefined
      if (bearer !== 'good-token') throw new Error('the token is not valid')
      return { agent: 'bot' }
    })

    expect(await testIdentityProvider(make, options)).toEqual([])
  })

  it.each<[string, IdentityProvider['identify'], string]>([
    ['believes everybody', () => ({ agent: 'bot' }), 'it throws for invalid credentials 0'],
    ['knows nobody', () => undefined, 'it knows who shows valid credentials, every time'],
    [
      'takes a bad token for nobody',
      ({ bearer }) => (bearer === 'good-token' ? { agent: 'bot' } : undefined),
      'it throws for invalid credentials 0',
    ],
    [
      'repeats the token',
      ({ bearer }) => {
        if (bearer === 'good-token') return { agent: 'bot' }
        throw new Error(`bad token ${bearer}`)
      },
      'it throws for invalid credentials 0',
    ],
    [
      'names whatever it is shown',
      ({ bearer }) => (bearer === undefined ? undefined : { agent: bearer }),
      'it makes nobody up from odd credentials 4',
    ],
  ])('finds a provider that %s', async (_, identify, check) => {
    expect(checksOf(await testIdentityProvider(providerOf(identify), options))).toContain(check)
  })
})
