import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { linesOf, SAMPLE, trailFolder } from '../../../audit/query/trail.fixture.ts'
import { audit, folderWithLedger, LAST_HASH, LEDGER, program } from './audit.fixture.ts'

describe('callgate audit verify', () => {
  it('says that a ledger is intact', async () => {
    const cwd = folderWithLedger()
    const path = join(cwd, 'audit.jsonl')
    expect(await audit('verify audit.jsonl', cwd)).toEqual({
      exit: 0,
      stdout: `intact: ${path}: 7 records, up to seq 7 ${LAST_HASH}\n`,
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
    expect([status, stdout]).toEqual([0, `intact: -: 7 records, up to seq 7 ${LAST_HASH}\n`])
  })
})
