import { createReadStream } from 'node:fs'
import { isGzip, unpack } from './gzip.ts'
import { trailError } from './trail-error.ts'

/** One line of a trail, and where it stands. */
export interface TrailLine {
  readonly file: string
  /** From 1. */
  readonly number: number
  readonly text: string
  /** Whether a line feed ends it. A last line without one may be cut short. */
  readonly ended: boolean
}

/** Longest line that is read: records are bounded far below it. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024
const LINE_FEED = 10
const READ_BYTES = 256 * 1024

/**
 * The lines of bytes, blank ones left out unless they are asked for. Holds one line and one piece of the file at a time.
 * @throws {CallgateError} ERR_AUDIT_INVALID for a line that is too long or is not UTF-8
 */
export async function* readLines(
  file: string,
  pieces: AsyncIterable<Uint8Array>,
  { keepBlank = false }: { readonly keepBlank?: boolean } = {},
): AsyncGenerator<TrailLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let pending: Uint8Array[] = []
  let held = 0
  let number = 1
  const lineOf = (end: Uint8Array, ended: boolean): TrailLine => {
    const bytes = pending.length === 0 ? end : Buffer.concat([...pending, end])
    pending = []
    held = 0
    return { file, number, text: decoded(decoder, bytes, `${file}:${number}`, ended), ended }
  }
  for await (const piece of pieces) {
    let from = 0
    for (let at = piece.indexOf(LINE_FEED); at >= 0; at = piece.indexOf(LINE_FEED, from)) {
      const line = lineOf(piece.subarray(from, at), true)
      if (keepBlank || line.text.trim() !== '') yield line
      number++
      from = at + 1
    }
    const rest = piece.subarray(from)
    held += rest.length
    if (held > MAX_LINE_BYTES)
      throw trailError(`${file}:${number}: the line is longer than ${MAX_LINE_BYTES} bytes`)
    if (rest.length > 0) pending.push(rest)
  }
  if (held === 0) return
  const last = lineOf(new Uint8Array(), false)
  if (keepBlank || last.text.trim() !== '') yield last
}

/** A line that was cut within a character is still a line that was cut: its reader says so. */
function decoded(
  decoder: InstanceType<typeof TextDecoder>,
  bytes: Uint8Array,
  place: string,
  ended: boolean,
): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    if (!ended) return Buffer.from(bytes).toString('utf8')
    throw trailError(`${place}: the line is not UTF-8 text`, cause)
  }
}

/** The bytes of a file, unpacked where its first bytes say gzip. */
export function readBytes(file: string): AsyncGenerator<Uint8Array> {
  return unpackedBytes(file, createReadStream(file, { highWaterMark: READ_BYTES }))
}

/** The bytes of a stream, unpacked where its first bytes say gzip. Closes it at the end. */
export async function* unpackedBytes(
  file: string,
  stream: AsyncIterable<Uint8Array> & { destroy?(): unknown },
): AsyncGenerator<Uint8Array> {
  const pieces = stream[Symbol.asyncIterator]()
  try {
    const first = await pieces.next()
    if (first.done === true) return
    if (isGzip(first.value)) {
      yield* unpack(first.value, pieces, (cause) =>
        trailError(`${file}: the gzip data is broken or cut short`, cause),
      )
      return
    }
    yield first.value
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next())
      yield next.value
  } finally {
    stream.destroy?.()
  }
}
