import type { ServerResponse } from 'node:http'

/**
 * Writes a response, as fast as its reader takes it. Resolves when it is out or its reader has gone.
 * @throws where the body fails before anything was written; afterwards the connection is cut
 */
export async function sendResponse(
  response: Response,
  outgoing: ServerResponse,
  stallMs: number,
): Promise<void> {
  const reader = bodyReader(response, outgoing)
  if (reader === undefined) {
    writeHead(response, outgoing)
    outgoing.end()
    return
  }
  try {
    // What is to be seen at once has its head sent at once; all else may still fail with a 500.
    let next = isEventStream(response) ? undefined : await reader.read()
    writeHead(response, outgoing)
    outgoing.flushHeaders()
    while (true) {
      next ??= await reader.read()
      if (next.done) break
      if (!outgoing.write(next.value)) await drained(outgoing, stallMs)
      if (outgoing.destroyed) throw new Error('the reader has gone')
      next = undefined
    }
    outgoing.end()
  } catch (cause) {
    // Not awaited: a body that does not want to end would keep its connection.
    void reader.cancel(cause).catch(() => undefined)
    if (!outgoing.headersSent) throw cause
    outgoing.destroy()
  }
}

const BODILESS: ReadonlySet<number> = new Set([204, 205, 304])

/** The body's reader; undefined where there is none to send. What is not sent is not made. */
function bodyReader(
  response: Response,
  outgoing: ServerResponse,
): ReadableStreamDefaultReader<Uint8Array> | undefined {
  const { body } = response
  if (body === null) return undefined
  if (outgoing.req.method !== 'HEAD' && !BODILESS.has(response.status)) {
    const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader()
    // A reader that goes away while nothing is to be written must end what makes the body too.
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) void reader.cancel().catch(() => undefined)
    })
    return reader
  }
  void body.cancel().catch(() => undefined)
  return undefined
}

function isEventStream({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') === true
}

/** Of one connection, not of the message: `node:http` sets them itself. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
])

function writeHead(response: Response, outgoing: ServerResponse): void {
  outgoing.statusCode = response.status
  for (const [name, value] of response.headers)
    if (!HOP_BY_HOP.has(name) && name !== 'set-cookie') outgoing.setHeader(name, value)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies)
}

/** Waits until there is room to write again. A reader that takes nothing for so long is cut off. */
function drained(outgoing: ServerResponse, stallMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => outgoing.destroy(), stallMs)
    const done = (): void => {
      clearTimeout(timer)
      outgoing.off('drain', done).off('close', done)
      resolve()
    }
    outgoing.on('drain', done).on('close', done)
  })
}
