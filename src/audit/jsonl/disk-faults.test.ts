import { statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { faultyFs } from './faulty-fs.fixture.ts'
import { recordOf, recordsOf } from './records.fixture.ts'
import { closeSinks, seqs, watched } from './sink.fixture.ts'

closeSinks()

describe('a disk that fails', () => {
  it.each([
    ['at once', false],
    ['with the next record where that fails too', true],
  ])('sees a short write, cuts it off %s and goes on once there is space', async (_, isStuck) => {
    const fs = faultyFs('ENOSPC')
    const { sink, path } = watched({ fs })
    await sink.write(recordsOf(2))
    const good = statSync(path).size
    let writes = 0
    fs.fault = (call) => {
      if (call === 'truncate' && isStuck) return 'fail'
      if (call !== 'write') return undefined
      return ++writes === 1 ? 'short' : 'fail'
    }
    await expect(sink.write([recordOf(3)])).rejects.toMatchObject({ code: 'ERR_AUDIT_UNAVAILABLE' })
    expect(statSync(path).size > good).toBe(isStuck)
    await expect(sink.write([recordOf(4)])).rejects.toThrow(/ENOSPC/)
    fs.fault = undefined
    await sink.write([recordOf(5)])
    expect(seqs(path)).toEqual([1, 2, 5])
    expect(sink.stats()).toMatchObject({ written: 3, rejected: 2, torn: 0 })
    expect(await verifyLedger({ files: [path] })).toMatchObject({ ok: true, missing: 2 })
  })

  it('completes a short write', async () => {
    const fs = faultyFs()
    const { sink, path } = watched({ fs })
    fs.fault = (call) => (call === 'write' ? 'short' : undefined)
    await sink.write(recordsOf(3))
    expect(seqs(path)).toEqual([1, 2, 3])
  })
})
