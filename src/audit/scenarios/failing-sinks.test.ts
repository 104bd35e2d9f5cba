import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { call, engineWith, guarded } from '../../engine/scenarios/engine.fixture.ts'
import { round } from '../../engine/scenarios/scheduler.fixture.ts'
import { faultyFs } from '../jsonl/faulty-fs.fixture.ts'
import { closeSinks, kept, watched } from '../jsonl/sink.fixture.ts'
import { readCalls } from '../ledger/read-ledger.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'

closeSinks()

describe('U01 a sink that refuses records', () => {
  it.each(['open append', 'write', 'sync'])(
    'U01 lets no call out while `%s` fails, and all of them after',
    async (failing) => {
      const fs = faultyFs()
      const { sink, path } = watched({ fs })
      const engine = engineWith({}, { audit: [sink] })
      fs.fault = (name) => (name === failing ? 'fail' : undefined)
      let dispatched = 0
      for (let index = 0; index < 10; index++)
        expect(await guarded(engine, call(), () => ++dispatched)).toBe('audit_unavailable')
      expect(dispatched).toBe(0)
      fs.fault = undefined
      expect(await guarded(engine, call(), () => ++dispatched)).toBe(1)
      await engine.close()
      expect(kept(path).map(({ kind, status }) => [kind, status])).toEqual([
        ['decision', 'pending'],
        ['outcome', 'success'],
      ])
      expect(await verifyLedger({ files: [path] })).toMatchObject({ ok: true })
    },
  )

  it('U01 lets them out, and says so, where the operator asked for that by name', async () => {
    const fs = faultyFs()
    const { sink } = watched({ fs })
    const codes: string[] = []
    const engine = engineWith(
      {},
      {
        audit: [sink],
        onAuditFailure: 'continue',
        onDiagnostic: ({ code }) => codes.push(code),
      },
    )
    fs.fault = () => 'fail'
    expect(await guarded(engine, call(), () => 'out')).toBe('out')
    expect(codes).toContain('audit_unavailable')
  })
})

/** Bytes of the heap that are in use. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void // what the flag defines
  collect()
  return process.memoryUsage().heapUsed
}

const CALLS = 100_000
const MOST_QUEUED = 1_000
const MOST_BYTES = 64 * 1_048_576

describe('U02 a sink that hangs', () => {
  it('U02 denies 100,000 calls without keeping more than its queue, then goes on', async () => {
    const fs = faultyFs()
    let release: () => void = () => undefined
    const hung = new Promise<void>((resolve) => {
      release = resolve
    })
    const { sink, path } = watched({
      maxQueuedRecords: MOST_QUEUED,
      fs: { ...fs, open: (...given) => hung.then(() => fs.open(...given)) },
    })
    const engine = engineWith({}, { audit: [sink], limits: { auditTimeoutMs: 200 } })
    const before = heapInUse()
    let dispatched = 0
    let denied = 0
    const calling = async (): Promise<void> => {
      const answer = await guarded(engine, call(), () => ++dispatched)
      if (answer === 'audit_unavailable') denied++
    }
    const made: Promise<void>[] = []
    for (let index = 0; index < CALLS; index++) made.push(calling())
    expect(sink.stats().queued).toBeLessThanOrEqual(MOST_QUEUED)
    await Promise.all(made.splice(0))
    expect([dispatched, denied]).toEqual([0, CALLS])
    expect(sink.stats().queued).toBeLessThanOrEqual(MOST_QUEUED)
    expect(heapInUse() - before).toBeLessThan(MOST_BYTES)
    release()
    while (sink.stats().queued > 0) await round()
    await round()
    expect(await guarded(engine, call(), () => ++dispatched)).toBe(1)
    await engine.close()
    // What waited was kept late: as intents that went nowhere.
    const successes: string[] = []
    for await (const { status } of readCalls([path]))
      if (status === 'success') successes.push(status)
    expect(successes.length).toBe(1)
    const report = await verifyLedger({ files: [path] })
    expect([report.ok, report.records <= MOST_QUEUED + 2]).toEqual([true, true])
  }, 120_000)
})
