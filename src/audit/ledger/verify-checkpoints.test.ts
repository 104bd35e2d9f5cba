import { describe, expect, it } from 'vitest'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { recordOf, recordsOf } from '../jsonl/records.fixture.ts'
import { chainOf, pointOf } from './chain.fixture.ts'
import type { Checkpoint } from './checkpoint.ts'
import { type VerifyOptions, verifyLedger } from './verify-ledger.ts'

const records = recordsOf(60)
const { lines, hashes } = chainOf(records)
const pointAt = (line: number): Checkpoint => ({
  ...pointOf(hashes, line),
  ts: records[line - 1]?.ts ?? '',
})
const checkpoints = [5, 10, 15, 60].map(pointAt)
const verified = (given: readonly string[], options: VerifyOptions = { checkpoints }) =>
  verifyLedger({ lines: given }, options)

describe('verifyLedger, given checkpoints', () => {
  it.each([5, 10, 15])('misses a head that was cut off at one, after line %i', async (line) => {
    const report = await verified(lines.slice(line))

    expect(report.fault).toMatchObject({ kind: 'head_cut', line: 1, seq: line + 1 })
    expect(report.fault?.message).toContain(`seq ${line} at`)
  })

  it('lets a ledger begin after one where it is told to, and tells after which record', async () => {
    const report = await verified(lines.slice(10), { checkpoints, fromCheckpoint: true })

    expect(report).toMatchObject({ ok: true, records: 50, after: hashes[9] })
  })

  it('lets a ledger begin where the sink says that it has deleted what is before', async () => {
    const deleted = { ...pointAt(12), deleted: true } as const
    const later = { ...pointAt(15), deleted: true } as const
    const given = [pointAt(5), pointAt(10), pointAt(30), deleted, pointAt(60), later]

    const [whole, rest, more, cut] = [
      await verified(lines, { checkpoints: given }),
      await verified(lines.slice(12), { checkpoints: given }),
      await verified(lines.slice(15), { checkpoints: given }),
      await verified(lines.slice(15, 40), { checkpoints: given }),
    ]

    expect([whole.ok, rest.ok, more.ok, cut.fault?.kind]).toEqual([true, true, true, 'cut'])
  })

  it('says where a ledger was changed that was linked anew, and how much before it is good', async () => {
    const forged = (seq: number): Partial<AuditRecord> => (seq === 13 ? { agent: 'other' } : {})
    const anew = chainOf(records.map((record) => recordOf(record.seq, forged(record.seq)))).lines

    const report = await verified(anew)

    expect(report).toMatchObject({
      records: 10,
      last: { seq: 10 },
      fault: { kind: 'checkpoint', line: 15, seq: 15 },
      checkpoints: { last: { record: 10 } },
    })
    expect(report.fault?.message).toMatch(/^is not the record that checkpoint 3 of 4 .* line 10 /)
  })

  it('says what was cut off, of an empty ledger too', async () => {
    const [short, empty] = [await verified(lines.slice(0, 20)), await verified([])]

    expect(short.fault).toMatchObject({ kind: 'cut', line: 20, seq: 20 })
    expect(short.fault?.message).toContain('checkpoint 4 of 4 (seq 60 at')
    expect(empty.fault).toMatchObject({ kind: 'cut', line: 0, seq: null })
  })

  it('says what they have shown', async () => {
    const some = await verified(lines, { checkpoints: checkpoints.slice(0, 3) })

    expect(some.checkpoints).toEqual({
      given: 3,
      signed: false,
      last: { seq: 15, hash: hashes[14], record: 15 },
      after: 45,
    })
    expect((await verified(lines, {})).checkpoints).toBeUndefined()
  })
})
