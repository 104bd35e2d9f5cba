import { textOfBytes } from './bytes.ts'
import type { Decoded, Encoding, Inflate } from './encodings.ts'
import { HEX, replaceRuns } from './unit-kinds.ts'

export const LEAST_HEX = 8

/** Texts as hexadecimal digits in one run, as in `0x736b2d` or a label of a host name. */
export function fromHex(source: string, inflate: Inflate | undefined): Decoded | undefined {
  const names = new Set<Encoding>()
  const text = source.includes('x') ? source.replace(PREFIX, '') : source
  const decoded = replaceRuns(text, HEX, LEAST_HEX, (start, end) => {
    const found = decodedRun(text, start, end, inflate) ?? decodedRun(text, start + 1, end, inflate)
    for (const name of found?.by ?? []) names.add(name)
    return found?.text
  })
  return decoded === undefined ? undefined : { text: decoded, by: [...names] }
}

const PREFIX = /(?:\\|0)x(?=[\da-f]{8})/gi

function decodedRun(
  text: string,
  start: number,
  end: number,
  inflate: Inflate | undefined,
): Decoded | undefined {
  const length = end - start
  if (length % 2 === 1 || length < LEAST_HEX) return undefined
  const bytes = new Uint8Array(length >> 1)
  for (let index = 0; index < bytes.length; index++)
    bytes[index] = 16 * digitOf(text, start + 2 * index) + digitOf(text, start + 2 * index + 1)
  return textOfBytes(bytes, 'hex', inflate)
}

/** The value of a hexadecimal digit. */
function digitOf(text: string, index: number): number {
  const unit = text.charCodeAt(index)
  return unit < 58 ? unit - 48 : (unit | 32) - 87
}
