/**
 * A `fetch` whose answers are at most so many bytes: the whole of one, or one event of a stream of
 * events. The SDK reads both into memory without a limit.
 */
export function boundedFetch(maxBytes: number, onTooLarge: () => void): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (response.body === null) return response
    const isEvents = /^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')
    const { status, statusText, headers } = response
    const body = response.body.pipeThrough(bounded(maxBytes, isEvents, onTooLarge))
    const copy = new Response(body, { status, statusText, headers })
    // Where a redirect led counts for the SDK; a copy would have none.
    Object.defineProperty(copy, 'url', { value: response.url })
    return copy
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
