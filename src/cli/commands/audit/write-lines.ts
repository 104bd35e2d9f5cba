import type { CommandContext, Output } from '../../command.ts'
import { printable } from '../../paint.ts'

const BATCH_CHARACTERS = 64 * 1024

/** Writes many lines in large pieces, no faster than their reader takes them. */
export interface LineWriter {
  /** False once the reader has gone away: nothing more need be made. */
  write(text: string): boolean | Promise<boolean>
  end(): Promise<boolean>
}

export function createLineWriter({ stdout }: Pick<CommandContext, 'stdout'>): LineWriter {
  let batch = ''
  let isGone = false
  let resume: (() => void) | undefined
  const leave = (): void => {
    isGone = true
    resume?.()
  }
  for (const event of ['close', 'error'] as const) stdout.once?.(event, leave)
  const flush = async (): Promise<boolean> => {
    const text = batch
    batch = ''
    if (text === '' || isGone) return !isGone
    if (stdout.write(text) !== false || stdout.once === undefined) return !isGone
    await new Promise<void>((resolve) => {
      resume = resolve
      stdout.once?.('drain', resolve)
    })
    return !isGone
  }
  return {
    write(text) {
      batch += text
      return batch.length < BATCH_CHARACTERS ? !isGone : flush()
    },
    end: flush,
  }
}

/** How a line is shown: on a terminal without anything that could steer it, else as it is. */
export function shownOn({ isTTY }: Output): (line: string) => string {
  return isTTY === true ? printable : (line) => line
}

/** The same for JSON, which has escapes of its own. */
export function shownJsonOn({ isTTY }: Output): (json: string) => string {
  return isTTY === true ? (json) => json.replace(UNSHOWN, escaped) : (json) => json
}

const UNSHOWN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

function escaped(character: string): string {
  return [...character]
    .flatMap((one) => one.split(''))
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
