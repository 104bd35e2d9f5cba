import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type Checkpoint, createCheckpointSigner } from '../../../audit/ledger/checkpoint.ts'
import { linesOf, SAMPLE, trailFolder } from '../../../audit/query/trail.fixture.ts'
import { audit, folderWithLedger, LAST_HASH, LEDGER, program } from './audit.fixture.ts'

const UNSEEN =
  '  no checkpoints: whoever can write all of it could have cut its end off, or made it anew\n'

describe('callgate audit verify', () => {
  it('says that a ledger is intact', async () => {
    const cwd = folderWithLedger()
    const path = join(cwd, 'audit.jsonl')
    expect(await audit('verify audit.jsonl', cwd)).toEqual({
      exit: 0,
      stdout: `intact: ${path}: 7 records, up to seq 7 ${LAST_HASH}\n${UNSEEN}`,
      stderr: '',
    })
  })

  it.each<[string, (lines: string[]) => void, RegExp]>([
    [
      'changed',
      (lines) => lines.splice(2, 1, lines[2]?.replace('rogue', 'vogue') ?? ''),
      /:3: seq 3, dec_b: .*\(hash\)/,
    ],
    ['taken out', (lines) => lines.splice(2, 1), /:3: seq 4, dec_c: .*\(prev\)/],
    [
      'moved',
      (lines) => lines.splice(2, 2, lines[3] ?? '', lines[2] ?? ''),
      /:3: seq 4, dec_c: .*\(prev\)/,
    ],
    ['put in twice', (lines) => lines.splice(2, 0, lines[2] ?? ''), /:4: seq 3, dec_b: .*\(prev\)/],
    ['made unreadable', (lines) => lines.splice(2, 1, '{'), /:3: .*\(not_json\)/],
  ])('names a record that was %s', async (_name, change, wanted) => {
    const lines = LEDGER.split('\n')
    change(lines)
    const cwd = trailFolder({ 'audit.jsonl': lines.join('\n') })
    const { exit, stdout } = await audit('verify audit.jsonl', cwd)
    expect([exit, stdout]).toEqual([1, expect.stringMatching(wanted)])
    const json = JSON.parse((await audit('verify audit.jsonl --format json', cwd)).stdout)
    expect([json.ok, json.ledgers[0].first_bad.line]).toEqual([
      false,
      Number(/:(\d)/.exec(stdout)?.[1]),
    ])
  })

  it('follows a ledger over rotated and gzipped files, and misses one between', async () => {
    const [one, two, three] = [SAMPLE.slice(0, 2), SAMPLE.slice(2, 4), SAMPLE.slice(4)].map(linesOf)
    const name = (number: number) => `audit.00000${number}-20260301T100000Z-1.jsonl`
    const all = {
      'audit.jsonl': three ?? '',
      [name(1)]: one ?? '',
      [`${name(2)}.gz`]: gzipSync(two ?? ''),
    }
    const { [`${name(2)}.gz`]: _, ...gap } = all
    const exits = [
      await audit('verify .', trailFolder(all)),
      await audit('verify .', trailFolder(gap)),
    ]
    expect(exits.map(({ exit }) => exit)).toEqual([0, 1])
  })

  it('reads standard input', () => {
    const cli = program(['verify', '-'])
    const { status, stdout } = spawnSync(cli.command, cli.args, { input: LEDGER, encoding: 'utf8' })
    expect([status, stdout]).toEqual([
      0,
      `intact: -: 7 records, up to seq 7 ${LAST_HASH}\n${UNSEEN}`,
    ])
  })

  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const pem = publicKey.export({ type: 'spki', format: 'pem' })
  const sign = createCheckpointSigner(privateKey)
  const checkpoints = [2, 5]
    .map((line): Checkpoint => {
      const { seq = 0, hash, ts = '' } = SAMPLE[line - 1] ?? {}
      return { schema: 1, seq, hash: hash ?? '', count: line, ts, file: 'audit.jsonl' }
    })
    .map((point) => `${JSON.stringify(sign(point))}\n`)
    .join('')
  const folderWith = (ledger: string): string =>
    trailFolder({ 'audit.jsonl': ledger, 'points.jsonl': checkpoints, 'pub.pem': pem })

  it.each([
    [
      '',
      '  2 checkpoints, signatures not looked at (--public-key), the last at record 5 (seq 5); 2 records after it\n',
    ],
    [
      ' --public-key pub.pem',
      '  2 checkpoints, signed, the last at record 5 (seq 5); 2 records after it\n',
    ],
  ])('says what checkpoints have shown%s', async (more, note) => {
    const cwd = folderWith(LEDGER)
    const words = `verify audit.jsonl --checkpoint points.jsonl${more}`
    const { exit, stdout } = await audit(words, cwd)
    const json = JSON.parse((await audit(`${words} --format json`, cwd)).stdout)
    expect([exit, stdout.endsWith(note)]).toEqual([0, true])
    expect(json.ledgers[0].checkpoints).toMatchObject({ given: 2, signed: more !== '', after: 2 })
  })

  it('takes a ledger whose head was cut off at a checkpoint only when it is told to', async () => {
    const cwd = folderWith(LEDGER.split('\n').slice(2).join('\n'))
    const words = 'verify audit.jsonl --checkpoint points.jsonl'
    const [untold, told] = [await audit(words, cwd), await audit(`${words} --from-checkpoint`, cwd)]
    expect([untold.exit, untold.stdout]).toEqual([1, expect.stringContaining('(head_cut)')])
    expect([told.exit, told.stdout]).toEqual([
      0,
      expect.stringContaining(`older records are not here: it begins after ${SAMPLE[1]?.hash}`),
    ])
  })

  it('names the file that was emptied', async () => {
    const cwd = folderWith('')
    const { exit, stdout } = await audit('verify audit.jsonl --checkpoint points.jsonl', cwd)
    expect([exit, stdout]).toEqual([
      1,
      expect.stringContaining(`not intact: ${join(cwd, 'audit.jsonl')}: no record is there`),
    ])
  })
})
