import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { recordOf } from './records.fixture.ts'
import { closeSinks, seqs, watched } from './sink.fixture.ts'

closeSinks()

describe('two writers', () => {
  it('of one file are refused', async () => {
    const { sink, path } = watched()
    await sink.write([recordOf(1)])
    const other = watched({ path })
    await expect(other.sink.ready()).rejects.toThrow(
      `process ${process.pid} on ${hostname()} writes ${path}`,
    )
    await expect(async () => other.sink.write([recordOf(1)])).rejects.toMatchObject({
      code: 'ERR_AUDIT_UNAVAILABLE',
    })
    await sink.close()
    await other.sink.write([recordOf(1)])
    expect(await verifyLedger({ files: [path] })).toMatchObject({ ok: true, records: 2 })
    await other.sink.close()
    expect(existsSync(`${path}.lock`)).toBe(false)
  })

  it('have a file each where that is asked for', async () => {
    const { sink, path } = watched({ perProcess: true })
    await sink.write([recordOf(1)])
    expect([sink.path, seqs(`${path}.${process.pid}`)]).toEqual([`${path}.${process.pid}`, [1]])
  })

  const holder = { id: 'x', pid: process.pid, started: '1', host: hostname() }
  it.each([
    ['process that is gone', { ...holder, pid: 2 ** 22 + 1 }],
    ['process whose number another one has now', holder],
  ])('lock of a %s is taken over', async (_what, left) => {
    const { sink, path, told } = watched()
    writeFileSync(`${path}.lock`, JSON.stringify(left))
    await sink.write([recordOf(1)])
    expect(told).toEqual(['audit_lock_taken_over'])
  })

  it('on another machine are refused while their lock is fresh', async () => {
    const { sink, path } = watched()
    writeFileSync(`${path}.lock`, JSON.stringify({ ...holder, host: 'elsewhere.example' }))
    await expect(sink.ready()).rejects.toThrow(/elsewhere\.example/)
  })

  it('that came by without a lock are reported', async () => {
    const { sink, path, told } = watched({ checkEveryMs: 0 })
    await sink.write([recordOf(1)])
    appendFileSync(path, 'stranger\n')
    await sink.write([recordOf(2)])
    expect(told).toEqual(['audit_file_changed', 'audit_torn_tail'])
    expect(await verifyLedger({ files: [path] })).toMatchObject({ ok: true, records: 2 })
  })
})
