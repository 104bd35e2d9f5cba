/**
 * A `fetch` whose answers are at most so many bytes: the whole of one, or one event of a stream of
 * events. The SDK reads both into memory without a limit, follows redirects in its earlier versions,
 * and opens a stream that was ended as soon as the server says.
 */
export function boundedFetch(maxBytes: number, onTooLarge: () => void): typeof fetch {
  const pace = pacer()
  return async (input, init) => {
    if (init?.method === 'GET') await pace(init.signal)
    // INVARIANT: headers of the options are for one origin. `fetch` would take them wherever it is led.
    const response = await fetch(input, { ...init, redirect: 'manual' })
    if (response.body === null) return response
    const isEvents = /^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')
    const { status, statusText, headers } = response
    const body = response.body.pipeThrough(bounded(maxBytes, isEvents, onTooLarge))
    const copy = new Response(body, { status, statusText, headers })
    // Whose answer it is counts for the SDK; a copy would have none.
    Object.defineProperty(copy, 'url', { value: response.url })
    return copy
  }
}

/** Streams that are opened at once, before there are pauses between them. */
const AT_ONCE = 3
const PAUSE_MS = 1_000

/** Resolves when another stream may be opened, or is not wanted any more. */
function pacer(): (signal?: AbortSignal | null) => Promise<void> {
  let opened = 0
  let last = 0
  return (signal) => {
    const now = performance.now()
    opened++
    last = opened <= AT_ONCE ? now : Math.max(now, last + PAUSE_MS)
    const ms = last - now
    if (ms <= 0 || signal?.aborted === true) return Promise.resolve()
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, ms).unref()
      signal?.addEventListener('abort', done)
    })
  }
}

const LINE_FEED = 10
const RETURN = 13

function bounded(
  maxBytes: number,
  isEvents: boolean,
  onTooLarge: () => void,
): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let bytes = 0
  let lineBytes = 0
  let last = 0
  /** A blank line ends an event. */
  const count = (byte: number): void => {
    bytes++
    if (byte === LINE_FEED && last === RETURN) {
      // One line end in two bytes.
    } else if (byte === LINE_FEED || byte === RETURN) {
      if (lineBytes === 0) bytes = 0
      lineBytes = 0
    } else lineBytes++
    last = byte
  }
  return new TransformStream({
    transform(chunk, controller) {
      if (isEvents) {
        for (const byte of chunk) {
          count(byte)
          if (bytes > maxBytes) break
        }
      } else bytes += chunk.length
      if (bytes <= maxBytes) return controller.enqueue(chunk)
      onTooLarge()
      controller.error(new Error('the answer is too large'))
    },
  })
}
