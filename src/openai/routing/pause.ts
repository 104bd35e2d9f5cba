import type { AttemptLimits } from './routing.ts'

/**
 * Milliseconds before the next attempt with the same model: what the provider asks for, else longer each
 * time and never the same for all callers. Undefined: so long that another model should be asked.
 */
export function pauseBefore(
  attempt: number,
  askedMs: number | null,
  { pauseMs, maxPauseMs }: Required<AttemptLimits>,
): number | undefined {
  if (askedMs !== null) return askedMs > maxPauseMs ? undefined : askedMs
  const longest = Math.min(maxPauseMs, pauseMs * 2 ** (attempt - 1))
  return longest * (0.5 + Math.random() / 2)
}

/** Rejects as soon as the caller gives up. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal?.aborted === true) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}
