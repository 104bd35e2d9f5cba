import { describe, expect, it } from 'vitest'
import { memorySink } from '../audit/memory.ts'
import type { CallRequest } from '../core/model/call.ts'
import type { Decision } from '../core/model/decision.ts'
import { CallDeniedError, isCallgateError } from '../core/model/errors.ts'
import { compilePolicy, parsePolicy } from '../core/policy/parse.ts'
import { createPolicyEngine } from './create-policy-engine.ts'
import { engineWith, OTHER_TABLE, POLICY, READ, SEND } from './engine.fixture.ts'
import type { Ticket } from './ticket.ts'

function now<T>(value: T | Promise<T>): T {
  if (value instanceof Promise) throw new Error('expected an answer in the same tick')
  return value
}

const summary = ({ effect, reason, gate, enforced }: Decision) => ({
  effect,
  reason,
  gate,
  enforced,
})

describe('guard', () => {
  it('dispatches what the policy allows and gives back the same value object', async () => {
    const { engine } = engineWith()
    const value = { rows: 1 }
    expect(await engine.guard(READ, () => value)).toBe(value)
  })

  it('throws CallDeniedError with the decision and never dispatches what is denied', async () => {
    const { engine } = engineWith()
    let dispatched = 0
    const error = await engine
      .guard(OTHER_TABLE, () => dispatched++)
      .catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(CallDeniedError)
    expect([dispatched, isCallgateError(error) && error.code]).toEqual([0, 'ERR_CALL_DENIED'])
    expect(summary((error as CallDeniedError).decision)).toEqual({
      effect: 'deny',
      reason: 'constraint_violation',
      gate: 'rbac',
      enforced: true,
    })
  })

  it('dispatches the frozen snapshot that was judged, whatever the caller does meanwhile', async () => {
    const { engine } = engineWith()
    const args = { table: 'orders' }
    const dispatched = engine.guard({ ...READ, arguments: args }, (settled) => settled)
    args.table = 'salaries'
    expect(await dispatched).toEqual({ table: 'orders' })
  })

  it('passes on what the dispatched function throws', async () => {
    const { engine } = engineWith()
    const fault = new Error('the database is away')
    await expect(engine.guard(READ, () => Promise.reject(fault))).rejects.toBe(fault)
  })

  it.each([[undefined], ['text'], [Symbol('odd')]])(
    'passes on a rejection with %o, which is no error, and closes the record',
    async (thrown) => {
      const sink = memorySink()
      const { engine } = engineWith({ audit: [sink] })
      const caught = await engine
        .guard(READ, () => Promise.reject(thrown))
        .catch((error: unknown) => error)
      expect(caught).toBe(thrown)
      expect(sink.records().map(({ kind, status }) => [kind, status])).toEqual([
        ['decision', 'pending'],
        ['outcome', 'failed'],
      ])
    },
  )

  it('gives up on a call that never settles, aborts its signal and records the timeout', async () => {
    const sink = memorySink()
    const { engine } = engineWith({ audit: [sink], limits: { dispatchTimeoutMs: 20 } })
    let aborted = false
    const hanging = engine.guard(READ, (_args, signal) => {
      signal.addEventListener('abort', () => {
        aborted = true
      })
      return new Promise(() => undefined)
    })
    await expect(hanging).rejects.toMatchObject({ code: 'ERR_DISPATCH_TIMEOUT' })
    expect([aborted, sink.records().at(-1)?.status]).toEqual([true, 'timeout'])
  })

  it('does not dispatch for a caller that has given up, and records the call as cancelled', async () => {
    const sink = memorySink()
    const { engine } = engineWith({ audit: [sink] })
    let dispatched = 0
    const request = { ...READ, signal: AbortSignal.abort() }
    await expect(engine.guard(request, () => dispatched++)).rejects.toMatchObject({
      code: 'ERR_CALL_CANCELLED',
    })
    expect([dispatched, sink.records().at(-1)?.status]).toEqual([0, 'cancelled'])
  })

  it('lets a tool call the engine again in the same session', async () => {
    const { engine } = engineWith()
    const inner = () => engine.guard({ ...READ, parent: 'outer' }, () => 'inner')
    expect(await engine.guard(READ, inner)).toBe('inner')
  })
})

describe('begin', () => {
  it('answers in the same tick when every gate and sink does', () => {
    const { engine } = engineWith({ audit: [memorySink()] })
    const ticket = now<Ticket>(engine.begin(READ))
    expect([ticket.permitted, now(ticket.finish({ ok: true, value: 7 }))]).toEqual([
      true,
      { ok: true, value: 7 },
    ])
  })

  it('gives a frozen decision with full provenance', () => {
    const { engine } = engineWith()
    const { decision } = now<Ticket>(engine.begin(READ))
    expect(Object.isFrozen(decision)).toBe(true)
    expect(decision).toEqual({
      id: expect.any(String),
      effect: 'allow',
      reason: 'allowed',
      gate: 'rbac',
      rule: { role: 'reader', name: 'read rows', index: 0 },
      constraint: null,
      scopes: [],
      policy_digest: POLICY.digest,
      input_hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      dispatch_hash: null,
      patch: null,
      enforced: true,
      mode: 'enforce',
      obligations: [],
      findings: [],
      disposition: 'allow',
      detail: null,
      retry_after_ms: null,
      timings: {
        session: expect.any(Number),
        rbac: expect.any(Number),
        secrets: expect.any(Number),
        blocklist: expect.any(Number),
        rate_limit: expect.any(Number),
        hooks: expect.any(Number),
        behavior: expect.any(Number),
      },
    })
  })

  it('hashes arguments by meaning: key order does not matter, values do', () => {
    const { engine } = engineWith()
    const hash = (args: CallRequest['arguments']) =>
      now<Ticket>(engine.begin({ ...READ, arguments: args })).decision.input_hash
    expect(hash({ table: 'orders', n: 1.0 })).toBe(hash({ n: 1, table: 'orders' }))
    expect(hash({ table: 'orders', n: '1' })).not.toBe(hash({ table: 'orders', n: 1 }))
    expect(hash({ table: '\ud800' })).not.toBe(hash({ table: '\ud801' }))
  })

  it('shows in its JSON form what it holds', () => {
    const { engine } = engineWith()
    const { decision } = now<Ticket>(engine.begin(READ))
    expect(JSON.parse(JSON.stringify(decision))).toEqual({ ...decision })
  })

  it('gives every call its own id', () => {
    const { engine } = engineWith()
    const ids = Array.from({ length: 1000 }, () => now<Ticket>(engine.begin(READ)).decision.id)
    expect(new Set(ids).size).toBe(1000)
  })

  it('takes a call through a host whose promise is only a thenable', async () => {
    const { engine } = engineWith()
    // biome-ignore lint/suspicious/noThenProperty: the odd promise of a host is what is tested
    const odd = { then: (resolve: (value: string) => void) => setTimeout(() => resolve('done'), 1) }
    expect(await engine.guard(READ, () => odd as unknown as Promise<string>)).toBe('done')
  })

  it('closes a ticket whose holder says nothing, once', () => {
    const sink = memorySink()
    const { engine } = engineWith({ audit: [sink] })
    const ticket = now<Ticket>(engine.begin(READ))
    ticket.finish(null as never)
    ticket.finish(null as never)
    expect([sink.records().at(-1)?.status, engine.stats().in_flight]).toEqual(['failed', 0])
  })

  it('writes nothing and counts nothing for a ticket that was denied', () => {
    const sink = memorySink()
    const { engine } = engineWith({ audit: [sink] })
    now<Ticket>(engine.begin(OTHER_TABLE)).finish({ ok: true, value: 1 })
    expect([sink.records().length, engine.stats().in_flight]).toEqual([1, 0])
  })

  it('closes a ticket once, however often finish is called', () => {
    const sink = memorySink()
    const { engine } = engineWith({ audit: [sink] })
    const ticket = now<Ticket>(engine.begin(READ))
    ticket.finish({ ok: true, value: 1 })
    ticket.finish({ ok: false, error: new Error('again') })
    expect(sink.records().map(({ status }) => status)).toEqual(['pending', 'success'])
    expect(engine.stats().in_flight).toBe(0)
  })

  it('is not shown to a person unless it waits: an escalated ticket is not permitted', () => {
    const { engine } = engineWith({
      approvals: { ask: () => ({ outcome: 'approved', by: 'ana' }) },
    })
    const ticket = now<Ticket>(engine.begin(SEND))
    expect([ticket.permitted, summary(ticket.decision)]).toEqual([
      false,
      { effect: 'escalate', reason: 'approval_required', gate: 'rbac', enforced: true },
    ])
  })
})

describe('observe mode', () => {
  it('makes the same decision, applies none, and dispatches the arguments as asked', async () => {
    const { engine } = engineWith({ mode: 'observe' })
    const ticket = now<Ticket>(engine.begin(OTHER_TABLE))
    expect([ticket.permitted, summary(ticket.decision)]).toEqual([
      true,
      { effect: 'deny', reason: 'constraint_violation', gate: 'rbac', enforced: false },
    ])
    expect(await engine.guard(OTHER_TABLE, (args) => args)).toEqual({ table: 'salaries' })
  })

  it('never waits for a person', async () => {
    let asked = 0
    const ask = () => {
      asked++
      return new Promise<never>(() => undefined)
    }
    const { engine } = engineWith({ mode: 'observe', approvals: { ask } })
    expect([await engine.guard(SEND, () => 'sent'), asked]).toEqual(['sent', 0])
  })

  it('still denies what cannot be read', async () => {
    const { engine } = engineWith({ mode: 'observe' })
    const request = { ...READ, arguments: { big: 1n } } as unknown as CallRequest
    const ticket = now<Ticket>(engine.begin(request))
    expect([ticket.permitted, summary(ticket.decision)]).toEqual([
      false,
      { effect: 'deny', reason: 'payload_limit', gate: 'identity', enforced: true },
    ])
  })
})

describe('observing a malformed request', () => {
  it('dispatches its arguments as asked where they can be read', async () => {
    const { engine } = engineWith({ mode: 'observe' })
    const request = { ...READ, resource: 'db.*' }
    expect(await engine.guard(request, (args) => args)).toEqual(READ.arguments)
  })

  it.each([[[1]], ['text'], [null]])(
    'denies arguments %j, which nobody could dispatch',
    async (given) => {
      const { engine } = engineWith({ mode: 'observe' })
      const request = { ...READ, arguments: given } as unknown as CallRequest
      const { decision, permitted } = now<Ticket>(engine.begin(request))
      expect([permitted, decision.reason, decision.enforced]).toEqual([
        false,
        'malformed_request',
        true,
      ])
    },
  )
})

describe('malformed requests', () => {
  const throwing = new Proxy(
    {},
    {
      get: () => {
        throw new Error('no')
      },
    },
  )
  it.each([
    ['no request', null],
    ['a text', 'x'],
    ['a proxy that throws', throwing],
    ['no session', { ...READ, session: undefined }],
    ['an empty session', { ...READ, session: '' }],
    ['a session with an invisible character', { ...READ, session: 's\u200b' }],
    ['no resource', { ...READ, resource: undefined }],
    ['a number as resource', { ...READ, resource: 42 }],
    ['a glob as resource', { ...READ, resource: 'db.*' }],
    ['an unknown verb', { ...READ, verb: 'read' }],
    ['an inherited verb', { ...READ, verb: 'constructor' }],
    ['a scope that is no text', { ...READ, scope: ['a'] }],
    ['a subject that is no object', { ...READ, subject: 'bot' }],
    ['a look-alike agent', { ...READ, subject: { agent: 'b\u043et' } }],
    ['roles that are no list', { ...READ, subject: { agent: 'bot', roles: 'admin' } }],
    ['an unknown tier', { ...READ, subject: { agent: 'bot', tier: 'root' } }],
    ['an inherited tier', { ...READ, subject: { agent: 'bot', tier: 'toString' } }],
    [
      'too many groups',
      { ...READ, subject: { agent: 'bot', groups: Array.from({ length: 1001 }, () => 'g') } },
    ],
  ])('denies %s in begin, explain and guard, and never throws', async (_name, request) => {
    const { engine } = engineWith({ audit: [memorySink()] })
    const wanted = { effect: 'deny', reason: 'malformed_request', gate: 'identity', enforced: true }
    const asked = request as unknown as CallRequest
    expect(summary(now<Ticket>(engine.begin(asked)).decision)).toEqual(wanted)
    expect(summary((await engine.explain(asked)).decision)).toEqual(wanted)
    const error = await engine.guard(asked, () => 1).catch((caught: unknown) => caught)
    expect(summary((error as CallDeniedError).decision)).toEqual(wanted)
  })

  it.each([
    ['nobody', undefined],
    ['an empty agent', { agent: '' }],
    ['no agent', {}],
  ])('denies %s as no_principal', (_name, subject) => {
    const { engine } = engineWith()
    const { decision } = now<Ticket>(engine.begin({ ...READ, subject } as CallRequest))
    expect(decision.reason).toBe('no_principal')
  })

  it('reads each field of a subject once', () => {
    const { engine } = engineWith()
    let reads = 0
    const subject = Object.defineProperty({}, 'agent', {
      enumerable: true,
      get: () => (reads++ === 0 ? 'bot' : 'admin'),
    })
    now<Ticket>(engine.begin({ ...READ, subject } as CallRequest))
    expect(reads).toBe(1)
  })
})

describe('run', () => {
  it('sets session and subject for everything below it; the call itself says more', () => {
    const sink = memorySink()
    const { engine } = engineWith({ audit: [sink] })
    const { session: _session, subject: _subject, ...bare } = READ
    engine.run({ session: 'outer', subject: { agent: 'bot' } }, () => {
      now(engine.begin(bare as CallRequest))
      engine.run({ session: 'inner' }, () => now(engine.begin(bare as CallRequest)))
      now(engine.begin({ ...bare, session: 'own' } as CallRequest))
    })
    expect(sink.records().map((record) => [record.session_id, record.agent])).toEqual([
      ['outer', 'bot'],
      ['inner', 'bot'],
      ['own', 'bot'],
    ])
  })
})

describe('reload', () => {
  it('swaps at once, and no decision mixes two policies', () => {
    const { engine } = engineWith()
    const other = parsePolicy('roles: []\nbindings: []\n')
    expect(now<Ticket>(engine.begin(READ)).decision.policy_digest).toBe(POLICY.digest)
    engine.reload(other)
    const { decision } = now<Ticket>(engine.begin(READ))
    expect([decision.reason, decision.policy_digest]).toEqual(['no_binding', other.digest])
  })

  it('keeps the policy in force when the new one is no policy', () => {
    const { engine } = engineWith()
    expect(() => engine.reload({} as never)).toThrow(/parsePolicy/)
    expect(now<Ticket>(engine.begin(READ)).decision.effect).toBe('allow')
  })

  it('chooses a policy by subject, and denies where none can be chosen', () => {
    const none = compilePolicy({ roles: [] })
    const engine = createPolicyEngine({
      policy: (subject) => {
        if (subject.tenant === 'broken') throw new Error('no such tenant')
        return subject.tenant === 'acme' ? POLICY : none
      },
    })
    const reason = (tenant: string) =>
      now<Ticket>(engine.begin({ ...READ, subject: { agent: 'bot', tenant } })).decision.reason
    expect([reason('acme'), reason('other'), reason('broken')]).toEqual([
      'allowed',
      'no_binding',
      'gate_failed',
    ])
  })
})

describe('a compiled policy', () => {
  it('is frozen through and through', () => {
    const isFrozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(isFrozen))
    expect([Object.isFrozen(POLICY), isFrozen(POLICY.document), isFrozen(POLICY.warnings)]).toEqual(
      [true, true, true],
    )
  })
})

describe('ready', () => {
  it('loads the parser that the catalogue makes a constraint need: the first call answers at once', async () => {
    const policy = parsePolicy(`
tools: [{ name: db.sql, server: db, sql_dialect: postgresql }]
roles: [{ name: r, rules: [{ resources: [db.sql], verbs: [invoke], constraints: { sql_intent: [select] } }] }]
bindings: [{ agent: bot, roles: [r] }]
`)
    const request = { ...READ, resource: 'db.sql', arguments: { query: 'SELECT 1' } }
    const cold = createPolicyEngine({ policy })
    const waiting = cold.begin(request)
    expect([waiting instanceof Promise, (await waiting).decision.effect]).toEqual([true, 'allow'])
    const warm = createPolicyEngine({ policy })
    await warm.ready()
    expect(now<Ticket>(warm.begin(request)).decision.effect).toBe('allow')
  })
})

describe('options', () => {
  it.each<[string, object]>([
    ['no policy', {}],
    ['a promise of a policy', { policy: Promise.resolve(POLICY) }],
    ['a misspelt option', { policy: POLICY, audits: [] }],
    ['an unknown mode', { policy: POLICY, mode: 'off' }],
    ['a sink without write', { policy: POLICY, audit: [{}] }],
    ['a gate without a name', { policy: POLICY, gates: [{ check: () => ({ kind: 'pass' }) }] }],
    ['an unknown limit', { policy: POLICY, limits: { maxDepht: 1 } }],
    ['a limit of zero', { policy: POLICY, limits: { maxSessions: 0 } }],
    ['allowing on audit failure under another name', { policy: POLICY, onAuditFailure: 'allow' }],
    ['an identity provider without identify', { policy: POLICY, identity: {} }],
    [
      'a wait for ever',
      { policy: POLICY, limits: { dispatchTimeoutMs: Number.POSITIVE_INFINITY } },
    ],
    ['a depth that cannot be hashed', { policy: POLICY, limits: { maxArgumentDepth: 1000 } }],
    [
      'approvals that wait for ever',
      { policy: POLICY, approvals: { ask: () => {}, timeoutMs: Number.POSITIVE_INFINITY } },
    ],
    ...['rbac', '1', '__proto__', ''].map((name): [string, object] => [
      `a gate named \`${name}\``,
      { policy: POLICY, gates: [{ name, check: () => {} }] },
    ]),
    [
      'two gates of one name',
      { policy: POLICY, gates: [1, 2].map(() => ({ name: 'same', check: () => {} })) },
    ],
  ])('refuses %s', (_name, options) => {
    expect(() => createPolicyEngine(options as never)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
  })

  it('throws once it is closed, however often', async () => {
    const { engine } = engineWith()
    await engine.close()
    await engine.close()
    const closed = expect.objectContaining({ code: 'ERR_ENGINE_CLOSED' })
    expect(() => engine.begin(READ)).toThrow(closed)
    expect(() => engine.explain(READ)).toThrow(closed)
    expect(() => engine.discover(READ, [])).toThrow(closed)
    expect(() => engine.reload(POLICY)).toThrow(closed)
    await expect(engine.guard(READ, () => 1)).rejects.toMatchObject({ code: 'ERR_ENGINE_CLOSED' })
  })
})
