import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readLedger } from '../ledger/read-ledger.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { recordOf, recordsOf } from './records.fixture.ts'
import { closeSinks, linesOf, pathIn, seqs, watched } from './sink.fixture.ts'

closeSinks()

describe('a torn tail', () => {
  it('is cut off, kept and counted at the next opening', async () => {
    const { sink, path } = watched()
    await sink.write(recordsOf(3))
    await sink.close()
    const torn = '{"agent":"bot","half'
    appendFileSync(path, torn)
    const next = watched({ path })
    await next.sink.ready()
    await next.sink.write([recordOf(4)])
    expect(next.told).toEqual(['audit_torn_tail'])
    expect(next.sink.stats().torn).toBe(1)
    expect(readFileSync(`${path}.torn-1`, 'utf8')).toBe(torn)
    expect(await verifyLedger({ files: [path] })).toMatchObject({ ok: true, records: 4 })
  })

  it.each(['one line\n', '\n', 'a\nb', '{"seq":1}\n\n', `# Notes\n${'x'.repeat(70_000)}\n`])(
    'is no name for a file that is no ledger: %j',
    async (text) => {
      const { sink, path } = watched()
      writeFileSync(path, text)
      await expect(sink.ready()).rejects.toMatchObject({ code: 'ERR_AUDIT_UNAVAILABLE' })
      expect(readFileSync(path, 'utf8')).toBe(text)
    },
  )

  it('never overwrites one that was kept before', async () => {
    const path = pathIn()
    for (const text of ['one', 'two']) {
      appendFileSync(path, text)
      const { sink } = watched({ path })
      await sink.write([recordOf(1)])
      await sink.close()
    }
    const texts = [1, 2].map((number) => readFileSync(`${path}.torn-${number}`, 'utf8'))
    expect(texts).toEqual(['one', 'two'])
  })

  it.each([1, 10, 65_535, 65_536, 200_000])('of %i bytes is found whole', async (length) => {
    const { sink, path } = watched()
    await sink.write([recordOf(1, { arguments: 'x'.repeat(100_000) }), recordOf(2)])
    await sink.close()
    appendFileSync(path, '\0'.repeat(length))
    const next = watched({ path })
    await next.sink.write([recordOf(3)])
    expect([seqs(path), statSync(`${path}.torn-1`).size]).toEqual([[1, 2, 3], length])
  })

  it('at any length of a record leaves the records before it', async () => {
    const { sink, path } = watched()
    await sink.write(recordsOf(3))
    await sink.close()
    const whole = readFileSync(path)
    const starts = linesOf(path).map((line) => Buffer.byteLength(line) + 1)
    const [one = 0, two = 0] = starts
    for (let length = one + two; length < whole.length; length += 37) {
      writeFileSync(path, whole.subarray(0, length))
      const next = watched({ path })
      await next.sink.write([recordOf(3)])
      await next.sink.close()
      expect(await verifyLedger({ files: [path] })).toMatchObject({ ok: true, records: 3 })
    }
  })

  it('is passed over by readers, with a count', async () => {
    const { sink, path } = watched()
    await sink.write(recordsOf(2))
    appendFileSync(path, '{"half')
    const reader = readLedger([path])
    const read: number[] = []
    for await (const { seq } of reader) read.push(seq)
    expect([read, reader.torn()]).toEqual([[1, 2], 1])
    expect(await verifyLedger({ files: [path] })).toMatchObject({ ok: true, records: 2, torn: 1 })
  })
})
