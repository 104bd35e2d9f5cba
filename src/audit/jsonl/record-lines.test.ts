import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { auditFiles } from '../query/audit-files.ts'
import { recordOf } from './records.fixture.ts'
import { closeSinks, kept, linesOf, watched } from './sink.fixture.ts'

closeSinks()

describe('a record', () => {
  it('of any text is one line of valid UTF-8', async () => {
    const { sink, path } = watched()
    const text = 'a\ud800b\ndc\udc00\0\r\u2028'
    await sink.write([recordOf(1, { agent: text, arguments: { [text]: [text, Number.NaN] } })])
    const [line = ''] = linesOf(path)
    expect(linesOf(path).length).toBe(1)
    expect(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)).length).toBe(
      line.length + 1,
    )
    expect(kept(path)[0]?.agent).toBe('a\ufffdb\ndc\ufffd\0\r\u2028')
    expect(await verifyLedger({ files: [path] })).toMatchObject({ ok: true })
  })

  it.each<[string, Partial<AuditRecord>]>([
    ['one text', { arguments: 'x'.repeat(50_000_000), input_hash: 'sha256:whole' }],
    ['many texts', { arguments: Array.from({ length: 200_000 }, (_, at) => `text ${at}`) }],
    ['long names', { arguments: { ['n'.repeat(2_000_000)]: 1 } }],
    ['lists', { gates: ['g'.repeat(3_000_000)], obligations: [{ text: ['\n'.repeat(900_000)] }] }],
    [
      'every field',
      Object.fromEntries(
        ['agent', 'user_id', 'tool', 'resource', 'team', 'scope'].map((name) => [
          name,
          '\u0001'.repeat(500_000),
        ]),
      ),
    ],
  ])('of %s that is too large is shortened with a mark, not dropped', async (_what, fields) => {
    const { sink, path } = watched()
    await sink.write([recordOf(1, fields), recordOf(2)])
    const [line = ''] = linesOf(path)
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(1_048_576)
    expect(line).toMatch(/\[cut: \d+ (characters|bytes), sha256:[0-9a-f]{64}\]/)
    expect(kept(path)[0]?.input_hash).toBe(fields.input_hash ?? null)
    expect(await verifyLedger({ files: [path] })).toMatchObject({ ok: true, records: 2 })
    const read: number[] = []
    for await (const { seq } of auditFiles([path]).records()) read.push(seq)
    expect(read).toEqual([1, 2])
  })

  it('just within the bound stays as it is', async () => {
    const { sink, path } = watched()
    const text = '\u0001'.repeat(170_000)
    await sink.write([recordOf(1, { arguments: text })])
    expect(kept(path)[0]?.arguments).toBe(text)
  })
})
