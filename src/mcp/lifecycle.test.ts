import { describe, expect, it } from 'vitest'
import type { AuditRecord } from '../core/model/audit-record.ts'
import { parsePolicy } from '../core/policy/parse.ts'
import { createPolicyEngine } from '../engine/create-policy-engine.ts'
import {
  createTestEngine,
  type TestEngine,
  type TestEngineOptions,
} from '../testing/create-test-engine.ts'
import { HOSTS, type Host, type HostServer, text, textOf, type Wire } from './hosts.fixture.ts'
import { policyOf } from './matrix.fixture.ts'
import { wrapMcpServer } from './wrap-mcp-server.ts'

/** What happens while servers run: new policies, many calls at once, and what goes wrong. */

interface Served {
  readonly engine: TestEngine
  readonly made: HostServer
  readonly wire: Wire
}

async function served(
  host: Host,
  fill: (made: HostServer) => void,
  more: Partial<TestEngineOptions> = {},
): Promise<Served> {
  const engine = createTestEngine({ policy: policyOf(['db.*']), ...more })
  const made = host.make()
  fill(made)
  wrapMcpServer(made.server, engine, { server: 'db', subject: { agent: 'bot' } })
  const wire = await host.connect(made)
  // Some versions take a request of the id 0 for none when it is cancelled.
  await wire.client.listTools().catch(() => undefined)
  return { engine, made, wire }
}

/** A promise, and who keeps it. */
function later<T>(): { promise: Promise<T>; resolve(value: T): void } {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((keep) => {
    resolve = keep
  })
  return { promise, resolve }
}

/** The record that closes a call, once it is written. */
function outcomeOf(engine: TestEngine): Promise<AuditRecord> {
  return new Promise((resolve) => {
    const stop = engine.subscribe((record) => {
      if (record.kind !== 'outcome') return
      stop()
      resolve(record)
    })
  })
}

const read = (made: HostServer): void => {
  made.tool('read', () => ({ content: [text('rows')] }))
}

describe.each(HOSTS)('$name', (host) => {
  it('judges by the new policy as soon as there is one', async () => {
    const { engine, wire } = await served(host, read)
    const names = async (): Promise<string[]> =>
      ((await wire.speak('tools/list')).result as { tools: { name: string }[] }).tools.map(
        ({ name }) => name,
      )
    expect(await names()).toEqual(['read'])
    engine.reload(parsePolicy(policyOf(['db.other'])))
    expect(await names()).toEqual([])
    const hidden = await wire.speak('tools/call', { name: 'read', arguments: {} })
    expect(JSON.stringify(hidden)).toContain('Tool read not found')
    engine.reload(parsePolicy(policyOf(['db.read'])))
    expect(await names()).toEqual(['read'])
    await wire.close()
  })

  it('answers calls that are under way at once, each its own', async () => {
    const gates = new Map<string, ReturnType<typeof later<void>>>()
    const ids = ['a', 'b', 'c', 'd']
    for (const id of ids) gates.set(id, later())
    const { engine, wire } = await served(host, (made) =>
      made.tool('read', async ({ text: id }) => {
        await gates.get(String(id))?.promise
        return { content: [text(`rows of ${String(id)}`)] }
      }),
    )
    const calls = ids.map((id) => wire.client.callTool({ name: 'read', arguments: { text: id } }))
    for (const id of [...ids].reverse()) gates.get(id)?.resolve()
    const answers = await Promise.all(calls)
    await wire.close()
    expect(answers.map(textOf)).toEqual(ids.map((id) => `rows of ${id}`))
    expect(engine.records().filter(({ kind }) => kind === 'outcome')).toHaveLength(4)
  })

  it('tells the tool when its caller gives up, and records that', async () => {
    const started = later<AbortSignal>()
    const { engine, wire } = await served(host, (made) =>
      made.tool('read', (_args, { signal }) => {
        started.resolve(signal)
        // It hears of it, and never answers.
        return new Promise(() => undefined)
      }),
    )
    const outcome = outcomeOf(engine)
    const caller = new AbortController()
    const call = wire.client
      .callTool({ name: 'read', arguments: {} }, ...abortable(host, caller.signal))
      .catch((error: unknown) => error)
    const signal = await started.promise
    expect(signal.aborted).toBe(false)
    caller.abort('enough')
    await call
    expect(await outcome).toMatchObject({ resource: 'db.read', status: 'cancelled' })
    expect(signal.aborted).toBe(true)
    await wire.close()
  })

  it('closes calls whose client is gone', async () => {
    const started = later<void>()
    const { engine, wire } = await served(host, (made) =>
      made.tool('read', () => {
        started.resolve()
        return new Promise(() => undefined)
      }),
    )
    const outcome = outcomeOf(engine)
    void wire.client.callTool({ name: 'read', arguments: {} }).catch(() => undefined)
    await started.promise
    await wire.close()
    // 1.10 tells handlers nothing of that.
    if (host.major === 1 && host.isOldest) return
    expect(await outcome).toMatchObject({ status: 'cancelled' })
  })

  it('goes on with other calls where one tool never answers', async () => {
    const { wire } = await served(host, (made) => {
      read(made)
      made.tool('stuck', () => new Promise(() => undefined))
    })
    void wire.client.callTool({ name: 'stuck', arguments: {} }).catch(() => undefined)
    expect(textOf(await wire.client.callTool({ name: 'read', arguments: {} }))).toBe('rows')
    await wire.close()
  })

  it('lets nothing in, and nothing out, once the engine is closed', async () => {
    const ran: string[] = []
    const run = (): object => {
      ran.push('ran')
      return { content: [text('the prize')] }
    }
    const { engine, made, wire } = await served(
      host,
      (one) => {
        one.tool('read', run)
        one.resource('file:///a', run)
        one.prompt('ask', run)
        one.onRequest('acme/read', run)
        one.onNotification('acme/told', run)
      },
      { policy: policyOf(['db.*', 'prompt:db/*', 'resource:db/*']) },
    )
    await engine.close()
    const asked = [
      ['tools/call', { name: 'read', arguments: {} }],
      ['tools/list', {}],
      ['resources/read', { uri: 'file:///a' }],
      ['prompts/get', { name: 'ask', arguments: { value: 'x' } }],
      ['acme/read', {}],
    ] as const
    for (const [method, params] of asked)
      expect(await wire.speak(method, params)).toHaveProperty('error')
    await wire.notify('acme/told')
    await made.notify('notifications/message', { level: 'info', data: 'the prize' }).catch(() => {})
    await wire.settle()
    await wire.close()
    expect(ran).toEqual([])
    expect(JSON.stringify(wire.heard)).not.toContain('the prize')
  })

  it('runs nothing that cannot be recorded', async () => {
    const ran: string[] = []
    const made = host.make()
    made.tool('read', () => {
      ran.push('read')
      return { content: [text('rows')] }
    })
    // The test engine has a sink of its own that takes every record.
    const engine = createPolicyEngine({
      policy: parsePolicy(policyOf(['db.*'])),
      onDiagnostic: () => undefined,
      audit: [
        {
          name: 'full',
          write: () => {
            throw new Error('no room')
          },
        },
      ],
    })
    wrapMcpServer(made.server, engine, { server: 'db', subject: { agent: 'bot' } })
    const wire = await host.connect(made)
    const result = await wire.client.callTool({ name: 'read', arguments: {} })
    await wire.close()
    expect(textOf(result)).toContain('audit_unavailable')
    expect(JSON.stringify(result)).not.toContain('no room')
    expect(ran).toEqual([])
  })

  it('waits for a sink that takes its time', async () => {
    const slow = later<void>()
    const ran: string[] = []
    const { wire } = await served(
      host,
      (made) =>
        made.tool('read', () => {
          ran.push('read')
          return { content: [text('rows')] }
        }),
      { audit: [{ name: 'slow', write: () => slow.promise }] },
    )
    const call = wire.client.callTool({ name: 'read', arguments: {} })
    await new Promise((resolve) => setImmediate(resolve))
    expect(ran).toEqual([])
    slow.resolve()
    expect(textOf(await call)).toBe('rows')
    await wire.close()
  })

  it('runs nothing that was given up while it was judged', async () => {
    const ran: string[] = []
    const judging = later<void>()
    const asked = later<void>()
    const { wire } = await served(
      host,
      (made) =>
        made.tool('read', () => {
          ran.push('read')
          return { content: [text('rows')] }
        }),
      {
        gates: [
          {
            name: 'slow',
            async check() {
              asked.resolve()
              await judging.promise
              return { kind: 'pass' }
            },
          },
        ],
      },
    )
    const caller = new AbortController()
    const call = wire.client
      .callTool({ name: 'read', arguments: {} }, ...abortable(host, caller.signal))
      .catch(() => undefined)
    await asked.promise
    caller.abort()
    await call
    judging.resolve()
    await wire.settle()
    await wire.close()
    expect(ran).toEqual([])
  })
})

/** Where `callTool` takes its options. */
function abortable({ major }: Host, signal: AbortSignal): unknown[] {
  return major === 1 ? [undefined, { signal }] : [{ signal }]
}

// In the 2026-07-28 protocol clients subscribe first, at the entry.
describe.each(HOSTS.filter(({ era }) => era === 'legacy'))('a reload on $name', (host) => {
  it('is told to every client that is connected', async () => {
    const engine = createTestEngine({ policy: policyOf(['db.*']) })
    const wires: Wire[] = []
    for (let client = 0; client < 2; client++) {
      const made = host.make()
      read(made)
      made.prompt('ask', () => ({ messages: [] }))
      made.resource('file:///a', () => ({ contents: [] }))
      wrapMcpServer(made.server, engine, { server: 'db', subject: { agent: 'bot' } })
      wires.push(await host.connect(made))
    }
    engine.reload(parsePolicy(policyOf(['db.other'])))
    for (const wire of wires) {
      await wire.hear('notifications/tools/list_changed')
      await wire.hear('notifications/prompts/list_changed')
      await wire.hear('notifications/resources/list_changed')
      await wire.close()
    }
  })

  it('is no news to a client of a server without lists', async () => {
    const engine = createTestEngine({ policy: policyOf(['db.*']) })
    const made = host.make({ capabilities: {} })
    read(made)
    wrapMcpServer(made.server, engine, { server: 'db', subject: { agent: 'bot' } })
    const wire = await host.connect(made)
    engine.reload(parsePolicy(policyOf(['db.other'])))
    await wire.settle()
    await wire.close()
    expect(wire.heard.filter(({ method }) => method !== undefined)).toMatchObject([
      { method: 'notifications/tools/list_changed' },
    ])
  })
})
