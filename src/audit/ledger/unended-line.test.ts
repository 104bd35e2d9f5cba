import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { auditFiles } from '../query/audit-files.ts'
import { recordOf } from '../record.fixture.ts'
import { readLedger } from './read-ledger.ts'
import { seal } from './seal.ts'
import { verifyLedger } from './verify-ledger.ts'

/** A ledger in two files, each of two records. */
function twoFiles(): readonly [string, string] {
  const folder = mkdtempSync(join(tmpdir(), 'callgate-unended-'))
  const files = [join(folder, 'one.jsonl'), join(folder, 'two.jsonl')] as const
  let prev: string | null = null
  for (const [index, file] of files.entries())
    for (const seq of [index * 2 + 1, index * 2 + 2]) {
      const { line, hash } = seal({ ...recordOf(seq), prev: null, hash: null }, prev)
      prev = hash
      appendFileSync(file, `${line}\n`)
    }
  return files
}

const FORGED = JSON.stringify({ ...recordOf(99), id: 'forged', prev: null, hash: 'sha256:none' })

async function idsOf(records: AsyncIterable<{ readonly id: string }>): Promise<readonly string[]> {
  const ids: string[] = []
  for await (const { id } of records) ids.push(id)
  return ids
}

describe('a whole record in a line that is not ended', () => {
  it('is no record to any reader, as it is none to who verifies', async () => {
    const [one, two] = twoFiles()
    const honest = await idsOf(readLedger([one, two]))
    writeFileSync(two, FORGED, { flag: 'a' })
    const notes: string[] = []
    const read = readLedger([one, two])
    const source = auditFiles([one, two], { onNote: (note) => notes.push(note) })
    expect([await idsOf(read), await idsOf(source.records())]).toEqual([honest, honest])
    expect([honest.length, read.torn(), notes]).toEqual([
      4,
      1,
      [`${two}:3: the last line was cut short and is passed over`],
    ])
    const report = await verifyLedger({ files: [one, two] })
    expect([report.ok, report.records, report.torn]).toEqual([true, 4, 1])
  })

  it('is a fault in a file that is not the last', async () => {
    const [one, two] = twoFiles()
    appendFileSync(one, FORGED)
    const { ok, fault, records } = await verifyLedger({ files: [one, two] })
    expect([ok, records, fault?.kind, fault?.file, fault?.line]).toEqual([
      false,
      2,
      'not_a_record',
      one,
      3,
    ])
  })
})
