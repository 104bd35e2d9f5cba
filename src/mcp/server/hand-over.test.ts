import { describe, expect, it } from 'vitest'
import { createTestEngine, type TestEngine } from '../../testing/create-test-engine.ts'
import type { IncomingRequest, RequestHandler } from '../host.ts'
import { HOSTS, type Host, type HostServer, text } from '../hosts.fixture.ts'
import { policyOf } from '../matrix.fixture.ts'
import { unwrapMcpServer, wrapMcpServer } from '../wrap-mcp-server.ts'

/** Code of the host, or of what watches it, takes handlers out of a server and calls them itself. */

const OPTIONS = { server: 'db', subject: { agent: 'bot' } }

interface Served {
  readonly made: HostServer
  readonly engine: TestEngine
  /** What has run. */
  readonly ran: string[]
}

function served(host: Host, policy = policyOf(['db.open'])): Served {
  const ran: string[] = []
  const made = host.make()
  for (const name of ['open', 'secret'])
    made.tool(name, () => {
      ran.push(name)
      return { content: [text(name)] }
    })
  const engine = createTestEngine({ policy })
  wrapMcpServer(made.server, engine, OPTIONS)
  return { made, engine, ran }
}

function asked(name: string, args: object = {}): IncomingRequest {
  return { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }
}

/** What SDKs hand to handlers, used for several requests. */
function sharedExtra({ major }: Host): object {
  const { signal } = new AbortController()
  return major === 1
    ? { signal, requestId: 1 }
    : { mcpReq: { id: 1, method: 'tools/call', signal, requestState: () => undefined } }
}

async function tried(run: () => unknown): Promise<void> {
  try {
    await run()
  } catch {
    // Denied by an error.
  }
}

function handlerOf({ made }: Served, method = 'tools/call'): RequestHandler {
  const handler = made.inner._requestHandlers.get(method)
  if (handler === undefined) throw new Error(`no handler of ${method}`)
  return handler
}

const decisions = ({ engine }: Served): number =>
  engine.records().filter(({ kind }) => kind === 'decision').length

describe.each(HOSTS)('handlers of $name', (host) => {
  it('judge each request, whatever context it comes with', async () => {
    const one = served(host)
    const extra = sharedExtra(host)
    await tried(() => handlerOf(one)(asked('open'), extra))
    await tried(() => handlerOf(one)(asked('secret'), extra))
    // At the same time too.
    await Promise.all(
      ['open', 'secret', 'open'].map((name) => tried(() => handlerOf(one)(asked(name), extra))),
    )
    expect(one.ran).toEqual(['open', 'open', 'open'])
  })

  it('judge a request again that was changed on its way from one to another', async () => {
    const one = served(host)
    const before = handlerOf(one)
    one.made.inner._requestHandlers.set('tools/call', (request, extra) => {
      Object.assign(request.params ?? {}, { name: 'secret' })
      return before(request, extra)
    })
    await tried(() => handlerOf(one)(asked('open'), sharedExtra(host)))
    expect(one.ran).toEqual([])
  })

  it('judge a call once where one calls the other, with its context or a copy', async () => {
    const one = served(host)
    const first = handlerOf(one)
    one.made.inner._requestHandlers.set('tools/call', (request, extra) => first(request, extra))
    const second = handlerOf(one)
    one.made.inner._requestHandlers.set('tools/call', (request, extra) =>
      second({ ...request }, { ...(extra as object) }),
    )
    const wire = await host.connect(one.made)
    const { result } = await wire.speak('tools/call', { name: 'open', arguments: {} })
    await wire.close()
    expect(result).toMatchObject({ content: [text('open')] })
    expect([one.ran, decisions(one)]).toEqual([['open'], 1])
  })

  it('are guarded in a map that replaces theirs, and when they are put into it', async () => {
    const one = served(host)
    const { inner } = one.made
    inner._requestHandlers = new Map(inner._requestHandlers)
    const note = (what: string) => () => {
      one.ran.push(what)
      return { content: [] }
    }
    inner._requestHandlers.set('tools/call', note('replaced'))
    Map.prototype.set.call(inner._requestHandlers, 'acme/late', note('late'))
    const wire = await host.connect(one.made)
    await wire.speak('tools/call', { name: 'secret', arguments: {} })
    await wire.speak('acme/late')
    await wire.close()
    expect(one.ran).toEqual([])
  })

  it('are guarded however they are looked up', async () => {
    const one = served(host)
    const { _requestHandlers: map } = one.made.inner
    const found = [
      Map.prototype.get.call(map, 'tools/call'),
      new Map(map).get('tools/call'),
      [...Map.prototype.entries.call(map)].find(([name]) => name === 'tools/call')?.[1],
    ] as RequestHandler[]
    for (const handler of found) await tried(() => handler(asked('secret'), sharedExtra(host)))
    expect([found.length, one.ran]).toEqual([3, []])
  })

  it('are given back as they were, though they were read and put back meanwhile', () => {
    const made = host.make()
    made.tool('open', () => ({ content: [] }))
    const before = made.inner._requestHandlers.get('tools/call')
    wrapMcpServer(made.server, createTestEngine({ policy: policyOf([]) }), OPTIONS)
    const map = made.inner._requestHandlers
    map.set('tools/call', map.get('tools/call') as RequestHandler)
    unwrapMcpServer(made.server)
    expect(made.inner._requestHandlers.get('tools/call')).toBe(before)
  })

  it('get what was judged, though the caller changes it meanwhile', async () => {
    const read: string[] = []
    const made = host.make()
    for (const uri of ['file:///open', 'file:///secret'])
      made.resource(uri, (asked) => {
        read.push(asked)
        return { contents: [] }
      })
    let resolve = (): void => undefined
    const promise = new Promise<void>((done) => {
      resolve = done
    })
    const engine = createTestEngine({ policy: policyOf(['resource:db/file:///open']) })
    const identity = (): Promise<{ agent: string }> => promise.then(() => ({ agent: 'bot' }))
    wrapMcpServer(made.server, engine, { server: 'db', identity })
    const wire = await host.connect(made)
    const params = { uri: 'file:///open' }
    const answer = wire.speak('resources/read', params)
    await wire.settle()
    params.uri = 'file:///secret'
    resolve()
    await answer
    await wire.close()
    expect(read).toEqual(['file:///open'])
  })
})
