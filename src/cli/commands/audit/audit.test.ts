import { spawn, spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { jsonlSink } from '../../../audit/jsonl/jsonl-sink.ts'
import {
  chained,
  linesOf,
  recordWith,
  SAMPLE,
  trailFolder,
} from '../../../audit/query/trail.fixture.ts'
import { run } from '../../run-main.fixture.ts'

const LEDGER = linesOf(SAMPLE)
const folderWithLedger = (): string => trailFolder({ 'audit.jsonl': LEDGER })
const last = SAMPLE.at(-1)?.hash

/** Runs `callgate audit` on a fresh folder with the sample. */
const audit = (words: string, cwd = folderWithLedger()) =>
  run(['audit', ...words.split(' ')], { cwd })

describe('callgate audit query', () => {
  it('writes a table', async () => {
    expect(await audit('query audit.jsonl --user ada --effect allow')).toEqual({
      exit: 0,
      stderr: '',
      stdout: `\
SEQ     TIME                      KIND      STATUS     EFFECT    AGENT             RESOURCE                      REASON                MORE
1       2026-03-01T10:00:00.000Z  decision  pending    allow     support-bot       db.query                      allowed               user=ada
2       2026-03-01T10:00:00.250Z  outcome   success    allow     support-bot       db.query                      allowed               user=ada 250 ms
4       2026-03-01T11:00:00.000Z  decision  pending    allow     support-bot       mail.send                     allowed               user=ada
6       2026-03-01T11:00:01.000Z  outcome   failed     allow     support-bot       mail.send                     allowed               finding=secret_relay user=ada error=Error 1000 ms
7       2026-03-01T12:00:00.000Z  decision  pending    allow     support-bot       db.query                      allowed               user=ada
`,
    })
  })

  it('joins the records of a call, and chooses by how it ended', async () => {
    const { stdout } = await audit(
      'query audit.jsonl --calls --status unknown --status failed --format json',
    )
    const { records } = JSON.parse(stdout)
    expect(records.map(({ id, status }: { id: string; status: string }) => [id, status])).toEqual([
      ['dec_c', 'failed'],
      ['dec_d', 'unknown'],
    ])
  })

  it('gives the very lines of the ledger as ndjson, also gzipped, and no more than asked for', async () => {
    const cwd = trailFolder({ 'a.jsonl.gz': gzipSync(LEDGER) })
    expect(await audit('query a.jsonl.gz --format ndjson', cwd)).toMatchObject({ stdout: LEDGER })
    const { stdout } = await audit('query a.jsonl.gz --format ndjson --limit 2', cwd)
    expect(stdout).toBe(LEDGER.split('\n').slice(0, 2).join('\n').concat('\n'))
  })

  it.each([
    ['--since 2026-03-01T12:00:00+01:00', '4 5 6 7'],
    ['--until 2026-03-01', ''],
    ['--since 9999w', '1 2 3 4 5 6 7'],
    ['--limit 0', ''],
  ])('takes %s', async (options, wanted) => {
    const { stdout } = await audit(`query audit.jsonl --format ndjson ${options}`)
    const seqs = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).seq)
    expect(seqs.join(' ')).toBe(wanted)
  })

  it.each([
    ['query audit.jsonl --since yesterday', 2, '`--since` is not a time'],
    ['query audit.jsonl --since 2026-02-31', 2, '`--since` is not a time'],
    ['query audit.jsonl --limit x', 2, '`--limit` is a number'],
    ['query audit.jsonl --reason bound', 2, '`--reason` does not know `bound`'],
    ['query audit.jsonl --calls --kind outcome', 2, 'do not go together'],
    ['query', 2, '`audit query` needs FILE|DIR'],
    ['query none.jsonl', 4, 'there is no such file'],
    ['query broken.jsonl', 4, 'broken.jsonl:2: not JSON'],
    ['tail audit.jsonl -n x', 2, '`--lines` is a number'],
    ['verify audit.jsonl --after x', 2, '`--after` is not a hash'],
    ['verify audit.jsonl --checkpoint empty.txt', 4, 'no checkpoint is in it'],
    ['verify audit.jsonl --checkpoint audit.jsonl', 4, 'audit.jsonl:1: not a checkpoint'],
    ['verify audit.jsonl --public-key empty.txt', 4, 'not a public Ed25519 key'],
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

  it('says that a last line was cut short', async () => {
    const { exit, stderr } = await audit(
      'query a.jsonl',
      trailFolder({ 'a.jsonl': `${LEDGER}{"sc` }),
    )
    expect([exit, stderr]).toEqual([
      0,
      expect.stringMatching(/^note: .*a\.jsonl:8: the last line was cut short/),
    ])
  })
})

describe('hostile records', () => {
  const evil = '\u001b[2J\u001b]0;x\u0007\u0000\u009b31m\u202e\u2028\ud800\n\r'
  const fields = { agent: evil, resource: evil, error: evil, id: evil, user_id: evil, gate: evil }
  const line = JSON.stringify(recordWith({ ...fields, kind: 'outcome', duration_ms: 1 }))
  const STEERING = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2028]/

  it.each(
    ['text', 'json', 'ndjson', 'csv']
      .map((format) => `query a.jsonl --format ${format}`)
      .concat(
        ['cef', 'leef', 'syslog', 'ocsf', 'ecs', 'cloudevents', 'csv'].map(
          (format) => `export a.jsonl --format ${format}`,
        ),
        [
          'stats a.jsonl',
          'stats a.jsonl --format json',
          'tail a.jsonl',
          'tail a.jsonl --format ndjson',
        ],
      ),
  )('do not steer the terminal: %s', async (words) => {
    const cwd = trailFolder({ 'a.jsonl': `${line}\n` })
    const argv = ['audit', ...words.split(' '), '--no-color']
    const { exit, stdout, stderr } = await run(argv, { cwd, isTTY: true })
    expect([exit, stderr, STEERING.test(stdout)]).toEqual([0, '', false])
    expect(stdout.length).toBeGreaterThan(10)
  })

  it('are the same JSON on a terminal as in a pipe', async () => {
    const cwd = trailFolder({ 'a.jsonl': `${line}\n` })
    const { stdout } = await run(['audit', 'query', 'a.jsonl', '-f', 'json'], { cwd, isTTY: true })
    expect(JSON.parse(stdout).records[0].agent).toBe(evil)
  })

  it('do not steer it by the name of a file or a fault either', async () => {
    const bad = linesOf(chained([recordWith({ id: evil.slice(0, 5) })])).replace(
      '"seq":1',
      '"seq":2',
    )
    const { stdout } = await run(['audit', 'verify', 'a.jsonl', '--no-color'], {
      cwd: trailFolder({ 'a.jsonl': bad }),
      isTTY: true,
    })
    expect([stdout.startsWith('not intact'), STEERING.test(stdout)]).toEqual([true, false])
  })
})

describe('callgate audit stats', () => {
  it('adds up', async () => {
    const { stdout } = await audit('stats audit.jsonl --format json')
    expect(JSON.parse(stdout)).toMatchObject({
      records: 7,
      calls: 4,
      effects: [
        ['allow', 3],
        ['deny', 1],
      ],
      denials_per_hour: [['2026-03-01T10:00Z', 1]],
      slowest: [
        { id: 'dec_c', duration_ms: 1000 },
        { id: 'dec_a', duration_ms: 250 },
      ],
      open: 1,
      open_ids: ['dec_d'],
    })
  })

  it('does not count as open what ended after the time looked at', async () => {
    const { stdout } = await audit(
      'stats audit.jsonl --until 2026-03-01T10:00:00.100Z --format json',
    )
    expect(JSON.parse(stdout)).toMatchObject({ records: 1, calls: 1, open: 0 })
  })

  it('writes a page for people', async () => {
    const { stdout } = await audit('stats audit.jsonl --agent rogue-agent')
    expect(stdout).toBe(`\
1 record, 1 call, 2026-03-01T10:30:00.000Z to 2026-03-01T10:30:00.000Z
0 open

by effect
  deny  1

by status
  denied  1

by reason
  no_binding  1

by gate
  rbac  1

by tool
  db.query  1

by agent
  rogue-agent  1

denials by hour, the latest
  2026-03-01T10:00Z  1
`)
  })
})

describe('callgate audit export', () => {
  it.each(['ocsf', 'ecs', 'cloudevents', 'ndjson'])(
    'writes one JSON object a record: %s',
    async (format) => {
      const { exit, stdout } = await audit(
        `export audit.jsonl --format ${format} --agent support-bot --host h`,
      )
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line) => typeof JSON.parse(line))
      expect([exit, lines]).toEqual([0, Array.from({ length: 5 }, () => 'object')])
    },
  )

  it.each([
    ['cef', 'CEF:0|'],
    ['leef', 'LEEF:2.0|'],
    ['syslog', '<'],
  ])('writes one line a record: %s', async (format, start) => {
    const { stdout } = await audit(`export audit.jsonl --format ${format}`)
    const lines = stdout.trimEnd().split('\n')
    expect([lines.length, lines.every((line) => line.startsWith(start))]).toEqual([7, true])
  })
})

describe('callgate audit verify', () => {
  it('says that a ledger is intact', async () => {
    const cwd = folderWithLedger()
    const path = join(cwd, 'audit.jsonl')
    expect(await audit('verify audit.jsonl', cwd)).toEqual({
      exit: 0,
      stdout: `intact: ${path}: 7 records, up to seq 7 ${last}\n`,
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
    expect([status, stdout]).toEqual([0, `intact: -: 7 records, up to seq 7 ${last}\n`])
  })
})

const require = createRequire(import.meta.url)
const CLI = fileURLToPath(new URL('../../../cli.ts', import.meta.url))
const program = (words: readonly string[]) => ({
  command: process.execPath,
  args: ['--import', require.resolve('tsx'), CLI, 'audit', ...words],
})

describe('callgate audit tail', () => {
  it('writes the last records', async () => {
    const { stdout } = await audit('tail audit.jsonl -n 2 --format ndjson')
    expect(stdout).toBe(`${LEDGER.trimEnd().split('\n').slice(-2).join('\n')}\n`)
  })

  it('follows over a rotation, says where records are missing, and ends on SIGINT', {
    timeout: 30_000,
  }, async () => {
    const path = join(trailFolder({ 'a.jsonl': linesOf(SAMPLE.slice(0, 2)) }), 'a.jsonl')
    const cli = program(['tail', '-f', path, '--format', 'ndjson'])
    const child = spawn(cli.command, cli.args)
    const written = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (text) => {
        written[name] += text
      })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    const seqs = () =>
      written.stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).seq)
    const limits = { timeout: 20_000 }
    await expect.poll(seqs, limits).toEqual([1, 2])
    appendFileSync(path, linesOf(SAMPLE.slice(2, 3)))
    renameSync(path, `${path}.1`)
    writeFileSync(path, linesOf(SAMPLE.slice(3, 4)))
    await expect.poll(seqs, limits).toEqual([1, 2, 3, 4])
    appendFileSync(path, `${linesOf(SAMPLE.slice(5, 6))}not a record\n`)
    await expect.poll(() => written.stderr.split('\n').length, limits).toBe(3)
    child.kill('SIGINT')
    expect([await ended, seqs()]).toEqual([0, [1, 2, 3, 4, 6]])
    expect(written.stderr).toMatch(/missing here\n.*passed over: not JSON\n$/)
  })
})

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
      expect.stringContaining('3 records removed, signed'),
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
