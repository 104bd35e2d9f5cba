/**
 * The same response, whose body holds at most so many bytes that nobody has read yet: the SDK would
 * keep all that is said to an agent that does not read. Then it is cut.
 */
export function boundedResponse(response: Response, maxBytes: number): Response {
  const { body, status, headers } = response
  if (body === null) return response
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader()
  const kept = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        void handOn(reader, controller)
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: maxBytes, size: (chunk) => chunk.byteLength },
  )
  return new Response(kept, { status, headers })
}

/** Never rejects. */
async function handOn(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  controller: ReadableStreamDefaultController<Uint8Array>,
): Promise<void> {
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      // One message may be larger than what may wait; another one after it may not.
      if ((controller.desiredSize ?? 0) <= 0) throw new Error('the agent does not read')
      controller.enqueue(next.value)
    }
    controller.close()
  } catch (cause) {
    void reader.cancel(cause).catch(() => undefined)
    fail(controller, cause)
  }
}

function fail(controller: ReadableStreamDefaultController<Uint8Array>, cause: unknown): void {
  try {
    controller.error(cause)
  } catch {
    // Its reader has gone already.
  }
}
