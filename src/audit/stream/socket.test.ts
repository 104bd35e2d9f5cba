import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { recordOf } from '../record.fixture.ts'
import { manualTimers } from '../timers.fixture.ts'
import type { StreamViewer } from './events.ts'
import type { StreamSocket } from './socket.ts'
import { named, type ReceivedEvent, serveOnLoopback } from './stream.fixture.ts'
import { type StreamSinkOptions, streamSink } from './stream-sink.ts'

const SYSTEM: StreamViewer = { sees: 'all', filter: { families: ['system'] } }

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

type Attach = (socket: WebSocket, sink: ReturnType<typeof streamSink>) => boolean

/** A real server of WebSockets, each attached to one stream. */
async function setUp(options: StreamSinkOptions, attach: Attach) {
  const timers = manualTimers()
  const sink = streamSink({ timers, ...options })
  const served = await serveOnLoopback(() => new Response(null, { status: 404 }))
  const sockets = new WebSocketServer({ server: served.server })
  const attached: boolean[] = []
  sockets.on('connection', (socket) => attached.push(attach(socket, sink)))
  cleanups.push(() => served.stop())
  cleanups.push(() => {
    for (const socket of sockets.clients) socket.terminate()
    sockets.close()
    sink.close()
  })
  const connect = async (settings: { autoPong?: boolean } = {}) => {
    const client = new WebSocket(served.url.replace('http', 'ws'), settings)
    const messages: ReceivedEvent[] = []
    const closed = new Promise<number>((resolve) => client.on('close', resolve))
    client.on('message', (data) => messages.push(JSON.parse(String(data)) as ReceivedEvent))
    cleanups.push(() => client.terminate())
    const before = attached.length
    await new Promise((resolve) => client.on('open', resolve))
    await expect.poll(() => attached.length).toBeGreaterThan(before)
    return { client, messages, closed }
  }
  return { sink, timers, connect, attached }
}

/** A socket as browsers have it: events, and no word of when something was sent. */
function browserLike(socket: WebSocket): StreamSocket {
  return {
    get bufferedAmount() {
      return socket.bufferedAmount
    },
    get readyState() {
      return socket.readyState
    },
    send: (text) => socket.send(text),
    close: (code, reason) => socket.close(code, reason),
    addEventListener: (event: string, listener: () => void) =>
      socket.addEventListener(event as 'close', listener),
  }
}

describe('WebSockets', () => {
  it.each<[string, Attach]>([
    ['of ws', (socket, sink) => sink.attach(socket, SYSTEM)],
    ['of the web platform', (socket, sink) => sink.attach(browserLike(socket), SYSTEM)],
  ])('%s get events, and are cleaned up when they close', async (_what, attach) => {
    const { sink, connect, timers } = await setUp({}, attach)
    const { client, messages } = await connect()
    sink.write([recordOf(1), recordOf(2)])
    await expect.poll(() => messages.map(named)).toEqual(['system decision 1', 'system decision 2'])
    client.close()
    await expect.poll(() => sink.stats().clients).toBe(0)
    expect([sink.stats().ended.gone, timers.pending()]).toEqual([1, 0])
  })

  it('go on after the last event they name', async () => {
    let lastEventId: string | undefined
    const { sink, connect } = await setUp({}, (socket, stream) =>
      stream.attach(socket, { ...SYSTEM, lastEventId }),
    )
    const first = await connect()
    sink.write([recordOf(1), recordOf(2)])
    await expect.poll(() => first.messages.length).toBe(2)
    lastEventId = first.messages[0]?.id
    const second = await connect()
    await expect.poll(() => second.messages.map(named)).toEqual(['system decision 2'])
  })

  it('are bounded for each user, and refused without one', async () => {
    const viewers: StreamViewer[] = [{ user: 'ada' }, { user: 'ada' }, {}]
    const { connect, attached } = await setUp({ perUser: 1 }, (socket, stream) =>
      stream.attach(socket, viewers.shift()),
    )
    await connect()
    const codes = [await (await connect()).closed, await (await connect()).closed]
    expect([attached, codes]).toEqual([
      [true, false, false],
      [1013, 1008],
    ])
  })

  it('that answer no ping until the next heartbeat are ended; those that do stay', async () => {
    let pongs = 0
    const { sink, timers, connect } = await setUp({}, (socket, stream) => {
      const isAttached = stream.attach(socket, SYSTEM)
      socket.on('pong', () => {
        pongs += 1
      })
      return isAttached
    })
    await connect()
    const dead = await connect({ autoPong: false })
    timers.advance(15_000)
    await expect.poll(() => pongs).toBe(1)
    timers.advance(15_000)
    expect(await dead.closed).toBe(1006)
    expect([sink.stats().clients, sink.stats().ended.dead]).toEqual([1, 1])
  })

  it('that do not read are bounded, told what they have missed, and ended', async () => {
    const { sink, timers, connect } = await setUp({ queue: 10 }, (socket, stream) =>
      stream.attach(browserLike(socket), SYSTEM),
    )
    const { client, messages, closed } = await connect()
    client.pause()
    const big = { tool: 'x'.repeat(500_000) }
    for (let seq = 1; seq <= 60; seq++) sink.write([recordOf(seq, big)])
    timers.advance(15_000)
    for (let seq = 61; seq <= 120; seq++) sink.write([recordOf(seq, big)])
    timers.advance(15_000)
    expect([sink.stats().clients, sink.stats().ended.slow]).toEqual([0, 1])
    client.resume()
    expect(await closed).toBe(1013)
    const lost = messages.at(-1)?.data as { type: string; count: number }
    expect([lost.type, lost.count + messages.length - 1]).toEqual(['dropped', 120])
    expect(timers.pending()).toBe(0)
  })

  it('that a poll finds ready again go on, without a word of theirs', () => {
    const timers = manualTimers()
    const sink = streamSink({ timers })
    const sent: string[] = []
    const socket = {
      bufferedAmount: 0,
      send: (text: string) => void sent.push(text),
      close: () => undefined,
      addEventListener: () => undefined,
    }
    sink.attach(socket, SYSTEM)
    socket.bufferedAmount = 100_000
    sink.write([recordOf(1)])
    timers.advance(100)
    expect(sent).toEqual([])
    socket.bufferedAmount = 0
    timers.advance(100)
    expect(sent).toHaveLength(1)
    sink.close()
    expect(timers.pending()).toBe(0)
  })

  it.each<[string, object]>([
    ['cannot be bounded', { send: () => undefined, close: () => undefined, on: () => undefined }],
    ['tells no events', { send: () => undefined, close: () => undefined, bufferedAmount: 0 }],
  ])('a socket that %s is refused', (_what, socket) => {
    expect(() => streamSink().attach(socket as StreamSocket, SYSTEM)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
  })
})
