import { describe, expect, it } from 'vitest'
import type { Checkpoint } from '../ledger/checkpoint.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { ledgerFiles } from './closed-files.ts'
import { recordOf, recordsOf } from './records.fixture.ts'
import { closeSinks, watched } from './sink.fixture.ts'

closeSinks()

describe('checkpoints', () => {
  it('are made every so many records and at close', async () => {
    const points: Checkpoint[] = []
    const { sink, path } = watched({
      checkpoints: { every: 10, write: (point) => void points.push(point) },
    })
    for (const record of recordsOf(25)) await sink.write([record])
    await sink.close()
    expect(points.map(({ seq, count, file }) => [seq, count, file])).toEqual([
      [10, 10, 'audit.jsonl'],
      [20, 20, 'audit.jsonl'],
      [25, 25, 'audit.jsonl'],
    ])
    expect(await verifyLedger({ files: [path] }, { checkpoints: points })).toMatchObject({
      ok: true,
    })
  })

  it('that cannot be kept are reported, and stop nothing', async () => {
    const { sink, told } = watched({
      checkpoints: { every: 1, write: () => Promise.reject(new Error('no')) },
    })
    await sink.write([recordOf(1)])
    await sink.close()
    expect(told).toEqual(['audit_checkpoint_failed'])
  })

  it('are made at each rotation and deletion, so that what `keep` leaves verifies', async () => {
    const points: Checkpoint[] = []
    const { sink, path, told } = watched({
      rotate: { maxBytes: 10_000, keep: 2 },
      checkpoints: { every: 1_000, write: (point) => void points.push(point) },
    })
    for (const record of recordsOf(100)) await sink.write([record])
    await sink.close()
    const files = await ledgerFiles(path)
    const report = await verifyLedger({ files }, { checkpoints: points })

    const deleted = points.filter((point) => point.deleted === true)
    expect([report.ok, told]).toEqual([true, []])
    expect(deleted.length).toBe(sink.stats().rotations - 2)
    expect(report.after).toBe(deleted.at(-1)?.hash)
    expect(
      (await verifyLedger({ files: files.slice(1) }, { checkpoints: points })).fault?.kind,
    ).toBe('head_cut')
  })

  it('are kept one at a time, in the order they were made', async () => {
    const kept: number[] = []
    let open = 0
    const { sink } = watched({
      rotate: { maxBytes: 2_000 },
      checkpoints: {
        every: 1_000,
        write: async (point) => {
          expect(++open).toBe(1)
          await new Promise(setImmediate)
          open--
          kept.push(point.seq)
        },
      },
    })
    for (const record of recordsOf(12)) await sink.write([record])
    await sink.close()
    expect(kept.length).toBe(sink.stats().rotations + 1)
    expect(kept).toEqual([...kept].sort((one, other) => one - other))
  })
})
