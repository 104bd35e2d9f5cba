/** What must stop when a signal aborts. One listener a signal: many calls may share one. */
const waiting = new WeakMap<AbortSignal, Set<AbortController>>()

/** A controller that aborts with the signal, until it has aborted by itself. */
export function stopWith(
  signal: AbortSignal | undefined,
): Pick<AbortController, 'signal' | 'abort'> {
  const over = new AbortController()
  if (signal === undefined) return over
  if (signal.aborted) {
    over.abort(signal.reason)
    return over
  }
  const others = waiting.get(signal) ?? listenTo(signal)
  others.add(over)
  return {
    signal: over.signal,
    abort(reason) {
      others.delete(over)
      over.abort(reason)
    },
  }
}

function listenTo(signal: AbortSignal): Set<AbortController> {
  const controllers = new Set<AbortController>()
  waiting.set(signal, controllers)
  const stopAll = (): void => {
    for (const one of controllers) one.abort(signal.reason)
    controllers.clear()
  }
  signal.addEventListener('abort', stopAll, { once: true })
  return controllers
}
