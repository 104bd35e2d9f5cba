import type { AuditTable, TableChain, TableLine } from './read-table.ts'

export interface FollowTableOptions {
  /** How many of the last records are given first. */
  readonly lines: number
  /** Whether to wait for more. */
  readonly follow: boolean
  readonly signal: AbortSignal
  /** How often the table is asked. @default 500 */
  readonly pollMs?: number
}

/** The last lines of a chain, and then each that is added. Reads no faster than it is asked. */
export async function* followTable(
  table: AuditTable,
  chain: TableChain,
  { lines, follow, signal, pollMs = 500 }: FollowTableOptions,
): AsyncGenerator<TableLine> {
  let now: TableChain | undefined = chain
  let after = await table.beforeLast(chain, lines)
  for (;;) {
    if (now !== undefined)
      for await (const line of table.lines(now, after)) {
        after = line.position
        yield line
      }
    if (!follow || signal.aborted) return
    await pause(pollMs, signal)
    now = (await table.chains()).find((one) => one.chain === chain.chain)
  }
}

/** Until it is time to ask, or at the end. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
