import { copyFileSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { ledgerFiles } from './closed-files.ts'
import { faultyFs } from './faulty-fs.fixture.ts'
import { recordOf, recordsOf } from './records.fixture.ts'
import { closeSinks, kept, seqs, watched } from './sink.fixture.ts'

closeSinks()

describe('rotation', () => {
  it('by size goes on with the chain, and keeps so many files', async () => {
    const { sink, path } = watched({ rotate: { maxBytes: 10_000, keep: 3 } })
    const first = kept
    for (const record of recordsOf(100)) await sink.write([record])
    await sink.close()
    const files = await ledgerFiles(path)
    expect(files.length).toBe(4)
    expect(basename(files[0] ?? '')).toMatch(/^audit\.\d{6}-20260101T000000Z-\d+\.jsonl$/)
    expect(files.every((file) => statSync(file).size <= 10_000)).toBe(true)
    const after = first(files[0] ?? '')[0]?.prev ?? ''
    const report = await verifyLedger({ files }, { after })
    expect([report.ok, report.last?.seq]).toEqual([true, 100])
    expect((await verifyLedger({ files })).fault?.kind).toBe('prev')
    expect(sink.stats()).toMatchObject({ written: 100, lost: 0 })
  })

  it('by time begins a new file with the first record that is late', async () => {
    const { sink, path } = watched({ rotate: { everyMs: 60_000 } })
    const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()
    for (const [index, minute] of [0, 0, 1, 1, 5].entries())
      await sink.write([recordOf(index + 1, { ts: at(minute) })])
    const files = await ledgerFiles(path)
    expect(files.map((file) => kept(file).map(({ seq }) => seq))).toEqual([[1, 2], [3, 4], [5]])
    expect(await verifyLedger({ files })).toMatchObject({ ok: true, records: 5 })
  })

  it('goes on with the chain after a stop between two files', async () => {
    const { sink, path } = watched({ rotate: { maxBytes: 5_000 } })
    for (const record of recordsOf(5)) await sink.write([record])
    await sink.close()
    renameSync(path, path.replace('audit.jsonl', 'audit.000099-20260101T000000Z-1.jsonl'))
    const next = watched({ path })
    await next.sink.write([recordOf(6)])
    const files = await ledgerFiles(path)
    expect(await verifyLedger({ files })).toMatchObject({ ok: true, records: 6 })
  })

  it('by somebody else who renames loses nothing', async () => {
    const { sink, path, told } = watched({ checkEveryMs: 0 })
    await sink.write(recordsOf(3))
    renameSync(path, `${path}.1`)
    await sink.write(recordsOf(3, 4))
    expect([seqs(`${path}.1`), seqs(path), told]).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      ['audit_file_moved'],
    ])
    expect(await verifyLedger({ files: [`${path}.1`, path] })).toMatchObject({
      ok: true,
      records: 6,
    })
  })

  it('by somebody else is seen at once when it is told', async () => {
    const { sink, path } = watched({ checkEveryMs: 1_000_000 })
    await sink.write(recordsOf(3))
    renameSync(path, `${path}.1`)
    await sink.reopen()
    await sink.write([recordOf(4)])
    expect(await verifyLedger({ files: [`${path}.1`, path] })).toMatchObject({
      ok: true,
      records: 4,
    })
  })

  it('by copytruncate is reported, with how many records it may have lost', async () => {
    const { sink, path, told } = watched({ checkEveryMs: 0 })
    await sink.write(recordsOf(3))
    copyFileSync(path, `${path}.1`)
    truncateSync(path, 0)
    await sink.write([recordOf(4)])
    expect([told, sink.lost()]).toEqual([['audit_file_truncated'], 3])
    expect(await verifyLedger({ files: [`${path}.1`, path] })).toMatchObject({
      ok: true,
      records: 4,
    })
  })

  it('reports a file that was deleted', async () => {
    const { sink, path, told } = watched({ checkEveryMs: 0 })
    await sink.write(recordsOf(3))
    rmSync(path)
    await sink.write([recordOf(4)])
    expect([told, sink.lost(), seqs(path)]).toEqual([['audit_file_deleted'], 3, [4]])
    expect((await verifyLedger({ files: [path] })).fault?.kind).toBe('prev')
  })

  it('that fails is reported once, and the records are kept', async () => {
    const fs = faultyFs()
    fs.fault = (call) => (call === 'rename' ? 'fail' : undefined)
    const { sink, path, told } = watched({ fs, rotate: { maxBytes: 2_000 } })
    for (const record of recordsOf(5)) await sink.write([record])
    expect([seqs(path), told]).toEqual([[1, 2, 3, 4, 5], ['audit_rotation_failed']])
  })
})
