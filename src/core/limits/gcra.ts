/**
 * The generic cell rate algorithm: a bucket is one number, the theoretical arrival time (`tat`) up to
 * which its calls are spoken for. At most `burst + time / interval` calls pass in any stretch of time.
 * @see https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */

// Times lie on a grid of 2^-16 ms, on which doubles add without rounding for four years.
const GRID = 65_536
const MAX_INTERVAL = 2 ** 40

/** A time on the grid, rounded down: early is strict. */
export function gridTime(ms: number): number {
  return Math.floor(ms * GRID) / GRID
}

/** An interval on the grid, rounded up, so that no more calls pass than asked for. */
export function gridInterval(ms: number): number {
  return Math.ceil(ms * GRID) / GRID
}

/** False for what no bucket can be made of: such a one gives nothing. */
export function isBucket(interval: number, burst: number): boolean {
  return interval > 0 && interval <= MAX_INTERVAL && burst >= 1 && burst <= Number.MAX_SAFE_INTEGER
}

/** How far `tat` may lie ahead of now for one more call to pass. */
export function toleranceOf(interval: number, burst: number): number {
  return (Math.floor(burst) - 1) * interval
}

/** Milliseconds until one more call passes; 0 or less: it passes now. */
export function waitOf(tat: number, now: number, tolerance: number): number {
  return tat - now - tolerance
}

/** `tat` after one more call. Time that went by unused is not saved up beyond the burst. */
export function advance(tat: number, now: number, interval: number): number {
  return (tat > now ? tat : now) + interval
}

/** Whole milliseconds to wait: one less is too early. */
export function retryAfterOf(wait: number): number {
  return Math.max(1, Math.ceil(wait))
}
