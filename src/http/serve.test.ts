import { describe, expect, it } from 'vitest'
import { isCallgateError } from '../core/model/errors.ts'
import type { HttpHandler } from './handler.ts'
import {
  ask,
  deferred,
  dial,
  serveHere,
  statusOf,
  takenPort,
  untilClosed,
  untilSaid,
} from './serve.fixture.ts'
import { serve } from './serve.ts'

const hello: HttpHandler = async () => new Response('hello')

describe('the hosts and origins of a request', () => {
  it.each([
    ['localhost with the port', {}, (port: number) => `localhost:${port}`, 200],
    ['127.0.0.1 with the port', {}, (port: number) => `127.0.0.1:${port}`, 200],
    ['[::1] with the port', {}, (port: number) => `[::1]:${port}`, 200],
    ['capitals', {}, (port: number) => `LOCALHOST:${port}`, 200],
    ['another port', {}, (port: number) => `localhost:${port === 1 ? 2 : port - 1}`, 403],
    ['no port', {}, () => 'localhost', 403],
    ['a name of the web', {}, (port: number) => `evil.example:${port}`, 403],
    ['a name that begins the same', {}, (port: number) => `localhost.evil.example:${port}`, 403],
    ['a name with a user', {}, (port: number) => `localhost:${port}@evil.example`, 400],
    ['a trailing dot', {}, (port: number) => `localhost.:${port}`, 403],
    ['one allowed on any port', { allowedHosts: ['gw.example'] }, () => 'gw.example:8443', 200],
    ['one allowed without a port', { allowedHosts: ['GW.example'] }, () => 'gw.example', 200],
    ['one allowed on one port', { allowedHosts: ['gw.example:8443'] }, () => 'gw.example:1', 403],
    [
      'loopback, where others are',
      { allowedHosts: ['gw.example'] },
      (p: number) => `localhost:${p}`,
      403,
    ],
    ['a name, on all addresses', { host: '0.0.0.0' }, (p: number) => `gw.example:${p}`, 403],
  ])('%s', async (_what, options, hostOf, status) => {
    const { port } = await serveHere(hello, options)
    expect(statusOf(await ask(port, 'GET / HTTP/1.1', `host: ${hostOf(port)}`))).toBe(status)
  })

  it.each([
    ['its own', {}, (port: number) => `http://localhost:${port}`, 200],
    ['one of the web', {}, () => 'https://evil.example', 403],
    ['the same name by https', {}, (port: number) => `https://localhost:${port}`, 403],
    ['that of a file', {}, () => 'null', 403],
    ['an empty one', {}, () => '', 403],
    [
      'one that is allowed',
      { allowedOrigins: ['https://app.example'] },
      () => 'https://app.example',
      200,
    ],
  ])('origin: %s', async (_what, options, originOf, status) => {
    const { port } = await serveHere(hello, options)
    const lines = ['GET / HTTP/1.1', `host: localhost:${port}`, `origin: ${originOf(port)}`]
    expect(statusOf(await ask(port, ...lines))).toBe(status)
  })

  it('refuses two origins, one of them its own', async () => {
    const { port } = await serveHere(hello)
    const own = `origin: http://localhost:${port}`
    const lines = ['GET / HTTP/1.1', `host: localhost:${port}`, own, 'origin: https://evil.example']
    expect(statusOf(await ask(port, ...lines))).toBe(403)
  })

  it.each([
    ['two hosts', '/', (port: number) => [`host: localhost:${port}`, 'host: evil.example'], 400],
    [
      'another host in its line',
      'http://evil.example/',
      (p: number) => [`host: localhost:${p}`],
      400,
    ],
    ['no host', '/', () => [], 400],
    ['no path', '*', (port: number) => [`host: localhost:${port}`], 400],
  ])('refuses a request with %s', async (_what, target, linesOf, status) => {
    const { port } = await serveHere(hello)
    expect(statusOf(await ask(port, `GET ${target} HTTP/1.1`, ...linesOf(port)))).toBe(status)
  })

  it('takes a path that looks like a host for a path', async () => {
    const { port } = await serveHere(async ({ url }) => new Response(url))
    const answer = await ask(port, 'GET //evil.example/x HTTP/1.1', `host: localhost:${port}`)
    expect(answer).toContain(`http://localhost:${port}//evil.example/x`)
  })

  it('does not ask the handler', async () => {
    let asked = 0
    const { port } = await serveHere(async () => {
      asked++
      return new Response()
    })
    await ask(port, 'GET / HTTP/1.1', 'host: evil.example')
    expect(asked).toBe(0)
  })
})

describe('slow and many clients', () => {
  it('cuts off who does not finish its headers', async () => {
    const { port } = await serveHere(hello, { headersTimeoutMs: 100 })
    const socket = dial(port)
    socket.write('GET / HTTP/1.1\r\nhost: local')
    expect(statusOf(await untilClosed(socket))).toBe(408)
  })

  it('cuts off who does not finish its body', async () => {
    const { port } = await serveHere(async (request) => new Response(await request.text()), {
      requestTimeoutMs: 100,
    })
    const socket = dial(port)
    socket.write(`POST / HTTP/1.1\r\nhost: localhost:${port}\r\ncontent-length: 10\r\n\r\nabc`)
    const answer = await untilClosed(socket)
    expect([0, 408]).toContain(statusOf(answer))
  })

  it('serves others while one is slow', async () => {
    const { port, url } = await serveHere(hello)
    dial(port).write('GET / HTTP/1.1\r\nhost: local')
    expect(await (await fetch(url)).text()).toBe('hello')
  })

  it('takes no more connections than it may', async () => {
    const { port } = await serveHere(hello, { maxConnections: 1 })
    const first = dial(port)
    first.write(`GET / HTTP/1.1\r\nhost: localhost:${port}\r\n\r\n`)
    await untilSaid(first, 'hello')
    expect(await untilClosed(dial(port))).toBe('')
  })

  it('refuses headers that are too long', async () => {
    const { port } = await serveHere(hello)
    const lines = ['GET / HTTP/1.1', `host: localhost:${port}`, `x: ${'x'.repeat(20_000)}`]
    expect(statusOf(await ask(port, ...lines))).toBe(431)
  })
})

describe('the end of a server', () => {
  it('drains: requests under way end, new connections are refused', async () => {
    const [begun, go] = [deferred(), deferred()]
    const served = await serveHere(async () => {
      begun.resolve()
      await go.promise
      return new Response('done')
    })
    const running = fetch(served.url)
    await begun.promise
    const drained = served.drain(60_000)
    await expect(fetch(served.url)).rejects.toThrow()
    go.resolve()
    expect(await (await running).text()).toBe('done')
    await drained
  })

  it('drains no longer than it is told', async () => {
    const begun = deferred()
    const aborted = deferred()
    const served = await serveHere(({ signal }) => {
      signal.addEventListener('abort', () => aborted.resolve())
      begun.resolve()
      return new Promise(() => undefined)
    })
    const running = fetch(served.url).catch(() => 'cut')
    await begun.promise
    await served.drain(20)
    await aborted.promise
    expect(await running).toBe('cut')
  })

  it('closes where its signal is aborted', async () => {
    const controller = new AbortController()
    const served = await serve(hello, { port: 0, signal: controller.signal })
    controller.abort()
    await served.close()
    await expect(fetch(served.url)).rejects.toThrow()
  })

  it('closes at once where its signal was aborted before', async () => {
    const served = await serve(hello, { port: 0, signal: AbortSignal.abort() })
    await expect(fetch(served.url)).rejects.toThrow()
  })
})

describe('options of serve', () => {
  it.each([
    [{ port: -1 }, '`port`'],
    [{ port: 70_000 }, '`port`'],
    [{ port: 0, maxBodyBytes: 0 }, '`maxBodyBytes`'],
    [{ port: 0, requestTimeoutMs: 2 ** 31 }, '`requestTimeoutMs`'],
    [{ port: 0, allowedHosts: ['http://a.example'] }, '`http://a.example` is no host'],
    [{ port: 0, allowedHosts: ['*'] }, '`*` is no host'],
    [{ port: 0, allowedOrigins: ['a.example'] }, '`a.example` is no origin'],
    [{ port: 0, allowedOrigins: ['https://a.example/'] }, 'is no origin'],
    [{ port: 0, host: '192.0.2.1' }, 'no such address'],
  ])('%j are refused', async (options, message) => {
    const error = await serve(hello, options).catch((fault: unknown) => fault)
    expect(isCallgateError(error) && error.code).toBe('ERR_OPTIONS_INVALID')
    expect(String(error)).toContain(message)
  })

  it('say so where another program listens', async () => {
    const taken = await takenPort()
    const error = await serve(hello, { port: taken.port }).catch((fault: unknown) => fault)
    taken.free()
    expect(String(error)).toContain('another program listens there')
  })
})
