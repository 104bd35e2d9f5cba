/**
 * The same body, with the text that was read told once nobody reads on: undefined where it is longer than
 * may be kept, or broke. Nothing is read ahead of who reads it.
 */
export function tap(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  ended: (text: string | undefined) => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  let chunks: Uint8Array[] = []
  let size = 0
  let isOver = false
  const end = (isRead: boolean): void => {
    if (isOver) return
    isOver = true
    const text =
      isRead && size <= maxBytes ? new TextDecoder().decode(joined(chunks, size)) : undefined
    chunks = []
    ended(text)
  }
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (done) {
            // Before the reader is told that it is over: who asks the same then finds it kept.
            end(true)
            controller.close()
            return
          }
          size += value.length
          if (size <= maxBytes) chunks.push(value)
          else chunks = []
          controller.enqueue(value)
        } catch (error) {
          end(false)
          controller.error(error)
        }
      },
      cancel(reason) {
        // Some clients read up to `[DONE]` and no further: what came says itself whether it is whole.
        end(true)
        return reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}
