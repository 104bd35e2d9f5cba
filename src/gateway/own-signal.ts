/** A signal of one's own that is aborted when another one is, until it is let go. */
export interface OwnSignal {
  readonly signal: AbortSignal
  release(): void
}

/**
 * For what listens to a signal for good, as the SDK does: it would keep all it knows as long as the
 * signal is there. Nor would one made by `AbortSignal.any` be let go: Node.js holds it while it is
 * listened to.
 */
export function ownSignal(...others: readonly AbortSignal[]): OwnSignal {
  const own = new AbortController()
  const abort = ({ target }: { readonly target: unknown }): void => {
    own.abort(target instanceof AbortSignal ? target.reason : undefined)
  }
  for (const other of others) {
    if (other.aborted) own.abort(other.reason)
    other.addEventListener('abort', abort, { once: true })
  }
  return {
    signal: own.signal,
    release() {
      for (const other of others) other.removeEventListener('abort', abort)
    },
  }
}
