import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { jsonlSink } from '../../../audit/jsonl/jsonl-sink.ts'
import { recordWith, trailFolder } from '../../../audit/query/trail.fixture.ts'
import { audit, folderWithLedger, LEDGER } from './audit.fixture.ts'

describe('callgate audit prune', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const pems = {
    'key.pem': privateKey.export({ type: 'pkcs8', format: 'pem' }),
    'pub.pem': publicKey.export({ type: 'spki', format: 'pem' }),
  }

  it('leaves a signed ledger that verifies', async () => {
    const cwd = trailFolder({ 'audit.jsonl': LEDGER, ...pems })
    const pruned = await audit(
      'prune audit.jsonl --before 2026-03-01T11:00:00Z --out kept.jsonl --key key.pem',
      cwd,
    )
    expect([pruned.exit, pruned.stdout]).toEqual([
      0,
      expect.stringMatching(/kept\.jsonl: 3 records removed \(signed\), 4 kept\n$/),
    ])
    const verified = await audit('verify kept.jsonl --public-key pub.pem', cwd)
    expect([verified.exit, verified.stdout]).toEqual([
      0,
      expect.stringMatching(/3 records removed, signed\n {4}20.*Z: 3 records: retention\n/),
    ])
    expect(readFileSync(join(cwd, 'audit.jsonl'), 'utf8')).toBe(LEDGER)
  })

  it('is found out without a signature where one is asked for', async () => {
    const cwd = trailFolder({ 'audit.jsonl': LEDGER, ...pems })
    await audit('prune audit.jsonl --user ada --in-place', cwd)
    const { exit, stdout } = await audit('verify audit.jsonl --public-key pub.pem', cwd)
    expect([exit, stdout]).toEqual([1, expect.stringContaining('(tombstone)')])
  })

  it('leaves a ledger that does not verify alone, and names its first bad record', async () => {
    const bad = LEDGER.replace('rogue', 'vogue')
    for (const where of ['--in-place', '--out kept.jsonl']) {
      const cwd = trailFolder({ 'audit.jsonl': bad })
      const { exit, stderr } = await audit(`prune audit.jsonl --user ada ${where}`, cwd)
      const left = [
        readFileSync(join(cwd, 'audit.jsonl'), 'utf8') === bad,
        existsSync(join(cwd, 'kept.jsonl')),
      ]
      expect([exit, left]).toEqual([1, [true, false]])
      expect(stderr).toContain('audit.jsonl:3: seq 3, dec_b')
    }
  })

  it.each([
    ['--user ada --dry-run', /5 records to remove, 2 to keep; nothing was written\n$/],
    ['--user nobody --out kept.jsonl', /0 records to remove, 7 to keep; nothing was written\n$/],
  ])('writes nothing: %s', async (words, told) => {
    const cwd = folderWithLedger()
    const { exit, stdout } = await audit(`prune audit.jsonl ${words}`, cwd)
    expect([exit, stdout]).toEqual([0, expect.stringMatching(told)])
    expect(readdirSync(cwd)).toEqual(['audit.jsonl'])
  })

  it('takes a key of their own for lines of removed records', async () => {
    const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })
    const cwd = trailFolder({ 'audit.jsonl': LEDGER, ...pems, 'other.pem': other })
    await audit('prune audit.jsonl --user ada --in-place --key key.pem', cwd)
    const exits = []
    for (const keys of ['--public-key other.pem', '--public-key other.pem --tombstone-key pub.pem'])
      exits.push((await audit(`verify audit.jsonl ${keys}`, cwd)).exit)
    expect(exits).toEqual([1, 0])
  })

  it('does not replace a file that a sink writes, and the sink goes on from what is left', async () => {
    const cwd = folderWithLedger()
    const path = join(cwd, 'audit.jsonl')
    const first = jsonlSink({ path })
    await first.ready()
    const held = await audit('prune audit.jsonl --before 2027-01-01 --in-place', cwd)
    expect([held.exit, held.stderr]).toEqual([4, expect.stringContaining('ERR_AUDIT_UNAVAILABLE')])
    await first.close()
    expect((await audit('prune audit.jsonl --before 2027-01-01 --in-place', cwd)).exit).toBe(0)
    const second = jsonlSink({ path })
    await second.write([recordWith({ id: 'dec_e', seq: 1 })])
    await second.close()
    const { exit, stdout } = await audit('verify audit.jsonl', cwd)
    expect([exit, stdout]).toEqual([
      0,
      expect.stringMatching(/1 record, .*\n {2}7 records removed/),
    ])
  })
})
