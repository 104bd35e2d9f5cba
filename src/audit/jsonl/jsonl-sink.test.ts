import { statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { testAuditSink } from '../../testing/contracts/audit-sink.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { faultyFs } from './faulty-fs.fixture.ts'
import { jsonlSink } from './jsonl-sink.ts'
import type { JsonlSinkOptions } from './options.ts'
import { recordOf, recordsOf } from './records.fixture.ts'
import { closeSinks, kept, seqs, watched } from './sink.fixture.ts'

closeSinks()

describe('jsonlSink', () => {
  it.each(['before-dispatch', 'buffered'] as const)(
    'keeps the contract of sinks, %s',
    async (mode) => {
      const failures = await testAuditSink(() => watched({ mode }).sink, {
        read: async (sink) => {
          await sink.close()
          return kept(sink.path)
        },
      })
      expect(failures).toEqual([])
    },
  )

  it('writes what arrives together with one sync, and one record with one', async () => {
    const fs = faultyFs()
    const { sink, path } = watched({ fs })
    await sink.write([recordOf(1)])
    fs.calls.length = 0
    await sink.write([recordOf(2)])
    expect(fs.calls).toEqual(['write', 'sync'])
    fs.calls.length = 0
    await Promise.all(recordsOf(200, 3).map((record) => sink.write([record])))
    expect(fs.calls.length).toBeLessThanOrEqual(4)
    expect(seqs(path)).toEqual(recordsOf(202).map(({ seq }) => seq))
    await sink.close()
    expect(await verifyLedger({ files: [path] })).toMatchObject({ ok: true, records: 202 })
  })

  it('resolves only once the sync is done', async () => {
    const fs = faultyFs()
    const { sink } = watched({ fs })
    await sink.ready()
    let synced = false
    fs.fault = (call) => {
      synced ||= call === 'sync'
      return undefined
    }
    await sink.write([recordOf(1)])
    expect(synced).toBe(true)
  })

  it('is for the owner only, and says what is wrong with its options', () => {
    const { sink, path } = watched()
    const invalid = [
      { path: '' },
      { path, mode: 'fast' },
      { path, rotate: { maxBytes: 0 } },
      { path, rotate: { size: 1 } },
      { path, maxRecordBytes: 10 },
      { path, checkpoints: { every: 0, write: () => undefined } },
      { path, fsync: false },
    ]
    for (const options of invalid)
      expect(() => jsonlSink(options as unknown as JsonlSinkOptions)).toThrow(
        expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
      )
    return sink.ready().then(() => expect(statSync(path).mode & 0o777).toBe(0o600))
  })

  it('goes on with the chain of the file it finds', async () => {
    const { sink, path } = watched()
    await sink.write(recordsOf(3))
    await sink.close()
    const next = watched({ path })
    await next.sink.write(recordsOf(2))
    await next.sink.close()
    expect(await verifyLedger({ files: [path] })).toMatchObject({ ok: true, records: 5 })
    expect(next.told).toEqual([])
  })

  it('rejects when it is closed', async () => {
    const { sink } = watched()
    await sink.close()
    expect(() => sink.write(recordsOf(1))).toThrow(/is closed/)
    await expect(sink.ready()).rejects.toThrow(/is closed/)
  })
})
