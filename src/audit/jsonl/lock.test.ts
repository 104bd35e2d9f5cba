import {
  appendFileSync,
  existsSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { describe, expect, it, vi } from 'vitest'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { recordOf } from './records.fixture.ts'
import { closeSinks, seqs, watched } from './sink.fixture.ts'

closeSinks()

/** What a lock of this process says of where it counts. */
async function placeNow(): Promise<unknown> {
  const { sink, path } = watched()
  await sink.ready()
  return (JSON.parse(readFileSync(`${path}.lock`, 'utf8')) as { place: unknown }).place
}

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
    writeFileSync(`${path}.lock`, JSON.stringify({ ...left, place: await placeNow() }))
    await sink.write([recordOf(1)])
    expect(told).toEqual(['audit_lock_taken_over'])
  })

  it.each([
    ['in another container of this host name', { place: 'another' }],
    ['of which nothing says where it counts', {}],
  ])(
    '%s are refused until they are silent, whatever runs under their number',
    async (_what, more) => {
      if (process.platform !== 'linux') return // elsewhere nothing tells the two apart
      const { sink, path, told } = watched()
      writeFileSync(`${path}.lock`, JSON.stringify({ ...holder, pid: 2 ** 22 + 1, ...more }))
      await expect(sink.ready()).rejects.toMatchObject({ code: 'ERR_AUDIT_UNAVAILABLE' })
      utimesSync(`${path}.lock`, 1, 1)
      await sink.write([recordOf(1)])
      expect(told).toEqual(['audit_lock_taken_over'])
    },
  )

  it('of one file are refused by whatever link they name it', async () => {
    const { sink, path } = watched()
    const link = `${path}.link`
    symlinkSync(path, link)
    await watched({ path: link }).sink.ready()
    await expect(sink.ready()).rejects.toMatchObject({ code: 'ERR_AUDIT_UNAVAILABLE' })
  })

  it('do not fork a ledger where one was stopped and the other has taken it over', async () => {
    const { sink, path } = watched({ checkEveryMs: 60_000 })
    await sink.write([recordOf(1)])
    rmSync(`${path}.lock`)
    const other = watched({ path })
    await other.sink.write([recordOf(1)])
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 61_000)
    const late = await Promise.resolve(sink.write([recordOf(2)])).catch((error: Error) => error)
    clock.mockRestore()
    expect(late).toMatchObject({ code: 'ERR_AUDIT_UNAVAILABLE' })
    await other.sink.close()
    await sink.write([recordOf(2)])
    expect(await verifyLedger({ files: [path] })).toMatchObject({ ok: true, records: 3 })
  })

  it('do not fork a ledger where one sees that the other has written', async () => {
    const { sink, path } = watched({ checkEveryMs: 0 })
    await sink.write([recordOf(1)])
    rmSync(`${path}.lock`)
    await watched({ path }).sink.write([recordOf(1)])
    await expect(sink.write([recordOf(2)])).rejects.toMatchObject({ code: 'ERR_AUDIT_UNAVAILABLE' })
    expect(await verifyLedger({ files: [path] })).toMatchObject({ ok: true, records: 2 })
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
