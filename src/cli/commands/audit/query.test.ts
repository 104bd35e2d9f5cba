import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { trailFolder } from '../../../audit/query/trail.fixture.ts'
import { audit, LEDGER } from './audit.fixture.ts'

describe('callgate audit query', () => {
  it('writes a table', async () => {
    expect(await audit('query audit.jsonl --user ada --effect allow')).toEqual({
      exit: 0,
      stderr: '',
      stdout: `\
SEQ     TIME                      KIND      STATUS     EFFECT    AGENT             RESOURCE                      REASON                MORE
1       2026-03-01T10:00:00.000Z  decision  pending    allow     support-bot       db.query                      allowed               user=ada id=dec_a
2       2026-03-01T10:00:00.250Z  outcome   success    allow     support-bot       db.query                      allowed               user=ada 250 ms id=dec_a
4       2026-03-01T11:00:00.000Z  decision  pending    allow     support-bot       mail.send                     allowed               user=ada id=dec_c
6       2026-03-01T11:00:01.000Z  outcome   failed     allow     support-bot       mail.send                     allowed               finding=secret_relay user=ada error=Error 1000 ms id=dec_c
7       2026-03-01T12:00:00.000Z  decision  pending    allow     support-bot       db.query                      allowed               user=ada id=dec_d
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

describe('callgate audit query --id', () => {
  it('gives both records of one call, and nothing else', async () => {
    const { stdout } = await audit('query audit.jsonl --id dec_c --format json')
    const found = JSON.parse(stdout).records.map(({ id, kind }: { id: string; kind: string }) => [
      id,
      kind,
    ])
    expect(found).toEqual([
      ['dec_c', 'decision'],
      ['dec_c', 'outcome'],
    ])
  })
})

describe('callgate audit stats', () => {
  it('counts the calls of one status alone, with all of their records', async () => {
    const { stdout } = await audit('stats audit.jsonl --status denied --format json')
    const { calls, statuses, denied_callers } = JSON.parse(stdout)
    expect([statuses, denied_callers.length > 0]).toEqual([[['denied', calls]], true])
  })

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

by user
  (none)  1

denied, by agent and user
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
