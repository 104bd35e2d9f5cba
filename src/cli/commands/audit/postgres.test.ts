import { spawn } from 'node:child_process'
import fc from 'fast-check'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { postgresSink } from '../../../audit/postgres/postgres-sink.ts'
import { SAMPLE, trailFolder } from '../../../audit/query/trail.fixture.ts'
import { withPostgres } from '../../../testing/services/with-services.fixture.ts'
import { run } from '../../run-main.fixture.ts'
import { audit, folderWithLedger, LAST_HASH, LEDGER, program } from './audit.fixture.ts'

await withPostgres('callgate audit over PostgreSQL', (db) => {
  // The sample has no actor, effect or reason where no call is decided; the table asks for no more.
  const RECORDS = SAMPLE.map((record) =>
    record.kind === 'policy' ? { ...record, policy_digest: 'sha256:0' } : record,
  )
  let table = ''
  let cwd = ''
  beforeAll(async () => {
    table = `${db.schema}.sample`
    const sink = postgresSink({ client: db.pool, table })
    await sink.write(RECORDS)
    const { rows } = await db.pool.query<{ line: string }>(
      `select line from ${table} order by position`,
    )
    cwd = trailFolder({ 'audit.jsonl': rows.map(({ line }) => `${line}\n`).join('') })
  }, 60_000)
  const overTable = (words: string, more: { readonly table?: string } = {}) =>
    run(['audit', ...words.split(' '), '--postgres', db.url, '--table', more.table ?? table])
  const overFile = (words: string) => {
    const [command = '', ...options] = words.split(' ')
    return audit([command, 'audit.jsonl', ...options].join(' '), cwd)
  }

  it.each([
    ...['text', 'json', 'ndjson', 'csv'].flatMap((format) => [
      `query --format ${format}`,
      `query --format ${format} --calls`,
      `query --format ${format} --limit 2`,
    ]),
    ...['ndjson', 'csv', 'ocsf', 'ecs', 'cef', 'leef', 'syslog', 'cloudevents'].map(
      (format) => `export --format ${format} --source urn:a --host b`,
    ),
    ...['stats', 'stats --format json', 'tail', 'tail -n 3 --format ndjson', 'tail -n 0'],
  ])('writes what it writes over a file: %s', async (words) => {
    const [one, other] = [await overTable(words), await overFile(words)]

    expect(one).toEqual(other)
    expect([one.exit, one.stdout === '']).toEqual([0, false])
  })

  it('does so whatever is asked for', async () => {
    const choices = [
      ...['--user ada', '--agent support-bot', '--agent rogue-agent', '--tool query'],
      ...['--tool mail.send', '--server db', '--session ses_1', '--effect deny', '--gate rbac'],
      ...['--reason allowed', '--reason no_binding', '--finding secret_relay'],
      ...['--since 2026-03-01T10:30:00Z', '--until 2026-03-01T11:00:00.500Z'],
    ]
    const words = fc
      .tuple(
        fc.constantFrom(
          'query -f ndjson',
          'query -f csv --calls',
          'export -f ocsf',
          'stats -f json',
        ),
        fc.subarray(choices, { maxLength: 3 }),
      )
      .map(([command, options]) => [command, ...options].join(' '))
    await fc.assert(
      fc.asyncProperty(words, async (asked) => {
        expect(await overTable(asked)).toEqual(await overFile(asked))
      }),
      { numRuns: 40 },
    )
  })

  it('verifies each chain, and names the first bad record', async () => {
    const bad = `${db.schema}.bad`
    for (const chain of ['good', 'worse'])
      await postgresSink({ client: db.pool, table: bad, chain }).write(RECORDS)
    await db.pool.query(`delete from ${bad} where chain = 'worse' and position = 7`)

    const text = await overTable('verify', { table: bad })
    const json = await overTable('verify --chain worse --format json', { table: bad })

    expect([text.exit, text.stdout]).toEqual([
      1,
      `intact: ${bad} good: 7 records, up to seq 7 ${await lastHash()}
  no checkpoints: whoever can write all of it could have cut its end off, or made it anew
not intact: ${bad} worse:6: seq 6: writers have left the chain at position 7: what follows this one is gone (cut)
  good before it: 6 records
  no checkpoints: whoever can write all of it could have cut its end off, or made it anew
`,
    ])
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      ledgers: [{ chain: 'worse', records: 6, first_bad: { kind: 'cut', line: 6 } }],
    })
  })
  it('does not take a table that was emptied for intact', async () => {
    const emptied = `${db.schema}.emptied`
    await postgresSink({ client: db.pool, table: emptied }).write(RECORDS)
    await db.pool.query(`truncate ${emptied}, ${emptied}_chains`)

    const text = await overTable('verify', { table: emptied })
    const json = await overTable('verify --format json', { table: emptied })

    expect([text.exit, text.stdout]).toEqual([
      1,
      'not intact: there is no ledger: nothing was written, or all of it is gone\n',
    ])
    expect([json.exit, JSON.parse(json.stdout)]).toEqual([1, { schema: 1, ok: false, ledgers: [] }])
  })
  const lastHash = async (): Promise<string> => {
    const { rows } = await db.pool.query(`select hash from ${table} where position = 7`)
    return rows[0]?.hash
  }

  it('takes the address from the environment where nothing is named', async () => {
    const env = { CALLGATE_POSTGRES_URL: db.url }
    const named = await run(['audit', 'verify', '--table', table], { env })
    const file = await run(['audit', 'verify', 'audit.jsonl'], { env, cwd: folderWithLedger() })

    expect([named.exit, named.stdout]).toEqual([0, expect.stringContaining(`${table} main: 7`)])
    expect(file.stdout).toContain(`audit.jsonl: 7 records, up to seq 7 ${LAST_HASH}`)
  })

  it('follows a chain, and ends on SIGINT', { timeout: 60_000 }, async () => {
    const followed = `${db.schema}.followed`
    const sink = postgresSink({ client: db.pool, table: followed })
    await sink.write(RECORDS.slice(0, 3))
    const words = ['tail', '--follow', '-n', '2', '--format', 'ndjson', '--table', followed]
    const { command, args } = program(words)
    const child = spawn(command, args, {
      env: { ...process.env, CALLGATE_POSTGRES_URL: db.url },
    })
    let stdout = ''
    child.stdout.on('data', (text) => {
      stdout += text
    })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    const seqs = () =>
      stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).seq)
    await expect.poll(seqs, { timeout: 30_000 }).toEqual([2, 3])
    await sink.write(RECORDS.slice(3, 5))
    await expect.poll(seqs, { timeout: 30_000 }).toEqual([2, 3, 4, 5])
    child.kill('SIGINT')

    expect(await ended).toBe(0)
  })

  it.each([
    ['query', 'nowhere', 'it is not there: name it by `--table`'],
    ['query --chain other', 'sample', 'it has no chain `other`'],
  ])('says what is wrong: %s of %s', async (words, name, message) => {
    const { exit, stderr } = await overTable(words, { table: `${db.schema}.${name}` })

    expect([exit, stderr]).toEqual([4, expect.stringContaining(message)])
  })
})

describe('callgate audit, given an address', () => {
  const SECRET = 'do-not-tell'

  it.each<[string, number, string]>([
    [`postgres://u:${SECRET}@127.0.0.1:1/none`, 4, 'PostgreSQL cannot be reached: `ECONNREFUSED`'],
    [`postgres://u:${SECRET}@127.0.0.1:99999/none`, 2, 'not an address of PostgreSQL'],
    [`mysql://u:${SECRET}@127.0.0.1/none`, 2, 'not an address of PostgreSQL'],
  ])('never tells its password: %s', async (url, exit, message) => {
    for (const settings of [
      { argv: ['--postgres', url] },
      { env: { CALLGATE_POSTGRES_URL: url } },
    ]) {
      const ran = await run(['audit', 'query', '-f', 'json', ...(settings.argv ?? [])], {
        env: { DEBUG: '1', ...settings.env },
      })
      expect([ran.exit, ran.stderr]).toEqual([exit, expect.stringContaining(message)])
      expect(ran.stdout + ran.stderr).not.toContain(SECRET)
    }
  })

  it.each([
    ['query audit.jsonl --postgres postgres://h/d', '`--postgres` and files do not go together'],
    ['stats audit.jsonl --chain a', '`--chain` and files do not go together'],
    ['tail', 'nothing says what to read'],
  ])('wants it to be plain what to read: %s', async (words, message) => {
    const { exit, stderr } = await audit(words, trailFolder({ 'audit.jsonl': LEDGER }))

    expect([exit, stderr]).toEqual([2, expect.stringContaining(message)])
  })

  afterEach(() => {
    vi.doUnmock('pg')
    vi.resetModules()
  })

  it('says what to install where the package is not there', async () => {
    vi.resetModules()
    vi.doMock('pg', () => {
      throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
    })
    const { openPostgres } = await import('./open-postgres.ts')

    await expect(openPostgres('postgres://127.0.0.1/none')).rejects.toMatchObject({
      code: 'ERR_PACKAGE_UNAVAILABLE',
      message: expect.stringContaining('`npm install pg`'),
    })
  })
})
