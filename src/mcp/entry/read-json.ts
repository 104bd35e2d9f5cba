/** What a body holds. */
export type Read =
  | { readonly kind: 'json'; readonly body: unknown }
  /** No JSON, or not to be read. */
  | { readonly kind: 'other' }
  | { readonly kind: 'too_large' }

/** As much as the SDK's own entries take, in bytes. */
const MAX_BODY = 4 * 1024 * 1024

/** Reads a request's body, which can be read again afterwards. */
export async function readJson(request: Request): Promise<Read> {
  if (request.bodyUsed || request.body === null) return { kind: 'other' }
  if (Number(request.headers.get('content-length')) > MAX_BODY) return { kind: 'too_large' }
  const copy = request.clone()
  try {
    const text = await readText(copy.body)
    if (text !== undefined) return { kind: 'json', body: JSON.parse(text) }
  } catch {
    return { kind: 'other' }
  }
  // Not waited for: the one is only over when the other is.
  for (const { body } of [copy, request]) body?.cancel().catch(() => undefined)
  return { kind: 'too_large' }
}

async function readText(body: Request['body']): Promise<string | undefined> {
  if (body === null) return ''
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let size = 0
  let text = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return text + decoder.decode()
      size += value.byteLength
      if (size > MAX_BODY) return undefined
      text += decoder.decode(value, { stream: true })
    }
  } finally {
    reader.releaseLock()
  }
}
