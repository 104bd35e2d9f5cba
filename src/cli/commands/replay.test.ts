import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { DEMO_POLICY_FILE, FIXTURES, folderWith, run, trace } from '../run-main.fixture.ts'

const GOLDEN = join(FIXTURES, 'golden')
const TRACES = readdirSync(join(FIXTURES, 'traces')).sort()

/** Compares with a file of the tree; writes it only where UPDATE_GOLDEN=1 says so. */
function expectGolden(name: string, text: string): void {
  const file = join(GOLDEN, name)
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text)
  expect(existsSync(file), `${name} is missing: run with UPDATE_GOLDEN=1`).toBe(true)
  expect(text).toBe(readFileSync(file, 'utf8'))
}

describe('replay of the fixtures', () => {
  it.each(TRACES)('reports %s as its golden files have it', async (name) => {
    const argv = ['replay', trace(name), '--policy', DEMO_POLICY_FILE]
    const stem = name.replace(/\.jsonl?$/, '')
    expectGolden(`${stem}.txt`, (await run(argv)).stdout)
    expectGolden(`${stem}.ndjson`, (await run([...argv, '--format', 'ndjson'])).stdout)
  })

  it.each(TRACES)('shows no secret of %s in any format', async (name) => {
    for (const format of ['text', 'json', 'ndjson', 'junit', 'tap', 'github', 'md']) {
      const argv = ['replay', trace(name), '--policy', DEMO_POLICY_FILE, '--format', format]
      const { stdout, stderr } = await run(argv)
      expect(stdout + stderr).not.toContain('sk-live')
    }
  })
})

describe('replay', () => {
  const session = (id: string): string =>
    JSON.stringify({
      id,
      events: [{ seq: 1, direction: 'request', tool: 'support.read_ticket', payload: {} }],
    })

  it('gives the pinned JSON for one session', async () => {
    const argv = ['replay', trace('rbac_demo_allow.json'), '--policy', DEMO_POLICY_FILE]
    const report = JSON.parse((await run([...argv, '--format', 'json'])).stdout)
    expect(Object.keys(report).sort()).toEqual(
      'schema policy_digest session name events analysed allowed denied decisions edges findings risk disposition stopped_at asked_at'
        .split(' ')
        .sort(),
    )
    expect(report).toMatchObject({
      schema: 1,
      session: 'sess_rbac_allow_001',
      name: 'rbac_demo_allow',
      events: 5,
      analysed: 5,
      allowed: 3,
      denied: 0,
      risk: 0,
      disposition: 'allow',
      stopped_at: null,
      asked_at: null,
    })
    expect(report.decisions[0]).toMatchObject({
      seq: 1,
      agent: 'support-bot',
      resource: 'support.read_ticket',
      verb: 'invoke',
      effect: 'allow',
      reason: 'allowed',
      gate: 'rbac',
      rule: { role: 'support-agent', name: 'Tickets', index: 0 },
      constraint: null,
    })
  })

  it('gives one line of JSON a session, in the order of the file', async () => {
    const cwd = folderWith({ 's.jsonl': `${session('a')}\n\n${session('b')}\n` })
    const { exit, stdout } = await run(['replay', 's.jsonl', '-f', 'ndjson'], { cwd })
    const sessions = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).session)
    expect({ exit, sessions }).toEqual({ exit: 0, sessions: ['a', 'b'] })
  })

  it('reads gzip and folders', async () => {
    const cwd = folderWith({
      'b.jsonl.gz': gzipSync(session('b')),
      'a.json': session('a'),
      'notes.md': 'not a session',
    })
    const { stdout } = await run(['replay', '.', '-f', 'json'], { cwd })
    expect(JSON.parse(stdout).sessions.map((one: { session: string }) => one.session)).toEqual([
      'a',
      'b',
    ])
  })

  it('names the agent of events that name none with --agent', async () => {
    const cwd = folderWith({ 's.json': session('a') })
    const argv = ['replay', 's.json', '-p', DEMO_POLICY_FILE, '-f', 'json']
    const reasonOf = async (...more: string[]) =>
      JSON.parse((await run([...argv, ...more], { cwd })).stdout).decisions[0].reason
    expect([await reasonOf(), await reasonOf('--agent', 'support-bot')]).toEqual([
      'no_principal',
      'allowed',
    ])
  })

  it('says that without a policy only the behavioral layer is judged', async () => {
    const { exit, stdout } = await run(['replay', trace('rbac_demo_no_binding.json')])
    expect(exit).toBe(0)
    expect(stdout).toContain('only the behavioral layer is judged')
    expect(stdout).toContain('RBAC: not judged')
    expect(stdout).toContain('SESSION ALLOWED')
  })

  it('shows no control character of a trace', async () => {
    const cwd = folderWith({
      's.json': JSON.stringify({
        id: 'a\u001b[2J',
        agent: 'b\u202e',
        events: [{ direction: 'request', tool: 'c\u0007', payload: {} }],
      }),
    })
    const { stdout } = await run(['replay', 's.json', '-p', DEMO_POLICY_FILE], { cwd })
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
  })

  it.each([
    [
      'junit',
      /<testcase classname="rbac_demo_sql_blocked" .*\n\s*<failure type="constraint_violation"/,
    ],
    ['tap', /^TAP version 14\n1\.\.1\nnot ok 1 - rbac_demo_sql_blocked: sess_rbac_sql_001\n/],
    ['github', /^::error title=callgate constraint_violation::rbac_demo_sql_blocked: event 3: /],
    ['md', /\| rbac\\_demo\\_sql\\_blocked \| 3 \| 1 \| 1 \| 0 \| 3 \| - \| allow \|/],
  ])('writes %s', async (format, wanted) => {
    const argv = ['replay', trace('rbac_demo_sql_blocked.json'), '--policy', DEMO_POLICY_FILE]
    expect((await run([...argv, '--format', format])).stdout).toMatch(wanted)
  })
})
