import { describe, expect, it } from 'vitest'
import { faultyFs } from './faulty-fs.fixture.ts'
import { recordOf, recordsOf } from './records.fixture.ts'
import { closeSinks, seqs, watched } from './sink.fixture.ts'

closeSinks()

describe('buffered', () => {
  it('accepts at once and writes behind', async () => {
    const { sink, path } = watched({ mode: 'buffered' })
    expect(sink.write(recordsOf(5))).toBeUndefined()
    expect(sink.stats().queued).toBe(5)
    await sink.close()
    expect([seqs(path), sink.lost()]).toEqual([[1, 2, 3, 4, 5], 0])
  })

  it('counts what it could not write, and says so at close', async () => {
    const fs = faultyFs()
    const { sink, path, told } = watched({ fs, mode: 'buffered' })
    sink.write(recordsOf(2))
    await sink.ready()
    fs.fault = () => 'fail'
    sink.write(recordsOf(3, 3))
    await sink.close().catch(() => undefined)
    expect([sink.lost(), seqs(path)]).toEqual([3, [1, 2]])
    expect(told).toContain('audit_records_lost')
  })

  it('tries again after a fault, in order', async () => {
    const fs = faultyFs()
    const { sink, path } = watched({ fs, mode: 'buffered' })
    await sink.ready()
    let failures = 0
    fs.fault = (call) => (call === 'write' && ++failures === 1 ? 'fail' : undefined)
    sink.write(recordsOf(2))
    sink.write(recordsOf(2, 3))
    await sink.ready()
    await sink.close()
    expect([seqs(path), sink.lost()]).toEqual([[1, 2, 3, 4], 0])
  })

  it('refuses what its queue cannot hold', () => {
    const { sink } = watched({ mode: 'buffered', maxQueuedRecords: 2 })
    sink.write(recordsOf(2))
    expect(() => sink.write([recordOf(3)])).toThrow(/2 records wait/)
  })
})
