/** Milliseconds to wait before the next try: doubled with each failure, within bounds, and spread. */
export function backOff(
  failures: number,
  { restartMinMs, restartMaxMs }: { readonly restartMinMs: number; readonly restartMaxMs: number },
  random: () => number = Math.random,
): number {
  const doubled = restartMinMs * 2 ** Math.min(Math.max(failures, 1) - 1, 30)
  // Many sessions lose the same server at the same moment: they do not come back at the same one.
  return Math.min(restartMaxMs, doubled) * (0.5 + random() / 2)
}
