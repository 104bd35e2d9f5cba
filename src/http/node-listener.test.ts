import { describe, expect, it } from 'vitest'
import {
  ask,
  deferred,
  dial,
  serveHere,
  statusOf,
  untilClosed,
  untilSaid,
} from './serve.fixture.ts'

describe('a request', () => {
  it('keeps method, path, headers that came twice, body and peer', async () => {
    const { port } = await serveHere(async (request, info) =>
      Response.json({
        method: request.method,
        url: new URL(request.url).pathname,
        ...info,
        twice: request.headers.get('x-twice'),
        body: await request.text(),
      }),
    )
    const socket = dial(port)
    socket.write(
      `PUT /a/../b%2e?q=1 HTTP/1.1\r\nhost: localhost:${port}\r\nx-twice: 1\r\nx-twice: 2\r\nconnection: close\r\ncontent-length: 4\r\n\r\nbody`,
    )
    const answer = await untilClosed(socket)
    expect(JSON.parse(answer.slice(answer.indexOf('{'), answer.indexOf('}') + 1))).toEqual({
      method: 'PUT',
      url: '/b%2e',
      path: '/a/../b%2e?q=1',
      peer: '127.0.0.1',
      twice: '1, 2',
      body: 'body',
    })
  })

  it.each(['GET', 'HEAD'])('has no body where it is %s', async (method) => {
    const { port } = await serveHere(
      async (request) => new Response(null, { headers: { 'x-body': String(request.body) } }),
    )
    const answer = await ask(port, `${method} / HTTP/1.1`, `host: localhost:${port}`)
    expect(answer).toContain('x-body: null')
  })

  it.each([
    ['TRACE', 405],
    ['OPTIONS', 200],
    ['DELETE', 200],
  ])('%s is answered %i', async (method, status) => {
    const { port } = await serveHere(async () => new Response())
    expect(statusOf(await ask(port, `${method} / HTTP/1.1`, `host: localhost:${port}`))).toBe(
      status,
    )
  })

  it('is aborted where its client goes away', async () => {
    const [begun, aborted] = [deferred(), deferred()]
    const { port } = await serveHere((request) => {
      request.signal.addEventListener('abort', () => aborted.resolve())
      begun.resolve()
      return new Promise(() => undefined)
    })
    const socket = dial(port)
    socket.write(`GET / HTTP/1.1\r\nhost: localhost:${port}\r\n\r\n`)
    await begun.promise
    socket.destroy()
    await aborted.promise
  })

  it('is not aborted where it was answered', async () => {
    const signals: AbortSignal[] = []
    const { port } = await serveHere(async (request) => {
      signals.push(request.signal)
      return new Response('x')
    })
    await ask(port, 'GET / HTTP/1.1', `host: localhost:${port}`)
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
  })

  it('has a body that fails where its client goes away', async () => {
    const failed = deferred<unknown>()
    const { port } = await serveHere(async (request) => {
      await request.text().catch(failed.resolve)
      return new Response()
    })
    const socket = dial(port)
    socket.write(`POST / HTTP/1.1\r\nhost: localhost:${port}\r\ncontent-length: 9\r\n\r\nabc`)
    socket.end()
    expect(await failed.promise).toBeInstanceOf(Error)
  })
})

describe('a body that is too large', () => {
  it('is refused by its length, before it is read or the handler is asked', async () => {
    let asked = 0
    const handler = async (): Promise<Response> => {
      asked++
      return new Response()
    }
    const { port } = await serveHere(handler, { maxBodyBytes: 10 })
    const socket = dial(port)
    socket.write(`POST / HTTP/1.1\r\nhost: localhost:${port}\r\ncontent-length: 11\r\n\r\n`)
    expect(statusOf(await untilSaid(socket, 'larger than 10 bytes'))).toBe(413)
    expect(asked).toBe(0)
  })

  it('is refused before a client that asks first sends it', async () => {
    const { port } = await serveHere(async () => new Response(), { maxBodyBytes: 10 })
    const socket = dial(port)
    socket.write(
      `POST / HTTP/1.1\r\nhost: localhost:${port}\r\nexpect: 100-continue\r\ncontent-length: 11\r\n\r\n`,
    )
    const answer = await untilSaid(socket, 'larger than')
    expect(statusOf(answer)).toBe(413)
  })

  it('goes on for a client that asks first, where it is not', async () => {
    const { port } = await serveHere(async (request) => new Response(await request.text()))
    const socket = dial(port)
    socket.write(
      `POST / HTTP/1.1\r\nhost: localhost:${port}\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n`,
    )
    await untilSaid(socket, '100 Continue')
    socket.write('body')
    expect(await untilSaid(socket, 'body')).toContain('200 OK')
  })

  it.each([
    ['lets the fault through', (request: Request) => request.text()],
    ['takes it for its own', (request: Request) => request.text().catch(() => 'bad request')],
  ])('is refused while its chunks come in, where the handler %s', async (_what, read) => {
    const { port } = await serveHere(async (request) => new Response(await read(request)), {
      maxBodyBytes: 10,
    })
    const socket = dial(port)
    socket.write(
      `POST / HTTP/1.1\r\nhost: localhost:${port}\r\ntransfer-encoding: chunked\r\n\r\n8\r\n12345678\r\n`,
    )
    socket.write('8\r\n12345678\r\n')
    expect(statusOf(await untilSaid(socket, 'larger than'))).toBe(413)
  })

  it('ends a connection that goes on sending', async () => {
    const { port } = await serveHere(async (request) => new Response(await request.text()), {
      maxBodyBytes: 10,
    })
    const socket = dial(port)
    socket.write(
      `POST / HTTP/1.1\r\nhost: localhost:${port}\r\ntransfer-encoding: chunked\r\n\r\n40\r\n${'x'.repeat(64)}\r\n`,
    )
    await untilClosed(socket)
    expect(socket.destroyed).toBe(true)
  })

  it('leaves the connection good for another request', async () => {
    const { port } = await serveHere(async (request) => new Response(await request.text()), {
      maxBodyBytes: 10,
    })
    const socket = dial(port)
    const head = `POST / HTTP/1.1\r\nhost: localhost:${port}\r\ncontent-length:`
    socket.write(`${head} 12\r\n\r\n123456789012${head} 2\r\n\r\nok`)
    expect(await untilSaid(socket, 'ok\r\n')).toContain('413')
  })
})
