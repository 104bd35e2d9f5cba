import { sha256Hex } from '../../core/hash.ts'
import type { JsonObject, JsonValue } from '../../core/model/json.ts'
import { chatUsage, type Exchange } from './exchange.ts'

const DIMENSIONS = 64
const MOST_DIMENSIONS = 4096

/** The body of `/embeddings`: texts that share groups of three letters have vectors that are near. */
export function renderEmbeddings(exchange: Exchange): JsonObject {
  const { ask, served, usage } = exchange
  const wanted = ask.body['dimensions']
  const size =
    typeof wanted === 'number' ? Math.min(Math.max(wanted, 1), MOST_DIMENSIONS) : DIMENSIONS
  const isPacked = ask.body['encoding_format'] === 'base64'
  return {
    object: 'list',
    id: exchange.id,
    model: served.model.id,
    data: ask.messages.map(({ text }, index) => ({
      object: 'embedding',
      index,
      embedding: encoded(vectorOf(text, size), isPacked),
    })),
    usage: chatUsage(usage),
  }
}

/** Length 1. */
function vectorOf(text: string, size: number): Float32Array {
  const vector = new Float32Array(size)
  const padded = `  ${text.toLowerCase()} `
  for (let at = 0; at + 3 <= padded.length; at++) {
    const hash = Number.parseInt(sha256Hex(padded.slice(at, at + 3)).slice(0, 8), 16)
    const place = (hash >>> 1) % size
    vector[place] = (vector[place] ?? 0) + (hash & 1 ? 1 : -1)
  }
  const length = Math.hypot(...vector)
  return length === 0 ? vector : vector.map((value) => value / length)
}

function encoded(vector: Float32Array, isPacked: boolean): JsonValue {
  return isPacked ? Buffer.from(vector.buffer).toString('base64') : [...vector]
}
