type Read =
  | { readonly body: unknown }
  /** HTTP status, JSON-RPC code and message. */
  | { readonly refusal: Refusal }

export type Refusal = readonly [status: number, code: number, message: string]

/** Bytes of all bodies that are being read. */
export interface BodyRoom {
  /** False where there is no room for so many more. */
  take(bytes: number): boolean
  give(bytes: number): void
}

const PARSE_ERROR = -32700
const INVALID_REQUEST = -32600
const BUSY = -32000

export function bodyRoom(maxBytes: number): BodyRoom {
  let taken = 0
  return {
    take(bytes) {
      if (taken + bytes > maxBytes) return false
      taken += bytes
      return true
    },
    give(bytes) {
      taken -= bytes
    },
  }
}

/** The JSON of a request's body, which is never read further than its limit, nor than there is room. */
export async function readBody(request: Request, maxBytes: number, room: BodyRoom): Promise<Read> {
  const tooLarge: Read = {
    refusal: [413, INVALID_REQUEST, `a message is at most ${maxBytes} bytes`],
  }
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return tooLarge
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of request.body ?? []) {
      if (bytes + chunk.length > maxBytes) return tooLarge
      if (!room.take(chunk.length))
        return { refusal: [503, BUSY, 'too much is being sent at once: try again later'] }
      bytes += chunk.length
      chunks.push(chunk)
    }
    return parsed(chunks)
  } catch {
    return { refusal: [400, INVALID_REQUEST, 'the body could not be read'] }
  } finally {
    room.give(bytes)
  }
}

function parsed(chunks: readonly Uint8Array[]): Read {
  try {
    return { body: JSON.parse(Buffer.concat(chunks).toString('utf8')) }
  } catch {
    return { refusal: [400, PARSE_ERROR, 'the message is no JSON'] }
  }
}
