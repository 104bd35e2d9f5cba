import type { CommandContext } from '../../command.ts'

const STEP = 50_000

/** Counts records on stderr, only on a terminal, and only where stdout does not fill it already. */
export function createRecordProgress({
  stderr,
  stdout,
}: Pick<CommandContext, 'stderr' | 'stdout'>) {
  const shown = stderr.isTTY === true && stdout.isTTY !== true
  let count = 0
  return {
    async *over<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
      try {
        for await (const item of items) {
          if (++count % STEP === 0 && shown) stderr.write(`\r${count} records`)
          yield item
        }
      } finally {
        if (shown && count >= STEP) stderr.write('\r\u001b[K')
      }
    },
  }
}
