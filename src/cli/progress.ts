import type { CommandContext } from './command.ts'

/** A counter on stderr, only on a terminal, and only where stdout does not fill it already. */
export function createProgress({ stderr, stdout }: Pick<CommandContext, 'stderr' | 'stdout'>) {
  const shown = stderr.isTTY === true && stdout.isTTY !== true
  let count = 0
  return {
    step() {
      count++
      if (shown && count % 100 === 0) stderr.write(`\r${count} sessions`)
    },
    clear() {
      if (shown && count >= 100) stderr.write('\r\u001b[K')
    },
  }
}
