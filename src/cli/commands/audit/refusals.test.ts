import { describe, expect, it } from 'vitest'
import { trailFolder } from '../../../audit/query/trail.fixture.ts'
import { audit, LEDGER } from './audit.fixture.ts'

describe('callgate audit, asked for what cannot be done', () => {
  it.each([
    ['query audit.jsonl --since yesterday', 2, '`--since` is not a time'],
    ['query audit.jsonl --since 2026-02-31', 2, '`--since` is not a time'],
    ['query audit.jsonl --limit x', 2, '`--limit` is a number'],
    ['query audit.jsonl --reason bound', 2, '`--reason` does not know `bound`'],
    ['query audit.jsonl --calls --kind outcome', 2, 'do not go together'],
    ['query', 2, 'nothing says what to read'],
    ['prune', 2, '`audit prune` needs FILE|DIR'],
    ['query none.jsonl', 4, 'there is no such file'],
    ['query broken.jsonl', 4, 'broken.jsonl:2: not JSON'],
    ['tail audit.jsonl -n x', 2, '`--lines` is a number'],
    ['verify audit.jsonl --after x', 2, '`--after` is not a hash'],
    ['verify audit.jsonl --checkpoint empty.txt', 4, 'no checkpoint is in it'],
    ['verify audit.jsonl --checkpoint audit.jsonl', 4, 'audit.jsonl:1: not a checkpoint'],
    ['verify audit.jsonl --public-key empty.txt', 4, 'not a public Ed25519 key'],
    ['verify audit.jsonl --public-key a --public-key b', 2, '`--public-key` is given twice'],
    ['verify audit.jsonl --public-key empty.txt', 4, '`openssl pkey -pubout`'],
    ['prune audit.jsonl --before 1d', 2, 'either `--out FILE` or `--in-place`'],
    ['prune audit.jsonl --before 1d --in-place --out x', 2, 'either `--out FILE` or `--in-place`'],
    ['prune audit.jsonl --in-place', 2, 'which records are to go'],
    ['prune audit.jsonl --before 1d --out empty.txt', 4, 'it is there already'],
    ['prune - --before 1d --out x', 2, 'from files'],
  ])('%s: exit code %i, and what is wrong', async (words, exit, message) => {
    const cwd = trailFolder({
      'audit.jsonl': LEDGER,
      'broken.jsonl': `${LEDGER.split('\n')[0]}\n{\n`,
      'empty.txt': '',
    })
    const ran = await audit(words, cwd)
    expect([ran.exit, ran.stdout]).toEqual([exit, ''])
    expect(ran.stderr).toContain(message)
  })

  it('refuses a folder without a trail', async () => {
    const { exit, stderr } = await audit('query .', trailFolder({ 'notes.txt': '' }))
    expect([exit, stderr]).toEqual([4, expect.stringContaining('no file with `.jsonl`')])
  })
})
