import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../core/hash.ts'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { JsonObject } from '../../core/model/json.ts'
import { recordOf, recordsOf } from '../jsonl/records.fixture.ts'
import { cleanUp, scratchFolder } from '../jsonl/scratch.fixture.ts'
import { chainOf, pointOf } from './chain.fixture.ts'
import { type Checkpoint, createCheckpointSigner } from './checkpoint.ts'
import { seal } from './seal.ts'
import { type VerifyOptions, verifyLedger } from './verify-ledger.ts'

cleanUp()

const { lines, hashes } = chainOf(recordsOf(1_000))
const pointAt = (line: number): Checkpoint => pointOf(hashes, line)
const faultOf = async (given: readonly string[], options: VerifyOptions = {}) =>
  (await verifyLedger({ lines: given }, options)).fault
const changed = (line: number, change: (record: AuditRecord) => object): readonly string[] =>
  lines.map((text, index) =>
    index === line - 1
      ? canonicalJson(change(JSON.parse(text) as AuditRecord) as unknown as JsonObject)
      : text,
  )

describe('verifyLedger', () => {
  it('finds nothing wrong with what was sealed', async () => {
    expect(await verifyLedger({ lines }, { checkpoints: [pointAt(10), pointAt(1_000)] })).toEqual({
      ok: true,
      fault: undefined,
      records: 1_000,
      removed: 0,
      torn: 0,
      missing: 0,
      chains: 1,
      after: null,
      removals: [],
      checkpoints: {
        given: 2,
        signed: false,
        last: { seq: 1_000, hash: hashes[999], record: 1_000 },
        after: 0,
      },
      last: { seq: 1_000, hash: hashes[999] },
    })
    expect(await verifyLedger({ lines: [] })).toMatchObject({ ok: true, records: 0 })
  })

  it.each<[string, readonly string[], string, number, number | null]>([
    ['a line that is not JSON', lines.with(6, '{'), 'not_json', 7, null],
    ['a line that is no record', lines.with(6, '[]'), 'not_a_record', 7, null],
    [
      'a blank after a colon',
      lines.with(6, (lines[6] ?? '').replace(':', ': ')),
      'not_canonical',
      7,
      7,
    ],
    [
      'a name twice',
      lines.with(6, (lines[6] ?? '').replace('{', '{"act_chain":[],')),
      'not_canonical',
      7,
      7,
    ],
    ['a changed field', changed(7, (record) => ({ ...record, agent: 'other' })), 'hash', 7, 7],
    ['a field more', changed(7, (record) => ({ ...record, zero: 0 })), 'hash', 7, 7],
    [
      'a hash made for the change',
      lines.with(6, seal(recordOf(7, { agent: 'x' }), hashes[5] ?? null).line),
      'prev',
      8,
      8,
    ],
    ['a record taken out', lines.toSpliced(6, 1), 'prev', 7, 8],
    ['the first taken out', lines.slice(1), 'prev', 1, 2],
    ['a record twice', lines.toSpliced(6, 0, lines[6] ?? ''), 'prev', 8, 7],
    ['two in the other order', lines.with(6, lines[7] ?? '').with(7, lines[6] ?? ''), 'prev', 7, 8],
  ])('names %s (U09)', async (_what, given, kind, line, seq) => {
    expect(await faultOf(given)).toMatchObject({
      kind,
      line,
      seq,
      id: seq === null ? null : `id-${seq}`,
    })
  })

  it('sees a tail that was cut off by a checkpoint (U09)', async () => {
    expect(await faultOf(lines.slice(0, 900))).toBeUndefined()
    const fault = await faultOf(lines.slice(0, 900), { checkpoints: [pointAt(500), pointAt(950)] })
    expect(fault).toMatchObject({ kind: 'cut', line: 900, seq: 900, id: 'id-900' })
  })

  it('sees a chain that was made anew by a checkpoint, and a number that is missing', async () => {
    const without = chainOf(recordsOf(10).toSpliced(4, 1)).lines
    expect(await faultOf(without)).toMatchObject({ kind: 'seq_gap', line: 5, seq: 6 })
    expect(await verifyLedger({ lines: without }, { allowGaps: true })).toMatchObject({
      ok: true,
      missing: 1,
    })
    expect(await faultOf(without, { allowGaps: true, checkpoints: [pointAt(10)] })).toMatchObject({
      kind: 'cut',
    })
  })

  it('follows engines that write one ledger, together and one after the other', async () => {
    const together = [1, 2, 1, 3, 2, 4, 1, 5, 3].map((seq) => recordOf(seq))
    expect(await faultOf(chainOf(together).lines)).toBeUndefined()
    const gap = [1, 2, 1, 3, 5].map((seq) => recordOf(seq))
    expect(await faultOf(chainOf(gap).lines)).toMatchObject({ kind: 'seq_gap', line: 5 })
  })

  it('begins in the middle where somebody vouches for what is before', async () => {
    const rest = lines.slice(500)
    expect(await faultOf(rest)).toMatchObject({ kind: 'prev', line: 1 })
    expect(await faultOf(rest, { after: hashes[499] ?? '' })).toBeUndefined()
    const checkpoints = [pointAt(100), pointAt(500), pointAt(1_000)]
    expect(await faultOf(rest, { checkpoints, fromCheckpoint: true })).toBeUndefined()
    expect(await faultOf(rest.slice(0, -1), { checkpoints, fromCheckpoint: true })).toMatchObject({
      kind: 'cut',
    })
  })

  it('trusts checkpoints only as their signature says', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const sign = createCheckpointSigner(privateKey)
    const checkpoints = [sign(pointAt(10))]
    expect(await faultOf(lines, { checkpoints, publicKey })).toBeUndefined()
    for (const forged of [
      pointAt(10),
      { ...sign(pointAt(10)), seq: 11 },
      { ...pointAt(10), signature: 'AA==' },
    ])
      expect(await faultOf(lines, { checkpoints: [forged], publicKey })).toMatchObject({
        kind: 'checkpoint_signature',
      })
    expect(await faultOf(lines, { checkpoints: [{ ...pointAt(10), seq: 9 }] })).toMatchObject({
      kind: 'checkpoint',
      line: 10,
    })
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey
    expect(() => createCheckpointSigner(rsa)).toThrow(/Ed25519/)
  })

  it('reads files in order, and counts a last line that was cut short', async () => {
    const folder = scratchFolder()
    const [one, two] = [join(folder, '1.jsonl'), join(folder, 'audit.jsonl')]
    writeFileSync(
      one,
      lines
        .slice(0, 400)
        .map((line) => `${line}\n`)
        .join(''),
    )
    writeFileSync(two, `${lines.slice(400).join('\n')}\n{"half`)
    expect(await verifyLedger({ files: [one, two] })).toMatchObject({
      ok: true,
      records: 1_000,
      torn: 1,
    })
    expect((await verifyLedger({ files: [two, one] })).fault).toMatchObject({ file: two, line: 1 })
    await expect(verifyLedger({ files: [join(folder, 'none')] })).rejects.toMatchObject({
      code: 'ERR_AUDIT_INVALID',
    })
  })

  it('names a line that is blank or no UTF-8 text', async () => {
    const path = join(scratchFolder(), 'audit.jsonl')
    const [one = '', two = ''] = lines
    writeFileSync(path, `${one}\n\n${two}\n`)
    expect((await verifyLedger({ files: [path] })).fault).toMatchObject({
      kind: 'not_json',
      line: 2,
    })
    writeFileSync(path, Buffer.concat([Buffer.from(`${one}\n`), Buffer.from([0x22, 0xff, 0x0a])]))
    expect((await verifyLedger({ files: [path] })).fault).toMatchObject({
      kind: 'not_utf8',
      line: 2,
    })
  })
})
