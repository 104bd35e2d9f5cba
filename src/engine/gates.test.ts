import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { memorySink } from '../audit/memory.ts'
import type { CallRequest } from '../core/model/call.ts'
import { CallDeniedError } from '../core/model/errors.ts'
import type { JsonObject } from '../core/model/json.ts'
import { compilePolicy, parsePolicy } from '../core/policy/parse.ts'
import { createPolicyEngine, type PolicyEngine } from './create-policy-engine.ts'
import type { EngineOptions } from './options.ts'

const GITHUB = `ghp_${'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1bC2'}`
const MAIL = 'ana.lima@customer.test'

const OPEN: JsonObject = {
  unlisted: 'allow',
  roles: [{ name: 'all', rules: [{ resources: ['*'], verbs: ['invoke'] }] }],
  bindings: [
    { tier: 'user', roles: ['all'] },
    { tier: 'admin', roles: ['all'] },
    { agent: 'anonymous', roles: ['all'] },
  ],
}

function engineFor(more: JsonObject = {}, options: Partial<EngineOptions> = {}): PolicyEngine {
  const policy = compilePolicy({ ...OPEN, ...more })
  return createPolicyEngine({ policy, onDiagnostic: () => {}, ...options })
}

function call(
  resource: string,
  args: JsonObject = {},
  more: Partial<CallRequest> = {},
): CallRequest {
  return { session: 's', subject: { agent: 'bot', user: 'u' }, resource, arguments: args, ...more }
}

describe('one call under four policies', () => {
  const write = call('fs.write_file', { path: '/prod/config.yaml', content: 'debug: true' })
  const rule = (rest: JsonObject): JsonObject => ({
    roles: [
      { name: 'writer', rules: [{ resources: ['fs.write_file'], verbs: ['invoke'], ...rest }] },
    ],
    bindings: [{ agent: 'bot', roles: ['writer'] }],
  })
  const approvals = { ask: () => ({ outcome: 'approved', by: 'eva' }) as const }

  it('is allowed, and goes out as it came', async () => {
    const engine = createPolicyEngine({ policy: compilePolicy(rule({})) })
    const ticket = await engine.begin(write)
    expect(ticket.decision).toMatchObject({ effect: 'allow', dispatch_hash: null, patch: null })
    expect(ticket.arguments).toEqual(write.arguments)
  })

  it('is denied', async () => {
    const policy = compilePolicy(rule({ constraints: { path_prefix: ['/workspace'] } }))
    const engine = createPolicyEngine({ policy })
    const { decision } = await engine.begin(write)
    expect(decision).toMatchObject({ effect: 'deny', reason: 'constraint_violation' })
    await expect(engine.guard(write, () => 'written')).rejects.toBeInstanceOf(CallDeniedError)
  })

  it('is made safe, with both hashes and what was done to it', async () => {
    const sink = memorySink()
    const policy = compilePolicy(rule({ effect: 'compute', compute: { root: '/workspace' } }))
    const engine = createPolicyEngine({ policy, audit: [sink] })
    const ticket = await engine.begin(write)
    expect(ticket.decision).toMatchObject({
      effect: 'compute',
      reason: 'allowed',
      patch: [{ op: 'replace', path: '/path', value: '/workspace/prod/config.yaml' }],
    })
    expect(ticket.decision.dispatch_hash).not.toBe(ticket.decision.input_hash)
    expect(ticket.arguments).toEqual({ ...write.arguments, path: '/workspace/prod/config.yaml' })
    expect(sink.records()[0]).toMatchObject({
      effect: 'compute',
      input_hash: ticket.decision.input_hash,
      dispatch_hash: ticket.decision.dispatch_hash,
      patch: [{ op: 'replace', path: '/path' }],
    })
  })

  it('is put before a person', async () => {
    const policy = compilePolicy(rule({ effect: 'escalate' }))
    const engine = createPolicyEngine({ policy, approvals })
    expect((await engine.begin(write)).decision.effect).toBe('escalate')
    expect(await engine.guard(write, () => 'written')).toBe('written')
  })

  it('is made safe and put before a person, who sees what would go out', async () => {
    const rules = [
      { resources: ['fs.write_file'], verbs: ['invoke'], effect: 'escalate' },
      {
        resources: ['fs.write_file'],
        verbs: ['invoke'],
        effect: 'compute',
        compute: { root: '/w' },
      },
    ]
    const policy = compilePolicy({
      roles: [{ name: 'writer', rules }],
      bindings: [{ agent: 'bot', roles: ['writer'] }],
    })
    const seen: JsonObject[] = []
    const engine = createPolicyEngine({
      policy,
      approvals: {
        ask(approval) {
          seen.push(approval.arguments)
          return { outcome: 'approved', by: 'eva' }
        },
      },
    })
    const path = await engine.guard(write, (args) => args['path'])
    expect([path, seen[0]?.['path']]).toEqual(['/w/prod/config.yaml', '/w/prod/config.yaml'])
  })

  it('is denied where it cannot be made safe', async () => {
    const policy = compilePolicy(rule({ effect: 'compute', compute: { limit_rows: 5 } }))
    const { decision } = await createPolicyEngine({ policy }).begin(write)
    expect(decision).toMatchObject({ effect: 'deny', reason: 'gate_failed', gate: 'rbac' })
  })
})

describe('the secret gate in the line', () => {
  it('stops a secret by default, and admins too', async () => {
    const engine = engineFor()
    for (const tier of ['user', 'admin'] as const) {
      const subject = { agent: 'bot', tier }
      const { decision } = await engine.begin(call('crm.note', { text: GITHUB }, { subject }))
      expect(decision).toMatchObject({ effect: 'deny', gate: 'secrets', reason: 'secret_detected' })
      expect(JSON.stringify(decision)).not.toContain(GITHUB)
    }
  })

  it('leaves it to the session’s graph to say where the secret came from', async () => {
    const engine = engineFor({
      tools: [
        { name: 'db.get', server: 'db', tags: ['data_source', 'restricted'] },
        { name: 'mail.send', server: 'mail', tags: ['external_write', 'network_egress'] },
      ],
    })
    await engine.guard(call('db.get'), () => ({ key: GITHUB }))
    const { decision } = await engine.begin(call('mail.send', { to: 'x@y.test', body: GITHUB }))
    expect(decision.reason).toBe('secret_detected')
    expect(decision.findings.map(({ rule }) => rule)).toContain('secret_relay')
    expect(engine.session('s').disposition).toBe('terminate')
  })

  it('lets by what the policy sends on purpose', async () => {
    const engine = engineFor({ secrets: { allow: [{ resources: ['vault.put'] }] } })
    expect((await engine.begin(call('vault.put', { text: GITHUB }))).decision.effect).toBe('allow')
    expect((await engine.begin(call('crm.note', { text: GITHUB }))).decision.effect).toBe('deny')
  })

  it('looks at what a gate of the host puts in, too', async () => {
    const gate = {
      name: 'fills_in',
      check: () => ({ kind: 'compute', arguments: { text: GITHUB } }) as const,
    }
    const engine = engineFor({}, { gates: [gate] })
    const { decision } = await engine.begin(call('crm.note', { text: 'x' }))
    expect(decision.reason).toBe('secret_detected')
  })
})

describe('blocklist, rates and budgets in the line', () => {
  it('hide what is blocked', async () => {
    const engine = engineFor({ blocklist: { tools: ['crm.drop'] } })
    const { session, subject } = call('x.y')
    const asked = subject === undefined ? { session } : { session, subject }
    expect(await engine.discover(asked, ['crm.note', 'crm.drop'])).toEqual(['crm.note'])
  })

  it('stop what is blocked before anything is counted', async () => {
    const engine = engineFor({ blocklist: { users: ['u'] }, limits: {} })
    const { decision } = await engine.begin(call('crm.note'))
    expect(decision).toMatchObject({ gate: 'blocklist', reason: 'blocklisted' })
    expect(Object.keys(decision.timings)).not.toContain('rate_limit')
  })

  it('let exactly ten of a hundred calls at once by under a limit of ten (C04)', async () => {
    const engine = engineFor(
      { limits: { base: { mcp: 10 }, burst_multiplier: 1 } },
      { clock: { now: () => 0, monotonic: () => 0 } },
    )
    const tickets = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        engine.begin(call('crm.note', {}, { session: `s${index}` })),
      ),
    )
    const denied = tickets.filter(({ decision }) => decision.reason === 'rate_limited')
    expect([tickets.length - denied.length, denied.length]).toEqual([10, 90])
    expect(denied[0]?.decision.retry_after_ms).toBe(100)
  })

  it('go by a clock that nobody sets', async () => {
    let wall = 1_000_000
    let steady = 0
    const engine = engineFor(
      { limits: { base: { mcp: 1 }, burst_multiplier: 1 } },
      { clock: { now: () => wall, monotonic: () => steady } },
    )
    const reason = async () => (await engine.begin(call('crm.note'))).decision.reason
    expect(await reason()).toBe('allowed')
    wall += 3_600_000
    expect(await reason()).toBe('rate_limited')
    wall -= 7_200_000
    expect(await reason()).toBe('rate_limited')
    steady += 1_000
    expect(await reason()).toBe('allowed')
  })

  it('give back what a denied call had set aside, and spend what a call has cost', async () => {
    const engine = engineFor({
      limits: { budgets: [{ name: 'day', per: 'agent', usd: 1, calls: 3 }] },
      blocklist: {},
    })
    const spend = async (usd: number) => {
      const ticket = await engine.begin(call('crm.note'))
      if (ticket.permitted) await ticket.finish({ ok: true, value: null, usage: { usd } })
      return ticket.decision.reason
    }
    expect(await spend(0.4)).toBe('allowed')
    expect(await spend(0.7)).toBe('allowed')
    expect(await spend(0.1)).toBe('budget_exceeded')
  })

  it('count a helper’s calls for whoever it works for', async () => {
    const engine = engineFor({ limits: { budgets: [{ per: 'session', calls: 2 }] } })
    const parent = await engine.begin(call('agent.start', {}, { session: 'parent' }))
    const child = { session: 'child', parent: parent.decision.id }
    expect((await engine.begin(call('crm.note', {}, child))).decision.reason).toBe('allowed')
    expect((await engine.begin(call('crm.note', {}, child))).decision.reason).toBe(
      'budget_exceeded',
    )
    const stranger = {
      session: 'other',
      parent: parent.decision.id,
      subject: { agent: 'x', user: 'v' },
    }
    expect((await engine.begin(call('crm.note', {}, stranger))).decision.reason).toBe('allowed')
  })

  it('count nothing in explain', async () => {
    const engine = engineFor({ limits: { base: { mcp: 1 }, burst_multiplier: 1 } })
    for (let round = 0; round < 5; round++)
      expect((await engine.explain(call('crm.note'))).decision.effect).toBe('allow')
    expect((await engine.begin(call('crm.note'))).decision.effect).toBe('allow')
    expect((await engine.explain(call('crm.note'))).decision.reason).toBe('rate_limited')
  })
})

describe('probes', () => {
  const scanner = { scanner: {} }
  const from = (agent: string, more: Partial<CallRequest> = {}) =>
    call(
      'crm.note',
      {},
      { credentials: { headers: { 'User-Agent': agent }, peer: '192.0.2.7' }, ...more },
    )

  it('are told by their user agent, whoever they say they are', async () => {
    const engine = engineFor(scanner)
    const admin = { subject: { agent: 'bot', tier: 'admin' } } as const
    const { decision } = await engine.begin(from('sqlmap/1.8', admin))
    expect(decision).toMatchObject({ gate: 'secrets', reason: 'scanner_detected' })
    expect((await engine.begin(from('my-company-agent/1.4'))).decision.effect).toBe('allow')
  })

  it('are told by the path of their request', async () => {
    const engine = engineFor(scanner)
    const reason = async (path: string) =>
      (await engine.begin(call('crm.note', {}, { credentials: { path } }))).decision.reason
    expect(await reason('/mcp')).toBe('allowed')
    expect(await reason('/wp-admin/')).toBe('scanner_detected')
    expect(await reason('/backup/site.sql')).toBe('scanner_detected')
  })

  it('are told by the pace of anonymous peers, and of no others', async () => {
    const engine = engineFor(
      { scanner: { max_anonymous_per_minute: 3 } },
      { clock: { now: () => 0, monotonic: () => 0 } },
    )
    const nobody = { subject: { agent: 'anonymous', tier: 'anonymous' } } as const
    const reasons = []
    for (let round = 0; round < 4; round++)
      reasons.push((await engine.begin(from('my-company-agent/1.4', nobody))).decision.reason)
    expect(reasons).toEqual(['allowed', 'allowed', 'allowed', 'scanner_detected'])
    expect((await engine.begin(from('my-company-agent/1.4'))).decision.effect).toBe('allow')
  })
})

describe('redaction in the line', () => {
  const answer = {
    content: [{ type: 'text', text: `{"mail":"${MAIL}"}` }],
    structuredContent: { mail: MAIL },
  }

  it('takes personal data out of responses, in every form of it', async () => {
    const engine = engineFor({ redaction: {} })
    const value = await engine.guard(call('crm.get'), () => answer)
    expect(JSON.stringify(value)).not.toContain(MAIL)
    expect(value).toMatchObject({ structuredContent: { mail: '********' } })
  })

  it('hands on the same object where there is nothing to take out', async () => {
    const engine = engineFor({ redaction: {} })
    const clean = { rows: [1, 2] }
    expect(await engine.guard(call('crm.get'), () => clean)).toBe(clean)
  })

  it('takes it out of errors, which keep their name and code', async () => {
    const engine = engineFor({ redaction: {} })
    const failing = engine.guard(call('crm.get'), () => {
      throw Object.assign(new TypeError(`no such customer: ${MAIL}`), { code: 'E_NONE' })
    })
    await expect(failing).rejects.toMatchObject({
      name: 'TypeError',
      code: 'E_NONE',
      message: 'no such customer: ********',
    })
  })

  it('keeps arguments in records without what is taken out', async () => {
    const sink = memorySink()
    const engine = engineFor({ redaction: { action: 'label' } }, { audit: [sink] })
    await engine.begin(call('crm.get', { to: MAIL, n: 1 }))
    expect(sink.records()[0]?.arguments).toEqual({ to: '[email_address]', n: 1 })
  })

  it('takes it out of requests where the policy says so', async () => {
    const engine = engineFor({ redaction: { on: ['request'] } })
    const ticket = await engine.begin(call('model.ask', { text: `write to ${MAIL}, ${GITHUB}` }))
    expect(ticket.decision).toMatchObject({ effect: 'compute', gate: 'secrets' })
    expect(ticket.arguments).toEqual({ text: 'write to ********, ********' })
  })

  it('gives tokens to the agent, and turns them back only where the policy says so', async () => {
    const engine = engineFor({ redaction: { action: 'token', reveal: ['mail.send'] } })
    const seen = await engine.guard(call('crm.get'), () => ({ mail: MAIL }))
    expect(JSON.stringify(seen)).not.toContain(MAIL)
    const args = { to: (seen as { mail: string }).mail }
    expect((await engine.begin(call('mail.send', args))).arguments).toEqual({ to: MAIL })
    expect((await engine.begin(call('web.post', args))).arguments).toEqual(args)
  })

  it('masks columns and classes that a rule demands', async () => {
    const rules = [
      {
        resources: ['db.rows'],
        verbs: ['invoke'],
        effect: 'compute',
        compute: { mask_columns: ['salary'] },
        obligations: { redact: ['pii'] },
      },
    ]
    const engine = engineFor({
      roles: [{ name: 'r', rules }],
      bindings: [{ agent: 'bot', roles: ['r'] }],
    })
    const rows = await engine.guard(call('db.rows'), () => [
      { name: 'Ana', salary: 70_000, mail: MAIL },
    ])
    expect(rows).toEqual([{ name: 'Ana', salary: '[masked]', mail: '********' }])
  })

  it('takes nothing out while only observing', async () => {
    const engine = engineFor({ redaction: { on: ['request', 'response'] } }, { mode: 'observe' })
    const value = await engine.guard(call('crm.get', { to: MAIL }), (args) => ({ ...args }))
    expect(value).toEqual({ to: MAIL })
  })
})

describe('who asks, by the policy', () => {
  const PROXY = `
identity:
  required: true
  trusted_proxy: { peers: ['10.0.0.0/8'] }
servers: [{ name: crm, auth: { required: true, scopes: [crm.read] } }]
roles: [{ name: all, rules: [{ resources: ['*'], verbs: [invoke] }] }]
bindings: [{ tier: user, roles: [all] }]
`
  const engine = createPolicyEngine({ policy: parsePolicy(PROXY), onDiagnostic: () => {} })
  const ask = async (credentials: CallRequest['credentials']) =>
    (
      await engine.begin({
        session: 's',
        resource: 'crm.get',
        scope: 'crm.read',
        arguments: {},
        ...(credentials === undefined ? {} : { credentials }),
      })
    ).decision
  const headers = {
    'x-proxy-verified': 'true',
    'x-user-id': 'ana',
    'x-user-permissions': 'user crm.read',
  }

  it('is the user that a listed proxy names', async () => {
    expect((await ask({ peer: '10.1.2.3', headers })).reason).toBe('allowed')
  })

  it.each([
    ['nobody', undefined, 'no_principal'],
    ['a peer that is not listed', { peer: '192.0.2.1', headers }, 'token_invalid'],
    [
      'a user without the scope',
      { peer: '10.1.2.3', headers: { ...headers, 'x-user-permissions': 'user x' } },
      'scope_mismatch',
    ],
  ])('is refused for %s', async (_who, credentials, reason) => {
    expect((await ask(credentials)).reason).toBe(reason)
  })

  it('is whom the host names where the host says that it does', async () => {
    const vouching = createPolicyEngine({
      policy: parsePolicy(PROXY),
      identity: 'host',
      onDiagnostic: () => {},
    })
    const subject = { agent: 'bot', scopes: ['crm.read'] }
    const { decision } = await vouching.begin({
      session: 's',
      resource: 'crm.get',
      scope: 'crm.read',
      arguments: {},
      subject,
    })
    expect(decision.reason).toBe('allowed')
  })

  it('cannot be known where the policy needs a key that nobody has given', () => {
    const text = PROXY.replace(
      "trusted_proxy: { peers: ['10.0.0.0/8'] }",
      'jwt: { issuer: a, audience: b }',
    )
    expect(() => createPolicyEngine({ policy: parsePolicy(text), onDiagnostic: () => {} })).toThrow(
      /key/,
    )
  })
})

describe('redaction, under attack', () => {
  const from = (error: unknown, more: JsonObject = { redaction: {} }): Promise<unknown> =>
    engineFor(more)
      .guard(call('crm.get'), () => Promise.reject(error))
      .then(
        () => 'resolved',
        (thrown: unknown) => thrown,
      )

  it.each([
    ['its message', new Error(`no such user ${MAIL}`)],
    ['its cause', new Error('failed', { cause: new Error(`no such user ${MAIL}`) })],
    ['one of its errors', new AggregateError([new Error(MAIL)], 'failed')],
    ['an answer that hangs on it', Object.assign(new Error('failed'), { response: { to: MAIL } })],
    [
      'the same of its cause',
      new Error('failed', { cause: Object.assign(new Error('x'), { request: [MAIL] }) }),
    ],
    ['its code', Object.assign(new Error('failed'), { code: MAIL })],
    ['its name', Object.assign(new Error('failed'), { name: MAIL })],
    ['a plain object that is thrown', { status: 404, body: { to: MAIL } }],
    ['a text that is thrown', `no such user ${MAIL}`],
  ])('takes data out of an error: of %s', async (_what, error) => {
    const thrown = await from(error)
    expect(inspect(thrown, { depth: 20, showHidden: true })).not.toContain('lima')
  })

  it('keeps name and code of an error that it writes anew, and an error that is clean', async () => {
    const error = Object.assign(new TypeError(`no such user ${MAIL}`), {
      code: 'ENOENT',
      status: 404,
    })
    expect(await from(error)).toMatchObject({
      message: 'no such user ********',
      name: 'TypeError',
      code: 'ENOENT',
    })
    const clean = Object.assign(new Error('no such user'), { code: 404 })
    expect(await from(clean)).toBe(clean)
  })

  const patchOf = async (more: JsonObject): Promise<unknown> => {
    const sink = memorySink()
    const compute = {
      truncate: { password: 12, note: 20 },
      clamp: { salary: { max: 90_000 } },
      set: { region: 'eu' },
    }
    const policy = compilePolicy({
      ...OPEN,
      secrets: { allow: [{ resources: ['db.login'], fields: ['password'] }] },
      roles: [
        {
          name: 'all',
          rules: [{ effect: 'compute', resources: ['*'], verbs: ['invoke'], compute }],
        },
      ],
      ...more,
    })
    const engine = createPolicyEngine({ policy, audit: [sink], onDiagnostic: () => {} })
    const args = {
      password: 'S3cur3-P4ss!x9zzQQ',
      salary: 95_000,
      note: `private words about ${MAIL}`,
    }
    const { decision } = await engine.begin(call('db.login', args))
    expect(decision.patch).toHaveLength(4)
    const [record] = sink.records() as unknown as readonly JsonObject[]
    return record?.['patch']
  }

  it.each([
    ['no redaction', {}],
    ['redaction of responses only', { redaction: { on: ['response'] } }],
  ])('keeps of a patch only what was done and where, under %s', async (_what, more) => {
    const patch = (await patchOf(more)) as readonly JsonObject[]
    expect(patch).toHaveLength(4)
    for (const step of patch) expect(Object.keys(step)).toEqual(['op', 'path'])
  })

  it('reads the values of a patch under their names', async () => {
    const patch = (await patchOf({
      redaction: { fields: ['salary', 'note'] },
    })) as readonly JsonObject[]
    const values = Object.fromEntries(patch.map((step) => [step['path'], step['value']]))
    expect(values).toEqual({
      '/password': '********',
      '/salary': '********',
      '/note': '********',
      '/region': 'eu',
    })
  })
})

describe('tokens of one tenant', () => {
  it('are turned back for it, and for no other', async () => {
    const engine = engineFor({ redaction: { action: 'token', reveal: ['mail.send'] } })
    const as = (tenant: string): Partial<CallRequest> => ({
      session: tenant,
      subject: { agent: 'bot', user: 'u', tenant },
    })
    const token = await engine.guard(call('crm.get', {}, as('acme')), () => MAIL)
    const sent = (tenant: string): Promise<unknown> =>
      engine.guard(call('mail.send', { to: token }, as(tenant)), (args) => args['to'] === MAIL)
    expect(token).toMatch(/^\[email_address~/)
    expect([await sent('acme'), await sent('other')]).toEqual([true, false])
  })
})
