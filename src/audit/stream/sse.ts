import type { Connection, Pipe } from './connection.ts'
import type { StreamViewer } from './events.ts'
import type { Hub, Refused } from './hub.ts'

/** Bytes that wait in the response itself; what is beyond waits in the queue, where it is bounded. */
const BUFFER_BYTES = 65_536
/** What a browser waits before it comes back. */
const RETRY_MS = 3_000

const REFUSALS: Readonly<Record<Refused, readonly [status: number, text: string]>> = {
  no_user: [403, 'the host has not said who this is, or that everything may be seen'],
  user_full: [429, 'this user has too many connections'],
  full: [503, 'there are too many connections'],
  closed: [503, 'the stream is closed'],
}

/**
 * An event stream as the answer to a request.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function answerWithEvents(hub: Hub, request: Request, viewer: StreamViewer): Response {
  if (request.method !== 'GET')
    return plain(405, 'an event stream is asked for with GET', { allow: 'GET' })
  const refused = hub.admit(viewer)
  if (refused !== undefined) {
    const [status, text] = REFUSALS[refused]
    return plain(status, text, status === 403 ? {} : { 'retry-after': '5' })
  }
  const body = eventStream(hub, viewer, request)
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    },
  })
}

function eventStream(hub: Hub, viewer: StreamViewer, request: Request): ReadableStream<Uint8Array> {
  const { signal } = request
  const held: { connection?: Connection } = {}
  const leave = (): void => {
    if (held.connection !== undefined) hub.drop(held.connection, 'gone')
  }
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        controller.enqueue(new TextEncoder().encode(`retry: ${RETRY_MS}\n\n`))
        const pipe = pipeTo(controller, () => signal.removeEventListener('abort', leave))
        held.connection = hub.open(viewer, pipe, request.headers.get('last-event-id'))
        signal.addEventListener('abort', leave, { once: true })
        if (signal.aborted) leave()
      },
      pull: () => held.connection?.pump(),
      cancel: leave,
    },
    { highWaterMark: BUFFER_BYTES, size: (chunk) => chunk?.byteLength ?? 0 },
  )
}

function pipeTo(controller: ReadableStreamDefaultController<Uint8Array>, onEnd: () => void): Pipe {
  return {
    isReady: () => (controller.desiredSize ?? 0) > 0,
    send: (frame) => controller.enqueue(frame.sse()),
    // The stream asks for more by itself.
    stalled: () => undefined,
    // Only the server that writes the response learns that nobody is there; it cancels the stream.
    probe: () => true,
    end() {
      onEnd()
      closeQuietly(controller)
    },
  }
}

function closeQuietly(controller: ReadableStreamDefaultController<Uint8Array>): void {
  try {
    controller.close()
  } catch {
    // It was cancelled by its reader.
  }
}

function plain(status: number, text: string, headers: Readonly<Record<string, string>>): Response {
  return new Response(`${text}\n`, {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      ...headers,
    },
  })
}
