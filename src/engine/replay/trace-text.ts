import { createReadStream } from 'node:fs'
import { isGzip, unpack } from '../../audit/query/gzip.ts'
import { traceError } from './trace-session.ts'

/** One line that is not blank, and its number from 1. */
export interface TextLine {
  readonly number: number
  readonly text: string
}

/**
 * The lines of a UTF-8 file, unpacked where its first bytes say gzip. Holds one line at a time.
 * @throws {CallgateError} ERR_TRACE_INVALID for bytes that are not text, broken gzip, a line too long
 */
export async function* readTextLines(
  file: string,
  limits: { readonly maxLine: number },
): AsyncGenerator<TextLine> {
  let pending = ''
  let number = 1
  for await (const text of decoded(file)) {
    const pieces = text.split('\n')
    // A line that comes in many pieces is put together once, not once a piece.
    pending += pieces[0] ?? ''
    if (pending.length > limits.maxLine)
      throw traceError(`${file}:${number}: the line is longer than ${limits.maxLine} characters`)
    for (let index = 1; index < pieces.length; index++) {
      if (pending.trim() !== '') yield { number, text: pending }
      number++
      pending = pieces[index] ?? ''
    }
  }
  if (pending.trim() !== '') yield { number, text: pending }
}

async function* decoded(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const bytes of bytesOf(file)) yield decoder.decode(bytes, { stream: true })
    yield decoder.decode()
  } catch (error) {
    if (
      error instanceof TypeError &&
      'code' in error &&
      error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
    )
      throw traceError(`${file}: not a session file: its bytes are not UTF-8 text`)
    throw error
  }
}

async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(file, { highWaterMark: 256 * 1024 })
  let first = true
  let unpacked: AsyncGenerator<Uint8Array> | undefined
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array> // no encoding is set
  try {
    for (;;) {
      const { done, value } = await chunks.next()
      if (done === true) return
      if (first && isGzip(value)) {
        unpacked = unpack(value, chunks, (cause) =>
          traceError(`${file}: the gzip data is broken or cut short`, cause),
        )
        yield* unpacked
        return
      }
      first = false
      yield value
    }
  } finally {
    stream.destroy()
  }
}
