type Read =
  | { readonly body: unknown }
  /** HTTP status, JSON-RPC code and message. */
  | { readonly refusal: readonly [number, number, string] }

const PARSE_ERROR = -32700
const INVALID_REQUEST = -32600

/** The JSON of a request's body, which is never read further than its limit. */
export async function readBody(request: Request, maxBytes: number): Promise<Read> {
  const tooLarge: Read = {
    refusal: [413, INVALID_REQUEST, `a message is at most ${maxBytes} bytes`],
  }
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return tooLarge
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of request.body ?? []) {
      bytes += chunk.length
      if (bytes > maxBytes) return tooLarge
      chunks.push(chunk)
    }
  } catch {
    return { refusal: [400, INVALID_REQUEST, 'the body could not be read'] }
  }
  try {
    return { body: JSON.parse(Buffer.concat(chunks).toString('utf8')) }
  } catch {
    return { refusal: [400, PARSE_ERROR, 'the message is no JSON'] }
  }
}
