import { writeFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seal } from '../ledger/seal.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { AUDIT_RECORD_SCHEMA } from '../schema/record-schema.ts'
import { faultyFs } from './faulty-fs.fixture.ts'
import { recordOf, recordsOf } from './records.fixture.ts'
import { closeSinks, kept, linesOf, pathIn, watched } from './sink.fixture.ts'

closeSinks()

/** What each record says is missing before it. */
const told = (path: string) =>
  kept(path).map((record) => ('missing_before' in record ? record.missing_before : 0))

describe('records that a ledger lacks', () => {
  it('are counted by the next one, in what its hash is of', async () => {
    const { sink, path } = watched()
    const allowed = { effect: 'allow', reason: 'allowed', gate: 'rbac' } as const
    for (const seq of [1, 2, 5, 6, 9]) await sink.write([recordOf(seq, allowed)])
    expect(told(path)).toEqual([0, 0, 2, 0, 2])
    expect(await verifyLedger({ files: [path] })).toMatchObject({ ok: true, missing: 4 })
    const isOfSchema = new Ajv2020({ strictTypes: false }).compile(AUDIT_RECORD_SCHEMA)
    expect(kept(path).map((record) => isOfSchema(record))).toEqual([true, true, true, true, true])
    const [one = '', two = '', three = ''] = linesOf(path)
    const forged = three.replace('"missing_before":2', '"missing_before":1')
    expect((await verifyLedger({ lines: [one, two, forged] })).fault?.kind).toBe('hash')
  })

  it('are counted from the first one on, and none at a start', async () => {
    const { sink, path } = watched()
    await sink.write([recordOf(4)])
    await sink.close()
    const next = watched({ path })
    await next.sink.write(recordsOf(2)) // another engine counts from 1
    await next.sink.close()
    const last = watched({ path })
    await last.sink.write([recordOf(3), recordOf(5)]) // the same engine goes on
    expect(told(path)).toEqual([3, 0, 0, 0, 1])
    expect(await verifyLedger({ files: [path] })).toMatchObject({ ok: true, missing: 4 })
  })

  it('of a batch that failed are not counted as written', async () => {
    const fs = faultyFs()
    const { sink, path } = watched({ fs })
    await sink.write([recordOf(1)])
    fs.fault = (call) => (call === 'sync' ? 'fail' : undefined)
    for (const record of recordsOf(3, 2))
      await Promise.resolve(sink.write([record])).catch(() => undefined)
    fs.fault = undefined
    await sink.write([recordOf(5)])
    expect(told(path)).toEqual([0, 3])
  })

  it('that no sink tells of are a fault, unless that is allowed', async () => {
    const first = seal(recordOf(1), null)
    const lines = [first.line, seal(recordOf(3), first.hash).line]
    expect((await verifyLedger({ lines })).fault).toMatchObject({ kind: 'seq_gap', line: 2 })
    const report = await verifyLedger({ lines }, { allowGaps: true })
    expect(report).toMatchObject({ ok: true, missing: 1 })
  })

  it.each([-1, 0, 0.5, '2', null])('are not told of by `%s`', async (given) => {
    const record = { ...recordOf(1), missing_before: given }
    const report = await verifyLedger({ lines: [seal(record, null).line] })
    expect(report.fault?.kind).toBe('not_a_record')
  })

  it('are always told of, whichever engines write and whichever records are refused', async () => {
    const path = pathIn()
    const writes = fc.array(fc.record({ engine: fc.nat(2), isRefused: fc.boolean() }), {
      maxLength: 40,
    })
    await fc.assert(
      fc.asyncProperty(writes, fc.boolean(), async (given, isReopened) => {
        writeFileSync(path, '')
        const ends = [0, 0, 0]
        let { sink } = watched({ path })
        for (const [index, { engine, isRefused }] of given.entries()) {
          const seq = (ends[engine] ?? 0) + 1
          ends[engine] = seq
          if (!isRefused) await sink.write([recordOf(seq)])
          if (!isReopened || index !== 20) continue
          await sink.close()
          sink = watched({ path }).sink
        }
        await sink.close()
        const { fault } = await verifyLedger({ files: [path] })
        expect(fault).toBeUndefined()
      }),
      { numRuns: 60 },
    )
  })
})
