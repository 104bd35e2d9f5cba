import { readFile, stat } from 'node:fs/promises'
import { CallgateError } from '../../../core/model/errors.ts'
import { inflate } from '../../../engine/inflate.ts'
import type { CommandContext } from '../../command.ts'
import { pathOf } from '../../policy.ts'

/** Rows are held in memory while something is learned from them. */
const MOST_BYTES = 256 * 1024 * 1024

/**
 * The text of a file, also of one packed with gzip.
 * @throws CallgateError ERR_TRACE_INVALID for a file that cannot be read or is over 256 MiB
 */
export async function readDataFile(context: CommandContext, name: string): Promise<string> {
  const path = pathOf(context, name)
  try {
    const { size } = await stat(path)
    if (size <= MOST_BYTES) {
      const bytes = await readFile(path)
      const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b
      const text = isPacked ? inflate(bytes, MOST_BYTES) : { bytes, whole: true }
      if (text?.whole === true) return new TextDecoder().decode(text.bytes)
    }
  } catch (cause) {
    throw new CallgateError('ERR_TRACE_INVALID', `\`${name}\` cannot be read`, { cause })
  }
  throw new CallgateError(
    'ERR_TRACE_INVALID',
    `\`${name}\` is larger than 256 MiB, or packed and damaged: split it or pack it again`,
  )
}
