import { describe, expect, it, vi } from 'vitest'
import { call, engineWith, guarded } from '../../engine/scenarios/engine.fixture.ts'
import { ledgerFiles } from '../jsonl/closed-files.ts'
import { closeSinks, kept, watched } from '../jsonl/sink.fixture.ts'
import { readCalls } from '../ledger/read-ledger.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { auditFiles } from '../query/audit-files.ts'

vi.setConfig({ testTimeout: 60_000 })
closeSinks()

const START = Date.UTC(2026, 5, 1)
const HOUR = 3_600_000
const CALLS = 30

/** What a clock says at its n-th reading. */
type Clock = (reading: number) => number
const CLOCKS: readonly [string, Clock][] = [
  ['jumps back by two days', (n) => START + n - (n > 60 ? 48 * HOUR : 0)],
  ['jumps on by an hour', (n) => START + n + (n > 60 ? HOUR : 0)],
  ['stands still', () => START],
  ['goes back at each tenth reading', (n) => START + n * 1_000 - (n % 10 === 0 ? HOUR : 0)],
]

/** Thirty calls through an engine with this clock. */
async function trail(clock: Clock) {
  let readings = 0
  const { sink, path } = watched({ rotate: { maxBytes: 20_000, everyMs: HOUR / 2 } })
  const engine = engineWith({}, { audit: [sink], clock: { now: () => clock(++readings) } })
  for (let number = 0; number < CALLS; number++)
    expect(await guarded(engine, call('crm.note', { number }), () => 'out')).toBe('out')
  await engine.close()
  return { files: await ledgerFiles(path), readings }
}

describe('a wall clock that cannot be trusted', () => {
  it.each(CLOCKS)(
    'that %s leaves a ledger that verifies, in the order of its numbers',
    async (_, clock) => {
      const { files, readings } = await trail(clock)
      expect(readings).toBeGreaterThan(60)
      const report = await verifyLedger({ files })
      expect(report).toMatchObject({ ok: true, records: CALLS * 2, missing: 0, chains: 1 })
      const numbers = files.flatMap(kept).map(({ seq }) => seq)
      expect(numbers).toEqual(Array.from({ length: CALLS * 2 }, (_, index) => index + 1))
    },
  )

  it.each(CLOCKS)('that %s makes no call last less than no time', async (_, clock) => {
    const { files } = await trail(clock)
    let calls = 0
    for await (const { duration_ms: duration, status } of readCalls(files)) {
      calls++
      expect([status, duration !== null && duration >= 0]).toEqual(['success', true])
    }
    expect(calls).toBe(CALLS)
  })

  it.each(CLOCKS)(
    'that %s is what a query by time goes by, record for record',
    async (_, clock) => {
      const { files } = await trail(clock)
      const source = auditFiles(files)
      const [since, until] = [START - 47 * HOUR, START + HOUR / 2]
      const asked: number[] = []
      for await (const { seq } of source.records({ since, until })) asked.push(seq)
      const all = files.flatMap(kept).map(({ seq, ts }) => ({ seq, at: Date.parse(ts) }))
      const expected = all.filter(({ at }) => at >= since && at < until).map(({ seq }) => seq)
      expect(asked).toEqual(expected)
    },
  )
})
