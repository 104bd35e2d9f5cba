import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { parsePolicy } from '../../core/policy/parse.ts'
import { createPolicyEngine } from '../../engine/create-policy-engine.ts'
import { testAuditSink } from '../../testing/contracts/audit-sink.ts'

import type { Checkpoint } from '../ledger/checkpoint.ts'
import { readCalls, readLedger } from '../ledger/read-ledger.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { auditFiles } from '../query/audit-files.ts'
import { ledgerFiles } from './closed-files.ts'
import { faultyFs } from './faulty-fs.fixture.ts'
import { jsonlSink } from './jsonl-sink.ts'
import type { JsonlSink, JsonlSinkOptions } from './options.ts'
import { cleanUp, recordOf, recordsOf, scratchFolder } from './records.fixture.ts'

cleanUp()

const sinks: JsonlSink[] = []
afterEach(async () => {
  await Promise.allSettled(sinks.splice(0).map((sink) => sink.close()))
})

const pathIn = (folder = scratchFolder()): string => join(folder, 'audit.jsonl')
const linesOf = (path: string): readonly string[] =>
  readFileSync(path, 'utf8').split('\n').slice(0, -1)
const kept = (path: string): readonly AuditRecord[] =>
  linesOf(path).map((line) => JSON.parse(line) as AuditRecord)
const seqs = (path: string): readonly number[] => kept(path).map(({ seq }) => seq)

/** A sink that says what it reported. */
function watched(options: Partial<JsonlSinkOptions> = {}) {
  const path = options.path ?? pathIn()
  const told: string[] = []
  const sink = jsonlSink({ path, onDiagnostic: ({ code }) => told.push(code), ...options })
  sinks.push(sink)
  return { sink, path, told }
}

const POLICY =
  '{"roles":[{"name":"r","rules":[{"resources":["*"],"verbs":["invoke"]}]}],"bindings":[{"agent":"a","roles":["r"]}]}'
const CALL = { session: 's', resource: 'x.y', arguments: {}, subject: { agent: 'a' } }

describe('jsonlSink', () => {
  it.each(['before-dispatch', 'buffered'] as const)(
    'keeps the contract of sinks, %s',
    async (mode) => {
      const failures = await testAuditSink(() => jsonlSink({ path: pathIn(), mode }), {
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

describe('a disk that fails', () => {
  it('denies the call without a dispatch where the record is refused (U01)', async () => {
    const fs = faultyFs()
    const { sink, path } = watched({ fs })
    const engine = createPolicyEngine({ policy: parsePolicy(POLICY), audit: [sink] })
    fs.fault = (call) => (call === 'sync' ? 'fail' : undefined)
    let dispatched = 0
    const call = () => engine.guard(CALL, () => ++dispatched)
    await expect(call()).rejects.toMatchObject({ decision: { reason: 'audit_unavailable' } })
    expect([dispatched, readFileSync(path, 'utf8').length > 0]).toEqual([0, true])
    fs.fault = undefined
    await expect(call()).resolves.toBe(1)
    await engine.close()
    expect(await verifyLedger({ files: [path] }, { allowGaps: true })).toMatchObject({ ok: true })
  })

  it('holds a bounded number of records while the disk hangs (U02)', async () => {
    const fs = faultyFs()
    let release: () => void = () => undefined
    const hung = new Promise<void>((resolve) => {
      release = resolve
    })
    const open = fs.open
    const sink = jsonlSink({
      path: pathIn(),
      maxQueuedRecords: 1_000,
      fs: { ...fs, open: (...given) => hung.then(() => open(...given)) },
    })
    let refused = 0
    const accepted: unknown[] = []
    for (const record of recordsOf(100_000)) {
      try {
        accepted.push(sink.write([record]))
      } catch {
        refused++
      }
    }
    expect([refused, sink.stats().queued, sink.stats().rejected]).toEqual([99_000, 1_000, 99_000])
    release()
    await Promise.all(accepted)
    expect(sink.stats()).toMatchObject({ queued: 0, written: 1_000 })
  })

  it('sees a short write, cuts it off and goes on once there is space (U03)', async () => {
    const fs = faultyFs('ENOSPC')
    const { sink, path } = watched({ fs })
    await sink.write(recordsOf(2))
    const good = statSync(path).size
    let writes = 0
    fs.fault = (call) => {
      if (call !== 'write') return undefined
      return ++writes === 1 ? 'short' : 'fail'
    }
    await expect(sink.write([recordOf(3)])).rejects.toMatchObject({ code: 'ERR_AUDIT_UNAVAILABLE' })
    expect(statSync(path).size).toBeGreaterThan(good)
    await expect(sink.write([recordOf(4)])).rejects.toThrow(/ENOSPC/)
    fs.fault = undefined
    await sink.write([recordOf(5)])
    expect(seqs(path)).toEqual([1, 2, 5])
    expect(sink.stats()).toMatchObject({ written: 3, rejected: 2, torn: 0 })
    const report = await verifyLedger({ files: [path] }, { allowGaps: true })
    expect(report).toMatchObject({ ok: true, missing: 2 })
  })

  it('completes a short write', async () => {
    const fs = faultyFs()
    const { sink, path } = watched({ fs })
    fs.fault = (call) => (call === 'write' ? 'short' : undefined)
    await sink.write(recordsOf(3))
    expect(seqs(path)).toEqual([1, 2, 3])
  })

  it('keeps every accepted record whichever call to the file system fails', async () => {
    const play = async (failing: number, errno: string) => {
      const fs = faultyFs(errno)
      const path = pathIn()
      writeFileSync(path, 'torn')
      const accepted: number[] = []
      const options = { fs, rotate: { maxBytes: 3_000 }, checkEveryMs: 0 }
      fs.fault = (_call, index) => (index === failing ? 'fail' : undefined)
      const first = watched({ ...options, path })
      for (const record of recordsOf(6)) {
        const answer = async () => first.sink.write([record])
        await answer().then(
          () => accepted.push(record.seq),
          () => undefined,
        )
      }
      await first.sink.close().catch(() => undefined)
      const { length } = fs.calls
      fs.fault = undefined
      rmSync(`${path}.lock`, { force: true }) // its process is this one
      const second = watched({ ...options, path })
      await second.sink.write([recordOf(1)])
      await second.sink.close()
      const files = await ledgerFiles(path)
      const report = await verifyLedger({ files }, { allowGaps: true })
      const found = files.flatMap(seqs)
      return { length, accepted, report, found }
    }
    const { length, accepted } = await play(-1, 'EIO')
    expect([length > 40, accepted.length]).toEqual([true, 6])
    for (let failing = 0; failing < length; failing++) {
      const result = await play(failing, failing % 2 === 0 ? 'EIO' : 'ENOSPC')
      const lost = result.accepted.filter((seq) => !result.found.includes(seq))
      expect({ failing, lost, fault: result.report.fault }).toEqual({
        failing,
        lost: [],
        fault: undefined,
      })
      // No fault outlasts itself.
      expect([failing, result.accepted.length >= 5]).toEqual([failing, true])
    }
  })
})

describe('a torn tail', () => {
  it('is cut off, kept and counted at the next opening (U04)', async () => {
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

  it('leaves an intent that reads as unknown, never as success (U05, U06)', async () => {
    const { sink, path } = watched()
    const engine = createPolicyEngine({ policy: parsePolicy(POLICY), audit: [sink] })
    await engine.guard(CALL, () => 1)
    await engine.begin(CALL)
    const statuses: string[] = []
    for await (const { status } of readCalls([path])) statuses.push(status)
    expect(statuses).toEqual(['success', 'unknown'])
  })
})

describe('rotation', () => {
  it('by size goes on with the chain, and keeps so many files (U07)', async () => {
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

  it('by somebody else who renames loses nothing (U07)', async () => {
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

  it('by copytruncate is reported, with how many records it may have lost (U07)', async () => {
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

describe('two writers', () => {
  it('of one file are refused (U08)', async () => {
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

describe('a record', () => {
  it('of any text is one line of valid UTF-8 (U11)', async () => {
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
  ])(
    'of %s that is too large is shortened with a mark, not dropped (U11)',
    async (_what, fields) => {
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
    },
  )

  it('just within the bound stays as it is', async () => {
    const { sink, path } = watched()
    const text = '\u0001'.repeat(170_000)
    await sink.write([recordOf(1, { arguments: text })])
    expect(kept(path)[0]?.arguments).toBe(text)
  })
})

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

describe('checkpoints', () => {
  it('are made every so many records and at close', async () => {
    const points: Checkpoint[] = []
    const { sink, path } = watched({
      checkpoints: { every: 10, write: (point) => void points.push(point) },
    })
    for (const record of recordsOf(25)) await sink.write([record])
    await sink.close()
    expect(points.map(({ seq, count, file }) => [seq, count, file])).toEqual([
      [10, 10, 'audit.jsonl'],
      [20, 20, 'audit.jsonl'],
      [25, 25, 'audit.jsonl'],
    ])
    expect(await verifyLedger({ files: [path] }, { checkpoints: points })).toMatchObject({
      ok: true,
    })
  })

  it('that cannot be kept are reported, and stop nothing', async () => {
    const { sink, told } = watched({
      checkpoints: { every: 1, write: () => Promise.reject(new Error('no')) },
    })
    await sink.write([recordOf(1)])
    await sink.close()
    expect(told).toEqual(['audit_checkpoint_failed'])
  })
})
