import { PassThrough } from 'node:stream'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createDirectory } from './directory.ts'
import { createHealth } from './health.ts'
import { lineTransport } from './line-transport.ts'
import { forwardedMeta, withMeta } from './meta.ts'
import { bodyRoom, readBody } from './read-body.ts'
import { backOff } from './upstream/back-off.ts'
import { boundedFetch } from './upstream/bounded-fetch.ts'
import { faultOf, labelOf } from './upstream/errors.ts'
import { readStderr } from './upstream/stderr.ts'

describe('_meta of a request', () => {
  it.each([
    ['traceparent', true],
    ['com.example/user', true],
    ['progressToken', false],
    ['callgate/approval', false],
    ['io.modelcontextprotocol/related-task', false],
    ['modelcontextprotocol.io/x', false],
    ['mcp.dev/x', false],
    ['com.mcp.tools/x', false],
    ['com.mcpx/x', true],
  ])('hands on %s: %s', (key, kept) => {
    expect(forwardedMeta({ [key]: 1 })).toEqual(kept ? { [key]: 1 } : undefined)
  })

  it('is left out where nothing of it is left', () => {
    expect(withMeta({ a: 1, _meta: { progressToken: 1 } }, undefined)).toEqual({ a: 1 })
  })
})

describe('the directory of a session', () => {
  const directory = () => {
    const made = createDirectory()
    made.setUris('resources', 'a', ['x://1', 'x://both'])
    made.setUris('resources', 'b', ['x://both'])
    made.setUris('resourceTemplates', 'b', ['y://{id}/rows', 'z://{+path}'])
    made.addUri('a', 'y://7/rows')
    return made
  }
  it.each([
    ['x://1', ['a']],
    ['x://both', ['a', 'b']],
    ['y://5/rows', ['b']],
    ['y://5/cols', []],
    ['z://a/b/c', ['b']],
    ['y://7/rows', ['a', 'b']],
    [`z://${'x'.repeat(3_000)}`, []],
  ])('says whose %s is', (uri, owners) => {
    expect(directory().ownersOf(uri)).toEqual(owners)
  })
  it('knows templates by their text', () => {
    expect(directory().ownersOfTemplate('z://{+path}')).toEqual(['b'])
  })
})

describe('health of a server', () => {
  it('is that of all connections', () => {
    let now = 1
    const book = createHealth(() => now)
    const [one, other] = [book.link(), book.link()]
    const seen = [book.view().state]
    one.state('up')
    seen.push(book.view().state)
    now = 5
    other.state('down')
    other.failed('ENOENT')
    other.restarted()
    seen.push(book.view().state)
    one.end()
    seen.push(book.view().state)
    other.end()
    expect([...seen, book.view()]).toEqual([
      'starting',
      'up',
      'degraded',
      'down',
      { state: 'down', since: 5, restarts: 1, lastError: 'ENOENT', tools: 0 },
    ])
  })
})

describe('back-off', () => {
  it('doubles up to its bound, spread over half of it', () => {
    const limits = { restartMinMs: 100, restartMaxMs: 1_000 }
    const waits = (random: number) =>
      [1, 2, 3, 4, 5, 500].map((failures) => backOff(failures, limits, () => random))
    expect([waits(0), waits(1)]).toEqual([
      [50, 100, 200, 400, 500, 500],
      [100, 200, 400, 800, 1_000, 1_000],
    ])
  })
})

describe('errors of a server', () => {
  const mcpError = (code: number, message: string, data?: unknown) =>
    Object.assign(new Error(`MCP error ${code}: ${message}`), { name: 'McpError', code, data })
  it.each([
    [
      'what it has answered',
      mcpError(-32602, 'no such row', { row: 1 }),
      { code: -32602, message: 'no such row', data: { row: 1 }, isLost: false, label: 'error' },
    ],
    [
      'a limit',
      mcpError(-32001, 'Request timed out', { timeout: 9 }),
      {
        code: -32003,
        message: 'the server `db` did not answer in time: whether it was done is not known',
        isLost: false,
        label: 'timeout',
      },
    ],
    [
      'a lost connection',
      mcpError(-32000, 'Connection closed'),
      {
        code: -32003,
        message:
          'the server `db` was lost while it worked on this: whether it was done is not known',
        isLost: true,
        label: 'closed',
      },
    ],
    [
      'a failure of this process',
      new TypeError('fetch failed', {
        cause: Object.assign(new Error('connect 10.0.0.1:80'), { code: 'ECONNREFUSED' }),
      }),
      {
        code: -32003,
        message: 'the connection to the server `db` failed: try again later',
        isLost: true,
        label: 'ECONNREFUSED',
      },
    ],
    [
      'an HTTP status',
      Object.assign(new Error('Streamable HTTP error: <html>'), { code: 502 }),
      {
        code: -32003,
        message: 'the connection to the server `db` failed: try again later',
        isLost: true,
        label: 'http_502',
      },
    ],
    [
      'an answer that is none',
      Object.assign(new Error('[...]'), { name: 'ZodError' }),
      {
        code: -32603,
        message: 'the server `db` gave an answer that is none',
        isLost: false,
        label: 'invalid_answer',
      },
    ],
  ])('%s', (_, error, fault) => {
    expect(faultOf('db', error)).toEqual(fault)
  })
  it('are labelled by codes alone', () => {
    expect([
      labelOf({ code: 'a secret text' }),
      labelOf(undefined),
      labelOf({ code: 'ENOENT' }),
    ]).toEqual(['failed', 'failed', 'ENOENT'])
  })
})

describe('a connection by lines', () => {
  const open = (maxMessageBytes = 100) => {
    const [input, output] = [new PassThrough(), new PassThrough()]
    const taken: unknown[] = []
    const transport = lineTransport({
      input,
      output,
      maxMessageBytes,
      parse: (value) => ((value as { ok?: boolean }).ok === true ? (value as never) : undefined),
      onend: () => taken.push('end'),
    })
    transport.onmessage = (message) => taken.push(message)
    return { input, output, taken, transport }
  }
  const written = (output: PassThrough): unknown[] =>
    String(output.read() ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))

  it('takes messages however they are cut, in many bytes or several a chunk', async () => {
    const { input, taken, transport } = open()
    await transport.start()
    const bytes = Buffer.from('{"ok":true,"t":"ä"}\r\n\n{"ok":true}\n{"ok":true,')
    for (const byte of bytes) input.write(Buffer.from([byte]))
    input.end('"n":2}\n')
    await vi.waitFor(() => expect(taken.at(-1)).toBe('end'))
    expect(taken.slice(0, 3)).toEqual([{ ok: true, t: 'ä' }, { ok: true }, { ok: true, n: 2 }])
  })

  it('answers what is no message, and goes on', async () => {
    const { input, output, taken, transport } = open()
    await transport.start()
    input.write(`nonsense\n[{"ok":true}]\n{}\n${'x'.repeat(101)}\n{"ok":true}\n`)
    await vi.waitFor(() => expect(taken).toEqual([{ ok: true }]))
    const error = (code: number, message: string) => ({
      jsonrpc: '2.0',
      id: null,
      error: { code, message },
    })
    expect(written(output)).toEqual([
      error(-32700, 'the message is no JSON'),
      error(-32600, 'batches are not taken: send one message a line'),
      error(-32600, 'this is no JSON-RPC 2.0 message'),
      error(-32600, 'a message is at most 100 bytes'),
    ])
  })

  it('holds nothing of an endless line, and answers it once', async () => {
    const { input, output, taken, transport } = open(1_000)
    await transport.start()
    for (let at = 0; at < 1_000; at++) input.write('x'.repeat(1_000))
    input.write('\n{"ok":true}\n')
    await vi.waitFor(() => expect(taken).toEqual([{ ok: true }]))
    expect(written(output)).toHaveLength(1)
  })

  it('is closed by whoever reads going away', async () => {
    const { output, transport } = open()
    const closed = vi.fn()
    transport.onclose = closed
    await transport.start()
    output.destroy()
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce())
    await transport.send({ jsonrpc: '2.0', method: 'x' })
  })
})

describe('a bounded fetch', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })
  const answered = async (type: string, chunks: readonly string[], max: number) => {
    const encoder = new TextEncoder()
    const body = new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(encoder.encode(chunk))
        controller.close()
      },
    })
    vi.stubGlobal('fetch', async () => new Response(body, { headers: { 'content-type': type } }))
    const tooLarge = vi.fn()
    const response = await boundedFetch(max, tooLarge)('http://x')
    const text = await response.text().catch(() => 'failed')
    return { text, told: tooLarge.mock.calls.length }
  }
  it.each([
    ['application/json', ['12345', '67890'], 10, { text: '1234567890', told: 0 }],
    ['application/json', ['12345', '678901'], 10, { text: 'failed', told: 1 }],
    [
      'text/event-stream',
      ['data: 1\n\n', 'data: 2\n\n'],
      10,
      { text: 'data: 1\n\ndata: 2\n\n', told: 0 },
    ],
    [
      'text/event-stream',
      ['data: 1\r\n', '\r\ndata: 2\r\n\r\n'],
      11,
      { text: 'data: 1\r\n\r\ndata: 2\r\n\r\n', told: 0 },
    ],
    ['text/event-stream', ['data: 1\n', 'data: 2\n'], 10, { text: 'failed', told: 1 }],
    ['text/event-stream; charset=utf-8', ['data: 123456789'], 10, { text: 'failed', told: 1 }],
  ])('of %s in %j takes at most %i bytes', async (type, chunks, max, found) => {
    expect(await answered(type, chunks, max)).toEqual(found)
  })
})

describe('the body of a request', () => {
  const request = (body: string, headers = {}) =>
    new Request('http://x', { method: 'POST', body, headers })
  it.each([
    ['JSON', request('{"a":1}'), { body: { a: 1 } }],
    ['no JSON', request('{'), { refusal: [400, -32700, 'the message is no JSON'] }],
    [
      'too much',
      request('"12345678901"'),
      { refusal: [413, -32600, 'a message is at most 10 bytes'] },
    ],
  ])('that is %s', async (_, given, found) => {
    expect(await readBody(given, 10, bodyRoom(100))).toEqual(found)
  })

  it('is not read where others take all the room, and gives its own back', async () => {
    const room = bodyRoom(10)
    expect(room.take(8)).toBe(true)
    expect(await readBody(request('{"a":1}'), 10, room)).toEqual({
      refusal: [503, -32000, 'too much is being sent at once: try again later'],
    })
    room.give(8)
    for (let at = 0; at < 3; at++)
      expect(await readBody(request('{"a":1}'), 10, room)).toEqual({ body: { a: 1 } })
  })
})

describe('what a child says', () => {
  it('is handed on by lines, bounded, without control characters', async () => {
    const stream = new PassThrough()
    const lines: string[] = []
    readStderr(stream, (line) => lines.push(line))
    stream.write('\u001b[31mred\u0007\n\nsec')
    stream.write(`ond\n${'x'.repeat(2_000)}\n`)
    stream.end('last')
    await vi.waitFor(() => expect(lines.at(-1)).toBe('last'))
    expect(lines).toEqual(['[31mred', 'second', 'x'.repeat(1_000), 'last'])
  })
  it('is cut where it does not end', async () => {
    const stream = new PassThrough()
    const lines: string[] = []
    readStderr(stream, (line) => lines.push(line))
    for (let at = 0; at < 3_000; at++) stream.write(`${at}\n`)
    await vi.waitFor(() => expect(lines.at(-1)).toMatch(/left out/))
    expect(lines).toHaveLength(1_001)
  })
})
