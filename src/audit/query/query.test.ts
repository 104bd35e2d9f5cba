import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { auditFiles, findTrails } from './audit-files.ts'
import { joinCalls } from './calls.ts'
import { CSV_HEADER, csvLine } from './csv.ts'
import { createMatcher, type RecordFilter } from './filter.ts'
import { prunedLines } from './prune.ts'
import { readRecord } from './read-record.ts'
import { createStats } from './stats.ts'
import { readTombstone } from './tombstone.ts'
import { chained, linesOf, recordWith, SAMPLE, trailFolder } from './trail.fixture.ts'

async function seqsOf(records: AsyncIterable<AuditRecord>): Promise<readonly number[]> {
  const seqs: number[] = []
  for await (const { seq } of records) seqs.push(seq)
  return seqs
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

const at = (folder: string, ...names: readonly string[]) => names.map((name) => join(folder, name))

describe('files of a trail', () => {
  const halves = [SAMPLE.slice(0, 3), SAMPLE.slice(3)].map(linesOf)
  it.each<[string, Readonly<Record<string, string | Uint8Array>>, readonly string[]]>([
    ['one file', { 'a.jsonl': linesOf(SAMPLE) }, ['a.jsonl']],
    [
      'rotated files in any order',
      { 'a.jsonl': halves[1] ?? '', 'a.jsonl.1': halves[0] ?? '' },
      ['a.jsonl', 'a.jsonl.1'],
    ],
    [
      'a gzipped file before a plain one',
      { 'a.jsonl': halves[1] ?? '', 'b.jsonl.gz': gzipSync(halves[0] ?? '') },
      ['a.jsonl', 'b.jsonl.gz'],
    ],
    [
      'a folder with files that are no part of it',
      {
        'audit.jsonl': halves[1] ?? '',
        'audit.000001-20260301T100000Z-1.jsonl': halves[0] ?? '',
        'audit.jsonl.lock': 'x',
        'notes.txt': 'x',
      },
      [''],
    ],
    ['blank lines between', { 'a.jsonl': linesOf(SAMPLE).replaceAll('\n', '\n\n') }, ['a.jsonl']],
  ])('are read in order: %s', async (_name, files, named) => {
    const source = auditFiles(at(trailFolder(files), ...named))
    expect(await seqsOf(source.records())).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('are in order of their numbers, whatever the clock did', async () => {
    const folder = trailFolder({
      'a.jsonl': linesOf([recordWith({ ts: '2026-01-01T00:00:00.000Z' })]),
      'a.000002-20250101T000000Z-1.jsonl': linesOf([
        recordWith({ ts: '2025-01-01T00:00:00.000Z' }),
      ]),
      'a.000001-20270101T000000Z-1.jsonl': linesOf([
        recordWith({ ts: '2027-01-01T00:00:00.000Z' }),
      ]),
    })
    expect(await findTrails([folder])).toEqual([
      at(
        folder,
        'a.000001-20270101T000000Z-1.jsonl',
        'a.000002-20250101T000000Z-1.jsonl',
        'a.jsonl',
      ),
    ])
  })

  it('of several processes in one folder are trails of their own', async () => {
    const folder = trailFolder({ 'a.jsonl.12': linesOf(SAMPLE), 'a.jsonl.13': linesOf(SAMPLE) })
    expect(await findTrails([folder])).toEqual([at(folder, 'a.jsonl.12'), at(folder, 'a.jsonl.13')])
  })

  it.each([
    ['cut short', '{"schema":1,"id"'],
    ['cut within a character', Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xc3])])],
  ])('may end in a line %s, which is told', async (_name, tail) => {
    const folder = trailFolder({})
    const path = join(folder, 'a.jsonl')
    writeFileSync(path, Buffer.concat([Buffer.from(linesOf(SAMPLE)), Buffer.from(tail)]))
    const notes: string[] = []
    const source = auditFiles([path], { onNote: (note) => notes.push(note) })
    expect([await seqsOf(source.records()), notes]).toEqual([
      [1, 2, 3, 4, 5, 6, 7],
      [`${path}:8: the last line was cut short and is passed over`],
    ])
  })

  const ok = linesOf(SAMPLE.slice(0, 1))
  it.each<[string, string | Uint8Array, string]>([
    ['that is not JSON', `${ok}{\n`, ':2: not JSON'],
    ['that is a list', `${ok}[]\n`, ':2: not a record'],
    ['of another schema', `${ok}{"schema":2}\n`, ':2: not a record of schema 1'],
    ['without an id', `{"schema":1,"seq":1}\n`, ':1: not a record: `id` is of the wrong type'],
    [
      'of a wrong type',
      ok.replace('"agent":"support-bot"', '"agent":{}'),
      ':1: not a record: `agent`',
    ],
    ['without a time', ok.replace('2026-03', 'then'), ':1: not a record: `ts` is not a time'],
    ['that is not UTF-8', Buffer.from([0x7b, 0xff, 10]), ':1: the line is not UTF-8'],
    ['of broken gzip', gzipSync(ok).subarray(0, 40), ': the gzip data is broken or cut short'],
  ])('are refused with their place for a line %s', async (_name, content, message) => {
    const path = join(trailFolder({ 'a.jsonl': content }), 'a.jsonl')
    await expect(seqsOf(auditFiles([path]).records())).rejects.toMatchObject({
      code: 'ERR_AUDIT_INVALID',
      message: expect.stringContaining(`${path}${message}`),
    })
  })

  it('take a record of an older writer, which had fewer fields', () => {
    const text =
      '{"schema":1,"id":"a","seq":1,"ts":"2026-01-01T00:00:00Z","kind":"policy","status":"success","__proto__":{"x":1}}'
    expect(readRecord(text)).toMatchObject({ agent: null, findings: [], parent_id: null })
  })
})

describe('a filter', () => {
  it.each<[RecordFilter, readonly number[]]>([
    [{}, [1, 2, 3, 4, 5, 6, 7]],
    [{ agent: ['rogue-agent'] }, [3]],
    [{ agent: ['rogue-agent', 'support-bot'], effect: ['deny'] }, [3]],
    [{ user: ['ada'], kind: ['decision'] }, [1, 4, 7]],
    [{ tool: ['mail.send'] }, [4, 6]],
    [{ tool: ['send'] }, [4, 6]],
    [{ server: ['db'], status: ['success'] }, [2]],
    [{ reason: ['no_binding'] }, [3]],
    [{ finding: ['secret_relay'] }, [6]],
    [{ session: ['ses_2'] }, []],
    [{ gate: ['rbac'], kind: ['outcome'] }, [2, 6]],
    [
      { since: Date.parse('2026-03-01T11:00:00Z'), until: Date.parse('2026-03-01T11:00:01Z') },
      [4, 5],
    ],
  ])('%j chooses %j', (filter, wanted) => {
    expect(SAMPLE.filter(createMatcher(filter)).map(({ seq }) => seq)).toEqual(wanted)
  })
})

describe('joining calls', () => {
  it('gives one row a call, and what never ended last, as unknown', async () => {
    const calls: unknown[] = []
    for await (const { id, status, duration_ms, findings } of joinCalls(each(SAMPLE)))
      calls.push([id, status, duration_ms, findings.length])
    expect(calls).toEqual([
      ['dec_a', 'success', 250, 0],
      ['dec_b', 'denied', null, 0],
      ['dec_c', 'failed', 1000, 1],
      ['dec_d', 'unknown', null, 0],
    ])
  })

  it('gives up the oldest beyond its bound, and tells once', async () => {
    let told = 0
    const open = [1, 2, 3, 4].map((seq) => recordWith({ id: `c${seq}`, seq }))
    const calls = joinCalls(each(open), { maxOpen: 2, onOverflow: () => told++ })
    expect([await seqsOf(calls), told]).toEqual([[1, 2, 3, 4], 1])
  })
})

describe('statistics', () => {
  it('count names beyond their bound together', () => {
    const stats = createStats()
    for (let index = 0; index < 10_050; index++)
      stats.call(recordWith({ agent: `a${index}`, status: 'success', duration_ms: index }))
    const { agents, slowest, calls } = stats.result()
    expect([calls, agents[0], agents.length, slowest.map((one) => one.duration_ms)]).toEqual([
      10_050,
      ['(others)', 50],
      10_001,
      [10_049, 10_048, 10_047, 10_046, 10_045, 10_044, 10_043, 10_042, 10_041, 10_040],
    ])
  })
})

/** RFC 4180, as a reader of it would do it. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g,
  )) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (end !== ',') rows.push([])
  }
  return rows.slice(0, -1)
}

describe('CSV', () => {
  it.each([
    ['plain', 'plain'],
    ['a "quote", a comma', 'a "quote", a comma'],
    ['two\r\nlines', 'two\r\nlines'],
    ['=HYPERLINK("http://evil")', `'=HYPERLINK("http://evil")`],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    [' =1', "' =1"],
    ["'=1", "''=1"],
    ['\uff1d1', "'\uff1d1"],
    ['a=b', 'a=b'],
  ])('of %j is read back as %j', (agent, wanted) => {
    const record = recordWith({ agent, duration_ms: -5, gates: ['a', 'b'] })
    const [names = [], cells = [], ...more] = parseCsv(`${CSV_HEADER}\r\n${csvLine(record)}\r\n`)
    const cell = (name: string) => cells[names.indexOf(name)]
    expect([cell('agent'), cell('duration_ms'), cell('gates'), cells.length, more]).toEqual([
      wanted,
      '-5',
      '["a","b"]',
      names.length,
      [],
    ])
  })
})

describe('pruning', () => {
  const keys = generateKeyPairSync('ed25519')
  const path = () => join(trailFolder({ 'a.jsonl': linesOf(SAMPLE) }), 'a.jsonl')
  const pruned = async (file: string, filter: RecordFilter, isSigned = true) => {
    const lines: string[] = []
    const settings = { isRemoved: createMatcher(filter), why: 'retention', at: 0 }
    const key = isSigned ? { privateKey: keys.privateKey } : {}
    for await (const line of prunedLines(auditFiles([file]).lines(), { ...settings, ...key }))
      lines.push(line)
    return lines
  }

  it.each<[string, RecordFilter, readonly (number | string)[]]>([
    ['the oldest', { until: Date.parse('2026-03-01T11:00:00Z') }, ['-3', 4, 5, 6, 7]],
    ['those of a person', { user: ['ada'] }, ['-2', 3, '-1', 5, '-2']],
    ['all', {}, ['-7']],
    ['none', { user: ['nobody'] }, [1, 2, 3, 4, 5, 6, 7]],
  ])(
    'of %s leaves a chain that verifies, and its other lines as they were',
    async (_name, filter, wanted) => {
      const lines = await pruned(path(), filter)
      const shape = lines.map((line) => {
        const stone = readTombstone(line)
        return stone === undefined ? JSON.parse(line).seq : `-${stone.removed.length}`
      })
      const report = await verifyLedger({ lines }, { publicKey: keys.publicKey })
      const kept = lines.filter((line) => readTombstone(line) === undefined)
      const isSame = kept.every((line) => linesOf(SAMPLE).split('\n').includes(line))
      expect([shape, report.ok, report.fault, isSame]).toEqual([wanted, true, undefined, true])
    },
  )

  it('twice leaves what the first time left', async () => {
    const first = await pruned(path(), { user: ['ada'] })
    const file = join(trailFolder({ 'a.jsonl': `${first.join('\n')}\n` }), 'a.jsonl')
    const again = await pruned(file, { agent: ['rogue-agent'] })
    const report = await verifyLedger({ lines: again }, { publicKey: keys.publicKey })
    expect([again.length, report.ok, report.removed]).toEqual([5, true, 6])
  })

  it('keeps nothing of who and what was removed', async () => {
    const text = (await pruned(path(), { user: ['ada'] })).join('\n')
    expect(text).not.toMatch(/ada|support-bot|mail|dec_a/)
  })

  it.each<[string, (stone: string) => string]>([
    ['without a signature', (stone) => stone.replace(/"signature":"[^"]*"/, '"signature":null')],
    ['with another reason', (stone) => stone.replace('retention', 'erasure')],
    ['with a record less', (stone) => stone.replace(/,\{"hash"[^}]*\}/, '')],
    ['with another hash', (stone) => stone.replaceAll(/sha256:[0-9a-f]{4}/g, 'sha256:0000')],
    ['with a field more', (stone) => stone.replace('{', '{"a":1,')],
  ])('leaves a line that does not verify %s', async (_name, change) => {
    const [stone = '', ...rest] = await pruned(path(), {
      until: Date.parse('2026-03-01T11:00:00Z'),
    })
    expect(change(stone)).not.toBe(stone)
    const report = await verifyLedger(
      { lines: [change(stone), ...rest] },
      { publicKey: keys.publicKey },
    )
    expect(report.fault?.line).toBe(1)
  })

  it('writes a line for each thousand of a long run', async () => {
    const records = chained(
      Array.from({ length: 2_500 }, (_, index) => recordWith({ seq: index + 1 })),
    )
    const file = join(trailFolder({ 'a.jsonl': linesOf(records) }), 'a.jsonl')
    const lines = await pruned(file, {}, false)
    expect([lines.length, (await verifyLedger({ lines })).removed]).toEqual([3, 2_500])
  })

  it('refuses a record without a hash, with its place', async () => {
    const file = join(trailFolder({ 'a.jsonl': `${JSON.stringify(recordWith({}))}\n` }), 'a.jsonl')
    await expect(pruned(file, {})).rejects.toThrow(`${file}:1: the record has no hash`)
  })
})
