import { isMap } from '../../core/json-kind.ts'
import { saysNamesTwice } from '../../core/json-text.ts'
import type { JsonValue } from '../../core/model/json.ts'
import { joined } from './read-body.ts'

/** An answer that is a JSON object, with the bytes it came in. */
export interface JsonAnswer {
  readonly bytes: Uint8Array
  readonly value: Readonly<Record<string, unknown>>
  /** True where it says a name twice in one object: readers differ in which they take. */
  readonly saysTwice: boolean
}

/** Undefined where it is larger than it may be, or no JSON object. Throws what reading it throws. */
export async function readAnswer(
  response: Response,
  maxBytes: number,
): Promise<JsonAnswer | undefined> {
  const bytes = await readBytes(piecesOf(response.body), maxBytes)
  if (bytes === undefined) return undefined
  try {
    const text = new TextDecoder().decode(bytes)
    const value = JSON.parse(text) as JsonValue // whatever JSON.parse gives is a JSON value
    return isMap(value) ? { bytes, value, saysTwice: saysNamesTwice(text, value) } : undefined
  } catch {
    return undefined
  }
}

async function readBytes(
  pieces: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of pieces) {
    size += chunk.length
    if (size > maxBytes) return undefined
    chunks.push(chunk)
  }
  return joined(chunks)
}

/** The pieces of a body: that of the platform's `fetch`, or a stream of Node, as `node-fetch` gives. */
export function piecesOf(body: unknown): AsyncIterable<Uint8Array> {
  if (typeof body === 'object' && body !== null && Symbol.asyncIterator in body)
    return body as AsyncIterable<Uint8Array> // of bytes, as both say
  return NO_PIECES
}

const NO_PIECES: AsyncIterable<Uint8Array> = {
  [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }),
}
