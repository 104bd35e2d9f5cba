import type { IncomingMessage } from 'node:http'
import { RefusedRequest } from './handler.ts'

/** A request of the web platform, and whether its body turned out to be too long. */
export interface Received {
  readonly request: Request
  isTooLarge(): boolean
}

/**
 * Turns what `node:http` has read into a `Request`. Its body is read as the handler reads it.
 * @throws {RefusedRequest} where nothing sensible can be made of it
 */
export function webRequest(
  incoming: IncomingMessage,
  maxBodyBytes: number,
  signal: AbortSignal,
): Received {
  const { method = 'GET' } = incoming
  const url = urlOf(incoming)
  const headers = headersOf(incoming)
  if (/^(?:TRACE|TRACK|CONNECT)$/i.test(method))
    throw new RefusedRequest(405, 'this method is not served')
  if (!hasBody(incoming))
    return { request: new Request(url, { method, headers, signal }), isTooLarge: () => false }
  if (Number(incoming.headers['content-length'] ?? 0) > maxBodyBytes) throw tooLarge(maxBodyBytes)
  const body = boundedBody(incoming, maxBodyBytes)
  return {
    request: new Request(url, { method, headers, signal, body: body.stream, duplex: 'half' }),
    isTooLarge: body.isTooLarge,
  }
}

function tooLarge(maxBodyBytes: number): RefusedRequest {
  return new RefusedRequest(413, `the body is larger than ${maxBodyBytes} bytes`)
}

/** GET and HEAD have none, whatever they send. */
function hasBody({ method, headers }: IncomingMessage): boolean {
  if (method === 'GET' || method === 'HEAD') return false
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** Put together, not resolved: a path such as `//elsewhere` must not name another host. */
function urlOf({ url = '', headers, socket }: IncomingMessage): string {
  const { host = '' } = headers
  const isUsual = url.startsWith('/') && !/[/\\?#@\s]/.test(host) && host !== ''
  const text = `${'encrypted' in socket ? 'https' : 'http'}://${host}${url}`
  if (!isUsual || !URL.canParse(text))
    throw new RefusedRequest(400, 'the request names no host, or no path on it')
  return text
}

/** Headers that came twice stay two, joined: whoever expects one value sees that it is none. */
function headersOf({ rawHeaders, headers: { host } }: IncomingMessage): Headers {
  const headers = new Headers()
  try {
    for (let at = 0; at + 1 < rawHeaders.length; at += 2)
      headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '')
  } catch {
    throw new RefusedRequest(400, 'a header cannot be read')
  }
  // The parser keeps the first of several: who comes later in line must not go by another one.
  if (headers.get('host') !== host) throw new RefusedRequest(400, 'the request names two hosts')
  return headers
}

interface BoundedBody {
  readonly stream: ReadableStream<Uint8Array>
  isTooLarge(): boolean
}

/**
 * Chunks are taken as they are asked for, so that a slow handler slows its client down. What nobody
 * reads any more is thrown away, so that the client can read its answer: but not without an end.
 */
function boundedBody(incoming: IncomingMessage, maxBodyBytes: number): BoundedBody {
  let bytes = 0
  let isOpen = true
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const fail = (error: Error): void => {
          if (isOpen) controller.error(error)
          isOpen = false
        }
        incoming.pause()
        incoming.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes > maxBodyBytes) fail(tooLarge(maxBodyBytes))
          if (bytes > 2 * maxBodyBytes) incoming.destroy()
          if (!isOpen) return
          controller.enqueue(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length))
          incoming.pause()
        })
        incoming.once('end', () => {
          if (isOpen) controller.close()
          isOpen = false
        })
        incoming.once('close', () => fail(new Error('the client has gone')))
      },
      pull() {
        incoming.resume()
      },
      cancel() {
        isOpen = false
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, isTooLarge: () => bytes > maxBodyBytes }
}
