import { describe, expect, it } from 'vitest'
import type { Reason } from '../core/model/decision.ts'
import { createTestEngine } from './create-test-engine.ts'
import { type PolicyMatchers, policyMatchers } from './matchers.ts'

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: vitest's own declaration has it
  interface Matchers<T = any> extends PolicyMatchers<Promise<void>> {}
}

expect.extend(policyMatchers)

const POLICY = `
roles:
  - name: sql-readonly
    rules:
      - { name: Read-only SQL, resources: [db.execute_sql], verbs: [invoke], constraints: { one_of: { field: mode, allow: [read] } } }
      - { effect: escalate, resources: [db.drop], verbs: [invoke] }
bindings: [{ agent: support-bot, roles: [sql-readonly], scopes: [support] }]
`
const engine = createTestEngine({ policy: POLICY })
const call = { agent: 'support-bot', resource: 'db.execute_sql', scope: 'support' }
const read = { ...call, arguments: { mode: 'read' } }
const write = { ...call, arguments: { mode: 'write' } }

const messageOf = async (assertion: () => Promise<void>): Promise<string> => {
  try {
    await assertion()
    return 'nothing was wrong'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

describe('policyMatchers', () => {
  it('tells allowed, denied and escalated calls', async () => {
    await expect(engine).toAllow(read)
    await expect(engine).toDeny(write)
    await expect(engine).toDeny(write, 'constraint_violation')
    await expect(engine).toEscalate({ ...call, resource: 'db.drop' })
    await expect(engine).not.toAllow(write)
    await expect(engine).not.toDeny(write, 'no_binding')
    await expect(engine).not.toCompute(read)
    await expect(engine).not.toEscalate(read)
  })

  it('takes a whole subject, with or without `agent` beside it', async () => {
    await expect(engine).toAllow({ ...read, subject: { team: 'support' } })
    const { agent: _, ...rest } = read
    await expect(engine).toAllow({ ...rest, subject: { agent: 'support-bot' } })
    await expect(engine).toDeny(rest, 'no_principal')
  })

  it('counts even without await, where the engine answers at once', () => {
    expect(() => {
      void expect(engine).toAllow(write)
    }).toThrow('constraint_violation')
  })

  it('waits for an engine that answers later', async () => {
    const slow = createTestEngine({
      policy: POLICY,
      gates: [{ name: 'slow', check: async () => ({ kind: 'pass' }) }],
    })

    await expect(slow).toAllow(read)
    expect(await messageOf(() => expect(slow).toDeny(read))).toContain('got: allow')
  })

  it('explains what went otherwise', async () => {
    expect(await messageOf(() => expect(engine).toAllow(write))).toBe(
      [
        'expected the call to be allowed, got: deny constraint_violation',
        '  call        support-bot invoke db.execute_sql in scope support {"mode":"write"}',
        '  gate        rbac',
        '  rule        sql-readonly[0] "Read-only SQL"',
        '  constraint  one_of',
        '  detail      one_of: `mode` is none of the listed values',
        '  remedy      widen `one_of` in rule 0 ("Read-only SQL") of role `sql-readonly`, if such calls are meant to pass',
      ].join('\n'),
    )
    expect(await messageOf(() => expect(engine).not.toAllow(read))).toMatch(
      /^expected the call not to be allowed, got: allow\n/,
    )
    expect(await messageOf(() => expect(engine).toDeny(write, 'no_binding'))).toMatch(
      /^expected the call to be denied for `no_binding`, got: deny constraint_violation\n/,
    )
  })

  it.each<[string, unknown, object, string | undefined, string]>([
    ['a decision', { effect: 'allow' }, read, undefined, 'expected a policy engine'],
    ['nothing', undefined, read, undefined, 'expected a policy engine'],
    ['a misspelt reason', engine, read, 'no_bindings', 'did you mean `no_binding`?'],
    ['two agents', engine, { ...read, subject: { agent: 'other' } }, undefined, 'two agents'],
  ])('refuses %s', async (_, received, asked, reason, message) => {
    const assertion = async () => {
      await policyMatchers.toDeny(received, asked as typeof read, reason as Reason)
    }

    expect(await messageOf(assertion)).toContain(message)
  })

  it('moves nothing and records nothing', async () => {
    const fresh = createTestEngine({ policy: POLICY })
    await expect(fresh).toDeny(write)

    expect({ records: fresh.records(), calls: fresh.stats().calls }).toEqual({
      records: [],
      calls: 0,
    })
  })
})

describe('a call that is written wrongly', () => {
  const engine = createTestEngine({ policy: 'roles: []' })
  it.each([
    ['a misspelt key', { agnt: 'bot', resource: 'a.b' }, 'agent'],
    ['a key of another kit', { agent: 'bot', resource: 'a.b', args: {} }, 'args'],
    [
      'a misspelt key of the subject',
      { subject: { agent: 'bot', teem: 'x' }, resource: 'a.b' },
      'team',
    ],
  ])('is refused for %s: a denial would prove nothing', (_name, call, word) => {
    expect(() => policyMatchers.toDeny(engine, call as never)).toThrow(word)
  })

  it('passes toDeny only where its own fault is the reason that is asked for', async () => {
    const call = { agent: 'bot', resource: 'a.*' }
    expect((await policyMatchers.toDeny(engine, call)).pass).toBe(false)
    expect((await policyMatchers.toDeny(engine, call, 'malformed_request')).pass).toBe(true)
    expect((await policyMatchers.toDeny(engine, { resource: 'a.b' })).pass).toBe(false)
  })
})

describe('toFind', () => {
  it('asks what the session has shown, or what a call would show', async () => {
    const secret = ['sk', 'live', 'Q7mZt4Wc9LrXv2KpB8nYd3Fs'].join('-')
    const watched = createTestEngine({
      policy: `
tools:
  - { name: db.read, server: db, tags: [data_source, restricted] }
  - { name: mail.send, server: mail, tags: [external_write] }
roles: [{ name: all, rules: [{ resources: ['*'], verbs: [invoke] }] }]
bindings: [{ agent: bot, roles: [all] }]
`,
    })
    const mail = {
      agent: 'bot',
      resource: 'mail.send',
      arguments: { to: 'a@b.test', body: secret },
    }
    const request = {
      session: 'test',
      subject: { agent: 'bot' },
      resource: 'db.read',
      arguments: {},
    }
    await watched.guard(request, () => ({ api_key: secret }))
    await expect(watched).toFind('secret_relay', mail)
    await expect(watched).not.toFind('secret_relay')
    await watched.begin({ ...request, resource: mail.resource, arguments: mail.arguments })
    await expect(watched).toFind('secret_relay')
    expect(await messageOf(() => expect(watched).toFind('secret_rely'))).toContain('secret_relay')
  })
})

describe('toRoute', () => {
  const router = createTestEngine({
    policy: `
router:
  routes:
    - name: Hard code
      if: { task: code, complexity: [high] }
      target: big/model
    - { name: Tools, if: { has_tools: true }, target: tool/model }
  default: { target: small/model }
`,
  })
  const ask = { agent: 'bot', arguments: { messages: [{ role: 'user', content: 'hi' }] } }
  const code = { task: 'code', complexity: 'high' } as const

  it('tells which model would answer', async () => {
    await expect(router).toRoute('small/model', ask)
    await expect(router).not.toRoute('big/model', ask)
    await expect(router).toRoute('big/model', { ...ask, classification: code })
    const tools = [{ type: 'function', function: { name: 'x' } }]
    await expect(router).toRoute('tool/model', {
      ...ask,
      arguments: { ...ask.arguments, tools },
      classification: { ...code, complexity: 'low' },
    })
  })

  it('says why it is another', async () => {
    const message = await messageOf(() =>
      expect(router).toRoute('small/model', { ...ask, classification: code }),
    )
    expect(message).toContain('expected the request to be routed to small/model, got: big/model')
    expect(message).toContain('is about    code, high (by caller)')
    const nobody = await messageOf(() => expect(router).toRoute('small/model', { arguments: {} }))
    expect(nobody).toContain('got: nothing (nobody is named')
    expect(await messageOf(() => expect({}).toRoute('small/model', ask))).toContain('policy engine')
  })
})
