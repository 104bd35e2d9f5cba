import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { seal } from '../../audit/ledger/seal.ts'
import { memorySink } from '../../audit/memory.ts'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { parsePolicy } from '../../core/policy/parse.ts'
import { createPolicyEngine } from '../../engine/create-policy-engine.ts'
import { folderWith, run } from '../run-main.fixture.ts'

const POLICY = `
redaction: { on: [record] }
servers: [db]
roles:
  - name: reader
    rules:
      - { name: Read, resources: [db.read], verbs: [invoke] }
      - { name: Own, resources: [db.find], verbs: [invoke], constraints: { one_of: { field: t, allow: [a] } } }
bindings:
  - { agent: bot, roles: [reader] }
`
const CLOSED = POLICY.replace('[db.read]', '[db.other]')

/** The trail of two reads, two finds and one call that nobody allows. */
async function recordsUnder(policy: string): Promise<readonly AuditRecord[]> {
  const sink = memorySink()
  const engine = createPolicyEngine({
    policy: parsePolicy(policy),
    audit: [sink],
    onDiagnostic: () => {},
    clock: { now: () => Date.UTC(2026, 0, 1) },
    randomId: (
      (count) => () =>
        `d${++count}`
    )(0),
  })
  const asked = [
    ['db.read', {}],
    ['db.find', { t: 'a' }],
    ['db.find', { t: 'b' }],
    ['db.drop', {}],
    ['db.read', { n: 2 }],
  ] as const
  for (const [resource, args] of asked) {
    const subject = { agent: 'bot' }
    const ticket = await engine.begin({ session: 's', subject, resource, arguments: args })
    await ticket.finish({ ok: true, value: 1 })
  }
  await engine.close()
  return sink.records()
}

function linesOf(records: readonly AuditRecord[]): string {
  let prev: string | null = null
  const lines = records.map((record) => {
    const sealed = seal(record, prev)
    prev = sealed.hash
    return `${sealed.line}\n`
  })
  return lines.join('')
}

async function folder(records?: readonly AuditRecord[]): Promise<string> {
  const trail = linesOf(records ?? (await recordsUnder(POLICY)))
  return folderWith({
    'audit.jsonl': trail,
    'packed.jsonl.gz': gzipSync(trail),
    'policy.yaml': POLICY,
    'closed.yaml': CLOSED,
  })
}

async function replay(line: string, cwd: string) {
  return run(['replay', ...line.split(' ')], { cwd })
}

describe('replay --from, under another policy', () => {
  it('shows each call that would be decided otherwise, and counts them by who, what and rule', async () => {
    const { exit, stdout } = await replay('--from audit.jsonl --policy closed.yaml', await folder())
    expect({ exit, stdout }).toEqual({
      exit: 1,
      stdout: `loaded RBAC policy: 1 role, 1 binding

d1  2026-01-01T00:00:00.000Z  agent=bot tool=db.read  allow -> deny no_matching_rule
d5  2026-01-01T00:00:00.000Z  agent=bot tool=db.read  allow -> deny no_matching_rule

     2  agent=bot tool=db.read  allow -> deny no_matching_rule  rule=reader[0] "Read"

5 decisions: 2 would be decided otherwise, 0 cannot be told
`,
    })
  })

  it('answers 0 where nothing would change, and with --exit-zero', async () => {
    const cwd = await folder()
    const exits = await Promise.all(
      ['policy.yaml', 'closed.yaml --exit-zero'].map((policy) =>
        replay(`--from audit.jsonl --policy ${policy}`, cwd),
      ),
    )
    expect(exits.map(({ exit }) => exit)).toEqual([0, 0])
  })

  it('reads several files, packed ones too, as one trail', async () => {
    const line = '--from packed.jsonl.gz --policy closed.yaml --format json audit.jsonl'
    const said = JSON.parse((await replay(line, await folder())).stdout)
    expect([said.decisions, said.flips.length, said.groups[0].count]).toEqual([10, 4, 4])
  })

  it.each([
    ['ndjson', /^\{"id":"d1","seq":1,.*"now":\{"effect":"deny","reason":"no_matching_rule"/],
    ['md', /\n\| 2 \| bot \| db.read \| allow allowed \| deny no\\_matching\\_rule \|/],
    [
      'github',
      /^::warning title=callgate replay --from::2 x agent bot tool db.read: allow -> deny/,
    ],
  ])('writes %s', async (format, wanted) => {
    const line = `--from audit.jsonl --policy closed.yaml --format ${format}`
    expect((await replay(line, await folder())).stdout).toMatch(wanted)
  })
})

describe('replay --from --verify', () => {
  it('finds every decision of the policy the same', async () => {
    const { exit, stdout } = await replay(
      '--from audit.jsonl --policy policy.yaml --verify',
      await folder(),
    )
    expect({ exit, stdout }).toEqual({
      exit: 0,
      stdout:
        'loaded RBAC policy: 1 role, 1 binding\n\n5 decisions: 5 same, 0 differ, 0 cannot be told\n',
    })
  })

  it('names the decision that was changed, with what follows from the policy', async () => {
    const records = await recordsUnder(POLICY)
    const cwd = await folder(
      records.map((record) =>
        record.id === 'd4'
          ? { ...record, effect: 'allow', reason: 'allowed', status: 'pending' }
          : record,
      ),
    )
    expect((await run(['audit', 'verify', 'audit.jsonl'], { cwd })).exit).toBe(0)
    const { exit, stdout } = await replay('--from audit.jsonl -p policy.yaml --verify', cwd)
    expect(exit).toBe(1)
    expect(stdout).toContain(`✗ d4  2026-01-01T00:00:00.000Z  agent=bot tool=db.drop
    recorded: allow allowed gate=rbac
    derived:  deny no_matching_rule gate=rbac
`)
    expect(stdout).toContain('5 decisions: 4 same, 1 differs, 0 cannot be told')
  })

  it('says what is missing where it cannot tell', async () => {
    const quiet = POLICY.replace('redaction: { on: [record] }', '')
    const cwd = folderWith({
      'audit.jsonl': linesOf(await recordsUnder(quiet)),
      'policy.yaml': quiet,
    })
    const { exit, stdout } = await replay('--from audit.jsonl -p policy.yaml --verify', cwd)
    expect(exit).toBe(0)
    expect(stdout).toContain('5 decisions: 3 same, 0 differ, 2 cannot be told')
    expect(stdout).toContain('2  arguments_not_recorded: the policy had its arguments not recorded')
  })

  it('proves nothing where no decision is of the policy', async () => {
    const line = '--from audit.jsonl --policy closed.yaml --verify'
    const { exit, stdout } = await replay(line, await folder())
    expect(exit).toBe(1)
    expect(stdout).toContain('nothing is proven')
  })

  it.each([
    ['json', /"verify":true,"decisions":5,"same":5,.*"differing":\[\]/],
    ['ndjson', /^(?:\{.*"answer":"same".*\}\n){5}$/],
    ['md', /^\| Decision \| Time \|.*\n.*\n$/],
    ['github', /^$/],
  ])('writes %s', async (format, wanted) => {
    const line = `--from audit.jsonl --policy policy.yaml --verify --format ${format}`
    expect((await replay(line, await folder())).stdout).toMatch(wanted)
  })
})

describe('replay', () => {
  it.each([
    '',
    '--verify --policy policy.yaml',
    '--from audit.jsonl --policy policy.yaml --observe',
    '--from audit.jsonl --policy policy.yaml --agent bot',
    '--from audit.jsonl --policy policy.yaml --format junit',
    '--from audit.jsonl',
  ])('refuses a line that makes no sense: `%s`', async (line) => {
    const argv = line === '' ? [] : line.split(' ')
    expect((await run(['replay', ...argv], { cwd: await folder() })).exit).toBe(2)
  })
})
