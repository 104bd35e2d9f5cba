import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { describe, expect, it } from 'vitest'
import { ask, deferred, dial, serveHere, statusOf } from './serve.fixture.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('a response', () => {
  it('keeps status, headers and every cookie, and none of its connection', async () => {
    const { port } = await serveHere(async () => {
      const headers = new Headers({ 'x-a': '1', connection: 'upgrade', upgrade: 'h2c' })
      headers.append('set-cookie', 'a=1')
      headers.append('set-cookie', 'b=2')
      return new Response('made', { status: 201, headers })
    })
    const answer = await ask(port, 'GET / HTTP/1.1', `host: localhost:${port}`)
    expect(statusOf(answer)).toBe(201)
    expect(answer).toMatch(/x-a: 1\r\n[\s\S]*set-cookie: a=1\r\nset-cookie: b=2\r\n/i)
    expect(answer).not.toContain('h2c')
  })

  it('has no body for HEAD, and its stream is ended', async () => {
    const cancelled = deferred()
    const { port } = await serveHere(
      async () => new Response(new ReadableStream({ cancel: () => cancelled.resolve() })),
    )
    const answer = await ask(port, 'HEAD / HTTP/1.1', `host: localhost:${port}`)
    await cancelled.promise
    expect(answer.endsWith('\r\n\r\n')).toBe(true)
  })

  it('sends head and events of an event stream at once', async () => {
    const said = deferred<(text: string) => void>()
    const { url } = await serveHere(async () => {
      const body = new ReadableStream({
        start: (controller) => said.resolve((text) => controller.enqueue(bytes(text))),
      })
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    })
    const response = await fetch(url)
    const reader = response.body?.getReader()
    const say = await said.promise
    for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
      say(event)
      expect((await reader?.read())?.value).toEqual(bytes(event))
    }
    await reader?.cancel()
  })

  it('ends the stream of an event stream that nobody reads any more', async () => {
    const cancelled = deferred()
    const { url } = await serveHere(
      async () =>
        new Response(new ReadableStream({ cancel: () => cancelled.resolve() }), {
          headers: { 'content-type': 'text/event-stream' },
        }),
    )
    const controller = new AbortController()
    await fetch(url, { signal: controller.signal })
    controller.abort()
    await cancelled.promise
  })

  it('makes no more of a stream than its reader takes', async () => {
    let made = 0
    const chunk = new Uint8Array(64 * 1024)
    const cancelled = deferred()
    const { port } = await serveHere(
      async () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              made += chunk.length
              controller.enqueue(chunk)
            },
            cancel: () => cancelled.resolve(),
          }),
        ),
      { requestTimeoutMs: 200 },
    )
    const socket = dial(port)
    socket.pause()
    socket.write(`GET / HTTP/1.1\r\nhost: localhost:${port}\r\n\r\n`)
    // Who takes nothing is cut off: until then only what the buffers on the way hold was made.
    await cancelled.promise
    expect(made).toBeLessThan(64 * 1024 * 1024)
  })

  it.each([
    [
      'a handler that throws',
      () => {
        throw new Error('secret detail')
      },
    ],
    ['a handler that rejects', () => Promise.reject(new Error('secret detail'))],
    ['a handler that gives nothing', () => Promise.resolve(undefined as unknown as Response)],
    [
      'a body that fails before its first byte',
      async () =>
        new Response(
          new ReadableStream({
            start: (controller) => controller.error(new Error('secret detail')),
          }),
          { headers: { 'x-detail': 'secret' } },
        ),
    ],
  ])('is 500 without details for %s', async (_what, handler) => {
    const { url } = await serveHere(handler)
    const response = await fetch(url)
    expect([response.status, await response.text(), response.headers.get('x-detail')]).toEqual([
      500,
      'internal error\n',
      null,
    ])
  })

  it('is cut where its body fails after the first byte', async () => {
    const { url } = await serveHere(async () => {
      const parts = [bytes('one')]
      return new Response(
        new ReadableStream({
          pull(controller) {
            const part = parts.shift()
            if (part === undefined) controller.error(new Error('secret detail'))
            else controller.enqueue(part)
          },
        }),
      )
    })
    const response = await fetch(url)
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow()
  })

  it('streams while the request still comes in', async () => {
    const { port } = await serveHere(async (request) => new Response(request.body))
    const client = httpRequest({ port, host: '127.0.0.1', method: 'POST' })
    client.write('one')
    const [response] = await once(client, 'response')
    const chunks = response.setEncoding('utf8')[Symbol.asyncIterator]()
    expect((await chunks.next()).value).toBe('one')
    client.end('two')
    expect((await chunks.next()).value).toBe('two')
  })
})
