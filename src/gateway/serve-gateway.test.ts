import { describe, expect, it } from 'vitest'
import type { AuditRecord } from '../core/model/audit-record.ts'
import { parsePolicy } from '../core/policy/parse.ts'
import { deferred } from '../http/serve.fixture.ts'
import { createTestEngine } from '../testing/create-test-engine.ts'
import { createReloads } from './reloads.ts'
import { connect, FakeProcess, POLICY, start, USER_AGENT, WIDER } from './serve-gateway.fixture.ts'
import type { ServableGateway } from './serve-gateway.ts'

describe('a gateway over HTTP', () => {
  it('serves what the policy permits at /mcp', async () => {
    const { mcp } = await start()
    const client = await connect(mcp)
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name).sort()).toEqual(['db__read', 'db__wait'])
    expect(await client.callTool({ name: 'db__read' })).toMatchObject({
      content: [{ text: 'read' }],
    })
  })

  it.each([
    ['a path of nobody', '/else', USER_AGENT, 404],
    ['a path that begins the same', '/mcp/x', USER_AGENT, 404],
    ['a path that probes ask for', '/wp-admin/', USER_AGENT, 403],
    ['a hidden file', '/a/.env', USER_AGENT, 403],
    ['a scanner by its own name', '/else', { 'user-agent': 'sqlmap/1.8 (test)' }, 403],
  ])('answers %s', async (_what, path, headers, status) => {
    const { url } = await start()
    const response = await fetch(`${url}${path}`, { headers })
    expect([response.status, (await response.text()).length < 60]).toEqual([status, true])
  })

  it('tells the engine of them, with the peer and the path, as nobody', async () => {
    const { url, engine } = await start()
    const seen: AuditRecord[] = []
    engine.subscribe((record) => seen.push(record))
    await fetch(`${url}/.env`, { method: 'POST', body: 'x', headers: USER_AGENT })
    expect(
      seen.map(({ agent, resource, reason, kind }) => ({ agent, resource, reason, kind })),
    ).toEqual([
      {
        kind: 'decision',
        agent: 'anonymous',
        resource: 'gateway.other_path',
        reason: 'scanner_detected',
      },
    ])
  })

  it('refuses one peer that asks for too much', async () => {
    const { url } = await start()
    const statuses: (string | number | null)[] = []
    for (let count = 0; count < 4; count++) {
      const response = await fetch(`${url}/else`, { headers: USER_AGENT })
      statuses.push(response.status, response.headers.get('retry-after'))
    }
    expect(statuses).toEqual([404, null, 404, null, 404, null, 403, '20'])
  })

  it('answers 404 where the policy does not look for scanners', async () => {
    const { url, engine } = await start()
    engine.reload(parsePolicy(POLICY.replace('scanner: {', 'scanner: { enabled: false,')))
    expect((await fetch(`${url}/.env`, { headers: USER_AGENT })).status).toBe(404)
  })
})

describe('the side port', () => {
  it('tells that all is well, before anybody has connected and after', async () => {
    const { side, mcp, engine } = await start()
    const before = await fetch(`${side}/healthz`)
    expect([before.status, await before.json()]).toMatchObject([
      200,
      { status: 'ok', sessions: 0, upstreams: { db: { state: 'starting', restarts: 0 } } },
    ])
    const client = await connect(mcp)
    await client.listTools()
    const after = await fetch(`${side}/healthz`)
    expect([after.status, await after.json()]).toMatchObject([
      200,
      {
        status: 'ok',
        sessions: 1,
        policy_digest: engine.context().policy_digest,
        upstreams: { db: { state: 'up', last_error: null } },
      },
    ])
  })

  it('tells that no server can be reached', async () => {
    const { side, mcp } = await start({ upstream: { command: '/nowhere/at/all' } })
    const client = await connect(mcp)
    await client.listTools()
    const response = await fetch(`${side}/healthz`)
    expect([response.status, await response.json()]).toMatchObject([
      503,
      { status: 'unavailable', upstreams: { db: { state: 'down' } } },
    ])
  })

  it('counts decisions, sessions, servers and reloads, and names nobody', async () => {
    const { side, mcp, url, writePolicy } = await start()
    const client = await connect(mcp)
    await client.callTool({ name: 'db__read' })
    await fetch(`${url}/.env`, { headers: USER_AGENT })
    writePolicy('roles: 7')
    await fetch(`${side}/reload`, { method: 'POST' })
    const response = await fetch(`${side}/metrics`)
    const text = await response.text()
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    for (const line of [
      '# TYPE callgate_decisions_total counter',
      'callgate_decisions_total{effect="deny"} 1',
      'callgate_reasons_total{reason="scanner_detected"} 1',
      'callgate_calls_in_flight 0',
      'callgate_gateway_sessions 1',
      'callgate_upstream_state{upstream="db",state="up"} 1',
      'callgate_upstream_state{upstream="db",state="down"} 0',
      'callgate_upstream_restarts_total{upstream="db"} 0',
      'callgate_policy_reloads_total{result="failed"} 1',
    ])
      expect(`\n${text}`).toContain(`\n${line}\n`)
    expect(text).toMatch(/\ncallgate_decisions_total\{effect="allow"\} [1-9]/)
    expect(text).not.toContain('support-bot')
    expect(text.match(/^(?!# (?:HELP|TYPE) |[a-z_]+(?:\{[^}]*\})? \d+$).+$/gm)).toBeNull()
  })

  it('reloads the policy, and keeps the last good one', async () => {
    const { side, mcp, writePolicy, engine } = await start()
    const client = await connect(mcp)
    const names = async () => (await client.listTools()).tools.map(({ name }) => name).sort()
    const post = () => fetch(`${side}/reload`, { method: 'POST' })
    writePolicy(WIDER)
    const good = await post()
    expect([good.status, await good.json()]).toEqual([
      200,
      { ok: true, policy_digest: engine.context().policy_digest },
    ])
    expect(await names()).toEqual(['db__drop', 'db__read', 'db__wait'])
    writePolicy('roles: 7\nbindings: 8')
    const bad = await post()
    expect([bad.status, await bad.json()]).toEqual([
      422,
      { ok: false, code: 'ERR_POLICY_INVALID', problems: 2 },
    ])
    expect(await names()).toEqual(['db__drop', 'db__read', 'db__wait'])
  })

  it.each([
    ['GET', '/reload', {}, 405, 'POST'],
    ['POST', '/healthz', {}, 405, 'GET, HEAD'],
    ['OPTIONS', '/metrics', {}, 405, 'GET, HEAD'],
    ['HEAD', '/healthz', {}, 200, null],
    ['GET', '/', {}, 404, null],
    ['GET', '/constructor', {}, 404, null],
    ['POST', '/reload', { origin: 'https://evil.example' }, 403, null],
    ['GET', '/metrics', { origin: 'null' }, 403, null],
  ])('answers %s %s with headers %j', async (method, path, headers, status, allow) => {
    const { side, engine } = await start()
    const before = engine.context().policy_digest
    const response = await fetch(`${side}${path}`, {
      method,
      headers: headers as Record<string, string>,
    })
    expect([response.status, response.headers.get('allow')]).toEqual([status, allow])
    expect(engine.context().policy_digest).toBe(before)
  })
})

describe('signals', () => {
  it('SIGHUP reloads, and says what is wrong with a policy that is not taken', async () => {
    const { signals, said, writePolicy, engine } = await start()
    const reloaded = (policy: string) =>
      new Promise<void>((resolve) => {
        writePolicy(policy)
        const push = said.push.bind(said)
        said.push = (line) => {
          if (line.startsWith('policy ')) resolve()
          return push(line)
        }
        signals.emit('SIGHUP')
      })
    await reloaded(WIDER)
    const digest = parsePolicy(WIDER).digest
    expect(said.at(-1)).toBe(`policy reloaded: ${digest}`)
    await reloaded('roles: 7')
    expect(said.at(-1)).toContain('the last good one stays in force:\n  policy:1:8: wrong_type')
    expect(engine.context().policy_digest).toBe(digest)
  })

  it.each(['SIGTERM', 'SIGINT'])(
    '%s lets a call under way end, then exits with 0',
    async (signal) => {
      const { signals, mcp, url, side, waiting, go, ended, engine } = await start()
      const client = await connect(mcp)
      const running = client.callTool({ name: 'db__wait' })
      await waiting
      signals.emit(signal)
      const health = await fetch(`${side}/healthz`)
      expect([health.status, await health.json()]).toMatchObject([503, { status: 'draining' }])
      await expect(fetch(`${url}/else`)).rejects.toThrow()
      go()
      expect(await running).toMatchObject({ content: [{ text: 'waited' }] })
      expect(await ended).toBe(0)
      expect(signals.exits).toEqual([])
      expect(() => engine.explain({} as never)).toThrow(/closed/)
      await expect(fetch(`${side}/healthz`)).rejects.toThrow()
    },
  )

  it('waits no longer than it may', async () => {
    const { signals, mcp, waiting, ended } = await start({ drainMs: 20 })
    const client = await connect(mcp)
    const running = client.callTool({ name: 'db__wait' }).catch(() => 'cut')
    await waiting
    signals.emit('SIGTERM')
    expect(await ended).toBe(0)
    await client.close()
    expect(await running).toBe('cut')
  })

  it('a second one ends at once', async () => {
    const { signals, mcp, waiting } = await start()
    const client = await connect(mcp)
    const running = client.callTool({ name: 'db__wait' }).catch(() => 'cut')
    await waiting
    signals.emit('SIGTERM')
    signals.emit('SIGINT')
    expect(signals.exits).toEqual([4])
    await client.close()
    await running
  })

  it('are let go of when all is over', async () => {
    const { signals, ended } = await start()
    signals.emit('SIGTERM')
    await ended
    expect(signals.eventNames()).toEqual([])
  })
})

describe('a gateway over stdio', () => {
  const tiny = (serveStdio: () => Promise<void>): ServableGateway & { closed: number } => ({
    closed: 0,
    serveStdio,
    fetch: async () => new Response(),
    health: () => ({}),
    sessions: () => 0,
    drain: async () => undefined,
    async close() {
      this.closed++
    },
  })

  it('ends when its agent goes away', async () => {
    const gone = deferred()
    const gateway = tiny(() => gone.promise)
    const { ended } = await startTiny(gateway)
    gone.resolve()
    expect([await ended, gateway.closed]).toEqual([0, 1])
  })

  it('ends by a signal while its agent is there', async () => {
    const gateway = tiny(() => new Promise(() => undefined))
    const { ended, signals } = await startTiny(gateway)
    signals.emit('SIGTERM')
    expect([await ended, gateway.closed]).toEqual([0, 1])
  })

  it('gives the fault of a gateway that cannot serve, and closes it', async () => {
    const gateway = tiny(() => Promise.reject(new Error('no SDK')))
    const { ended } = await startTiny(gateway)
    await expect(ended).rejects.toThrow('no SDK')
    expect(gateway.closed).toBe(1)
  })

  async function startTiny(gateway: ServableGateway) {
    const signals = new FakeProcess()
    const { ended } = await start(
      { gateway, http: undefined, side: undefined, process: signals, say: () => undefined },
      false,
    )
    return { ended, signals }
  }
})

describe('reloads', () => {
  it('run one at a time: those asked for meanwhile are one more', async () => {
    const engine = createTestEngine({ policy: POLICY })
    const go = deferred()
    let loads = 0
    const reloads = createReloads(
      engine,
      async () => {
        loads++
        await go.promise
        return parsePolicy(WIDER)
      },
      () => undefined,
    )
    const all = Array.from({ length: 5 }, () => reloads.reload())
    go.resolve()
    const done = await Promise.all(all)
    expect([loads, done.every(({ ok }) => ok), reloads.counts()]).toEqual([
      2,
      true,
      { succeeded: 2, failed: 0 },
    ])
  })

  it('fail where the policy needs what nobody has given', async () => {
    const engine = createTestEngine({ policy: POLICY })
    const reloads = createReloads(
      engine,
      () => Promise.reject(Object.assign(new Error('gone'), { code: 'ENOENT' })),
      () => undefined,
    )
    expect(await reloads.reload()).toMatchObject({ ok: false, problems: 0 })
    expect(engine.context().policy_digest).toBe(parsePolicy(POLICY).digest)
  })
})
