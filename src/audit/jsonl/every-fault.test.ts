import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import type { Checkpoint } from '../ledger/checkpoint.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { ledgerFiles } from './closed-files.ts'
import { faultyFs } from './faulty-fs.fixture.ts'
import { recordOf, recordsOf } from './records.fixture.ts'
import { closeSinks, pathIn, seqs, watched } from './sink.fixture.ts'

closeSinks()
vi.setConfig({ testTimeout: 60_000 })

type Fault = 'EIO' | 'ENOSPC' | 'EMFILE' | 'short' | 'slow'
type Mover = 'rotate' | 'rename'

/** Writes six records with one fault, then one more as the next process. */
async function play(failing: number, fault: Fault, mover: Mover) {
  const fs = faultyFs(fault)
  const path = pathIn()
  writeFileSync(path, 'torn')
  fs.fault = (_call, index) => {
    if (index !== failing) return undefined
    return fault === 'short' || fault === 'slow' ? fault : 'fail'
  }
  const checkpoints: Checkpoint[] = []
  const options = {
    path,
    fs,
    checkEveryMs: 0,
    rotate: mover === 'rotate' ? { maxBytes: 3_000 } : {},
    checkpoints: { every: 2, write: (point: Checkpoint) => void checkpoints.push(point) },
  }
  const { sink } = watched(options)
  const accepted: number[] = []
  for (const record of recordsOf(6)) {
    await Promise.resolve(sink.write([record])).then(
      () => accepted.push(record.seq),
      () => undefined,
    )
    if (record.seq !== 3) continue
    if (mover === 'rename') renameSync(path, `${path}.1`)
    await sink.reopen().catch(() => undefined)
  }
  await sink.close().catch(() => undefined)
  const { length } = fs.calls
  fs.fault = undefined
  rmSync(`${path}.lock`, { force: true }) // its process is this one
  const next = watched(options)
  await next.sink.write([recordOf(1)])
  await next.sink.close()
  const moved = mover === 'rename' ? [`${path}.1`] : []
  const files = [...moved, ...(await ledgerFiles(path))]
  const { fault: bad } = await verifyLedger({ files }, { checkpoints })
  const found = files.flatMap(seqs)
  return { length, accepted, bad, lost: accepted.filter((seq) => !found.includes(seq)) }
}

describe('one call to the file system that goes wrong, whichever it is', () => {
  it.each<[Fault, Mover]>(
    (['EIO', 'ENOSPC', 'EMFILE', 'short', 'slow'] as const).flatMap((fault) => [
      [fault, 'rotate'],
      [fault, 'rename'],
    ]),
  )(
    'by %s, costs one record at most and breaks no chain, files moved by %s',
    async (fault, mover) => {
      const whole = await play(-1, fault, mover)
      expect([whole.length > 40, whole.accepted.length]).toEqual([true, 6])
      for (let failing = 0; failing < whole.length; failing++) {
        const { accepted, bad, lost } = await play(failing, fault, mover)
        const least = fault === 'short' || fault === 'slow' ? 6 : 5
        const isBack = accepted.length >= least // no fault outlasts itself
        expect({ failing, bad, lost, isBack }).toEqual({
          failing,
          bad: undefined,
          lost: [],
          isBack: true,
        })
      }
    },
  )
})
