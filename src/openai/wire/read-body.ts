import { isMap } from '../../core/json-kind.ts'
import { saysNamesTwice } from '../../core/json-text.ts'
import type { JsonObject, JsonValue } from '../../core/model/json.ts'
import { type Lightened, lighten } from './stand-ins.ts'

/** What a request carries, read once: what is judged is what is sent. */
export type Body =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'json'
      readonly value: JsonObject
      readonly light: Lightened
      readonly text: string
    }
  | { readonly kind: 'form'; readonly value: JsonObject; readonly sent: FormData | Uint8Array }
  /** It cannot be judged; `fault` says why, without anything of it. */
  | {
      readonly kind: 'unread'
      readonly fault: string
      /** Undefined where it could be read only once, and not to its end. */
      readonly sent: string | Uint8Array | undefined
    }

/** Reads the body of a request, up to a bound. Never throws. */
export async function readBody(given: unknown, headers: Headers, maxBytes: number): Promise<Body> {
  if (given === undefined || given === null) return { kind: 'none' }
  if (given instanceof FormData) return formBody(given, given, maxBytes)
  const raw = await rawOf(given, maxBytes)
  if (raw === undefined || raw.length > maxBytes)
    return unread(
      `it is no text and no bytes, or larger than ${maxBytes} bytes (\`maxRequestBytes\`)`,
    )
  try {
    return await parsed(raw, headers, maxBytes)
  } catch {
    return unread('it cannot be read, or is nested too deeply', raw)
  }
}

function unread(why: string, sent?: string | Uint8Array): Body {
  return { kind: 'unread', fault: `the body of the request cannot be judged: ${why}`, sent }
}

async function parsed(raw: string | Uint8Array, headers: Headers, maxBytes: number): Promise<Body> {
  const encoding = headers.get('content-encoding') ?? 'identity'
  if (encoding !== 'identity') return unread('it is compressed: send it as it is', raw)
  const type = headers.get('content-type') ?? ''
  // Another reader would take the same bytes for something else.
  if (/^application\/x-www-form-urlencoded\b/i.test(type))
    return unread('it is said to be a form', raw)
  if (/;\s*charset\s*=\s*(?!"?utf-?8\b)/i.test(type)) return unread('it is not in UTF-8', raw)
  if (!/^multipart\/form-data\b/i.test(type))
    return jsonBody(raw, typeof raw === 'string' ? raw : UTF8.decode(raw))
  const bytes = typeof raw === 'string' ? new TextEncoder().encode(raw) : raw
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData()
  return formBody(form, bytes, maxBytes)
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

function jsonBody(raw: string | Uint8Array, text: string): Body {
  let value: JsonValue
  try {
    value = JSON.parse(text) as JsonValue // whatever JSON.parse gives is a JSON value
  } catch {
    return unread('it is no JSON', raw)
  }
  if (!isMap(value)) return unread('it is no JSON object', raw)
  if (saysNamesTwice(text, value)) return unread('it says a name twice in one object', raw)
  if (Object.keys(value).some(looksLikeAnother))
    return unread('it has a name that some take for another one', raw)
  return { kind: 'json', value, text, light: lighten(value) }
}

/** What is looked at here; programs in Go read such names in any case. */
const LOOKED_AT: ReadonlySet<string> = new Set(
  (
    'model models fallbacks messages input tools functions plugins preset prompt stream web_search_options ' +
    'max_tokens max_completion_tokens max_output_tokens n'
  ).split(' '),
)

function looksLikeAnother(name: string): boolean {
  return !LOOKED_AT.has(name) && LOOKED_AT.has(name.toUpperCase().toLowerCase())
}

/** Undefined where it is nothing that has bytes, or too many. */
async function rawOf(given: unknown, maxBytes: number): Promise<string | Uint8Array | undefined> {
  try {
    if (typeof given === 'string') return given
    if (given instanceof URLSearchParams) return String(given)
    if (given instanceof ArrayBuffer) return new Uint8Array(given)
    if (ArrayBuffer.isView(given))
      return new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
    if (given instanceof Blob)
      return given.size > maxBytes ? undefined : new Uint8Array(await given.arrayBuffer())
    return isIterable(given) ? await collect(given, maxBytes) : undefined
  } catch {
    return undefined
  }
}

function isIterable(given: unknown): given is AsyncIterable<unknown> {
  return typeof given === 'object' && given !== null && Symbol.asyncIterator in given
}

async function collect(
  pieces: AsyncIterable<unknown>,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const piece of pieces) {
    const chunk = typeof piece === 'string' ? new TextEncoder().encode(piece) : piece
    if (!(chunk instanceof Uint8Array)) return undefined
    size += chunk.length
    if (size > maxBytes) return undefined
    chunks.push(chunk)
  }
  return joined(chunks)
}

/** The bytes of all pieces. */
export function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}

/** Fields as they are, files by name, size and type. A name that comes again is a list. */
function formBody(form: FormData, sent: FormData | Uint8Array, maxBytes: number): Body {
  const fields = new Map<string, JsonValue[]>()
  let size = 0
  for (const [name, field] of form) {
    const isText = typeof field === 'string'
    size += isText ? field.length : field.size
    const one = isText ? field : { filename: field.name, bytes: field.size, media_type: field.type }
    fields.set(name, [...(fields.get(name) ?? []), one])
  }
  const refusal = (why: string): Body => unread(why, sent instanceof FormData ? undefined : sent)
  if (size > maxBytes) return refusal(`it is larger than ${maxBytes} bytes (\`maxRequestBytes\`)`)
  // Readers differ in which of them they take.
  if ((fields.get('model')?.length ?? 0) > 1) return refusal('it names a model twice')
  const value = Object.fromEntries(
    [...fields].map(([name, list]) => [name, list.length === 1 ? (list[0] ?? null) : list]),
  )
  return { kind: 'form', value, sent }
}
