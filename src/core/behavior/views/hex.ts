import { textOfBytes } from './bytes.ts'
import type { Decoded, Encoding, Means } from './encodings.ts'
import { replaceRuns } from './patches.ts'
import { HEX } from './unit-kinds.ts'

export const LEAST_HEX = 8

/** Texts as hexadecimal digits in one run, as in `0x736b2d` or a label of a host name. */
export function fromHex(source: string, means: Means): Decoded | undefined {
  const names = new Set<Encoding>()
  const text = source.includes('x') ? source.replace(PREFIX, '') : source
  const decoded = replaceRuns(text, HEX, LEAST_HEX, means.budget, (start, end) => {
    const found = decodedRun(text, start, end, means) ?? decodedRun(text, start + 1, end, means)
    for (const name of found?.by ?? []) names.add(name)
    return found?.text
  })
  return decoded === undefined ? undefined : { text: decoded, by: [...names] }
}

const PREFIX = /(?:\\|0)x(?=[\da-f]{8})/gi

function decodedRun(text: string, start: number, end: number, means: Means): Decoded | undefined {
  const length = end - start
  if (length % 2 === 1 || length < LEAST_HEX) return undefined
  const bytes = new Uint8Array(length >> 1)
  for (let index = 0; index < bytes.length; index++)
    bytes[index] = 16 * digitOf(text, start + 2 * index) + digitOf(text, start + 2 * index + 1)
  return textOfBytes(bytes, 'hex', means)
}

/** The value of a hexadecimal digit. */
function digitOf(text: string, index: number): number {
  const unit = text.charCodeAt(index)
  return unit < 58 ? unit - 48 : (unit | 32) - 87
}
