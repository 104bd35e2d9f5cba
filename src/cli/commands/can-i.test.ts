import { describe, expect, it } from 'vitest'
import { DEMO_POLICY_FILE, folderWith, run } from '../run-main.fixture.ts'

const ask = (...words: string[]) => run([...words, '--policy', DEMO_POLICY_FILE])
const sql = (query: string): string[] => ['--args', JSON.stringify({ query })]

describe('can-i', () => {
  it.each([
    ['yes', 'support-bot invoke support.read_ticket', []],
    ['yes', 'support-bot discover db.execute_sql', []],
    ['yes', 'support-bot invoke db.execute_sql', sql('SELECT 1')],
    ['no', 'support-bot invoke db.execute_sql', sql('DELETE FROM customers')],
    ['no', 'support-bot invoke db.execute_sql', []],
    ['no', 'support-bot invoke billing.read_invoice', []],
    ['no', 'support-bot invoke support.issue_refund', []],
    ['no', 'support-bot admin support.read_ticket', []],
    ['no', 'review-bot invoke github.delete_repository', []],
    ['no', 'rogue-agent discover support.read_ticket', []],
    ['no', 'support-bot invoke not..a..name', []],
  ])('says %s to %s %j', async (answer, words, more) => {
    const { exit, stdout } = await ask('can-i', ...words.split(' '), ...more)
    expect({ exit, word: stdout.split(/\s/)[0] }).toEqual({
      exit: answer === 'yes' ? 0 : 1,
      word: answer,
    })
  })

  it('says which arguments are missing', async () => {
    const { stderr } = await ask('can-i', 'support-bot', 'invoke', 'db.execute_sql')
    expect(stderr).toContain('give them with `--args`')
  })

  it('reads arguments from a file with @', async () => {
    const cwd = folderWith({ 'call.json': '{"query":"SELECT 1"}' })
    const argv = ['can-i', 'support-bot', 'invoke', 'db.execute_sql', '--args', '@call.json']
    expect((await run([...argv, '-p', DEMO_POLICY_FILE], { cwd })).exit).toBe(0)
  })

  it('says nothing with -q', async () => {
    const { exit, stdout, stderr } = await ask('can-i', 'rogue-agent', 'invoke', 'a.b', '-q')
    expect({ exit, stdout, stderr }).toEqual({ exit: 1, stdout: '', stderr: '' })
  })

  it('asks about the person behind the agent', async () => {
    const policy = `roles: [{ name: r, rules: [{ resources: [a.b], verbs: [invoke] }] }]
bindings: [{ team: blue, group: ops, tier: admin, roles: [r] }]
`
    const cwd = folderWith({ 'callgate.yaml': policy })
    const who = ['--team', 'blue', '--group', 'x', '--group', 'ops', '--tier', 'admin']
    expect((await run(['can-i', 'bot', 'invoke', 'a.b', ...who], { cwd })).exit).toBe(0)
    expect((await run(['can-i', 'bot', 'invoke', 'a.b'], { cwd })).exit).toBe(1)
  })

  it('gives the decision as JSON', async () => {
    const argv = ['can-i', 'rogue-agent', 'invoke', 'crm.lookup_customer', '--format', 'json']
    expect(JSON.parse((await ask(...argv)).stdout)).toMatchObject({
      schema: 1,
      allowed: false,
      decision: { effect: 'deny', reason: 'no_binding', gate: 'rbac', rule: null },
    })
  })

  it('lists what an agent may do, with constraints and denials', async () => {
    const { exit, stdout } = await ask('can-i', 'review-bot', '--list')
    expect({
      exit,
      rows: stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 3)),
    }).toEqual({
      exit: 0,
      rows: [
        ['RESOURCE', 'VERB', 'CONSTRAINTS'],
        ['github.read_issue', 'invoke', '-'],
        ['github.create_issue', 'invoke', '-'],
        ['github.delete_*', 'no invoke', '-'],
        [''],
      ],
    })
    expect((await ask('can-i', 'support-bot', '-l')).stdout).toContain('sql_intent: select')
  })

  it('lists a weaker verb where the stronger one is of another scope', async () => {
    const policy = `tools: [{ name: a.b }]
roles:
  - { name: reader, rules: [{ resources: [a.b], verbs: [discover] }] }
  - { name: owner, rules: [{ resources: [a.b], verbs: [admin] }] }
bindings:
  - { agent: bot, roles: [reader] }
  - { agent: bot, roles: [owner], scopes: [here] }
`
    const { stdout } = await run(['can-i', 'bot', '--list'], {
      cwd: folderWith({ 'callgate.yaml': policy }),
    })
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['RESOURCE', 'VERB', 'CONSTRAINTS', 'SCOPES', 'ROLE'],
      ['a.b', 'admin', '-', 'here', 'owner'],
      ['a.b', 'discover', '-', 'any', 'reader'],
      [''],
    ])
  })

  it('lists nothing, with exit code 1, for an agent that may do nothing', async () => {
    const { exit, stdout } = await ask('can-i', 'rogue-agent', '--list')
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: 'rogue-agent may do nothing\n' })
    const json = await ask('can-i', 'rogue-agent', '--list', '-f', 'json')
    expect(JSON.parse(json.stdout)).toEqual({ schema: 1, agent: 'rogue-agent', permissions: [] })
  })
})

describe('explain', () => {
  it('shows the rule that decided, what its constraint found, and the remedy', async () => {
    const { exit, stdout } = await ask(
      'explain',
      'support-bot',
      'invoke',
      'db.execute_sql',
      ...sql('DELETE FROM customers'),
    )
    expect(exit).toBe(1)
    expect(stdout).toMatch(/^deny {2}constraint_violation\n/)
    expect(stdout).toContain('sql-readonly #0 "Read-only SQL"  ← decided')
    expect(stdout).toMatch(/sql_intent {2}outside {2}\S/)
    expect(stdout).toMatch(/for the operator {2}widen `sql_intent`/)
    expect(stdout).toMatch(/for the agent {5}change the arguments/)
  })

  it('gives a patch that was found to allow the call', async () => {
    const { stdout } = await ask(
      'explain',
      'rogue-agent',
      'invoke',
      'crm.lookup_customer',
      '-f',
      'json',
    )
    expect(JSON.parse(stdout).remedy.patch).toEqual([
      {
        op: 'add',
        path: '/bindings/-',
        value: { agent: 'rogue-agent', roles: ['account-manager'], scopes: ['customer_data'] },
      },
    ])
  })

  it('shows no control character of a name', async () => {
    const { stdout, stderr } = await ask('explain', 'a\u001b[31m', 'invoke', 'x\u001b[0m')
    expect(stdout + stderr).not.toContain('\u001b')
  })
})
