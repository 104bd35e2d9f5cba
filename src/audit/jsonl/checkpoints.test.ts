import { describe, expect, it } from 'vitest'
import type { Checkpoint } from '../ledger/checkpoint.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'
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
})
