/**
 * A stream that ends after so many milliseconds, whatever there is still to come: its reader asks again,
 * and proves again who he is.
 */
export function endAfter(response: Response, milliseconds: number): Response {
  const { body } = response
  if (!response.ok || body === null) return response
  const reader = body.getReader()
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = (reason: unknown): Promise<void> => {
    clearTimeout(timer)
    return reader.cancel(reason)
  }
  const bounded = new ReadableStream<Uint8Array>({
    start(controller) {
      const end = (): void => {
        // Where its reader has left meanwhile there is nothing to close.
        stop('expired').catch(() => undefined)
        try {
          controller.close()
        } catch {}
      }
      timer = setTimeout(end, milliseconds)
      timer.unref()
    },
    async pull(controller) {
      const { done, value } = await reader.read()
      if (!done) return controller.enqueue(value)
      clearTimeout(timer)
      try {
        controller.close()
      } catch {}
    },
    cancel: stop,
  })
  const { status, statusText, headers } = response
  return new Response(bounded, { status, statusText, headers })
}
