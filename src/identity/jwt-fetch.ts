import { refuseOption } from '../core/option-checks.ts'

/** What is used of `fetch`. */
export type FetchKeys = (
  url: string,
  init: {
    readonly method: 'GET'
    readonly redirect: 'error'
    readonly headers: { readonly accept: string }
    readonly signal: AbortSignal
  },
) => Promise<FetchedKeys>

/** What is used of a response. */
export interface FetchedKeys {
  readonly status: number
  readonly redirected: boolean
  readonly body: {
    getReader(): {
      read(): Promise<{ readonly done: boolean; readonly value?: unknown }>
      cancel(): Promise<unknown>
    }
  } | null
}

/** Sets of keys are some kilobytes. */
const MAX_BYTES = 256 * 1024

/**
 * Loads a key set over HTTPS, or over plain HTTP from this machine. Follows no redirect and reads no
 * more than a set can have.
 * @throws {CallgateError} ERR_OPTIONS_INVALID for another address
 */
export function fetchKeySet(
  address: string | URL,
  fetchKeys: FetchKeys,
): (signal: AbortSignal) => Promise<unknown> {
  const url = checkedUrl(address)
  return async (signal) => {
    const response = await fetchKeys(url, {
      method: 'GET',
      redirect: 'error',
      headers: { accept: 'application/jwk-set+json, application/json' },
      signal,
    })
    // A `fetch` that is handed in may have followed one all the same.
    if (response.status !== 200 || response.redirected)
      throw new Error('the key set was not answered with 200')
    return JSON.parse(await boundedText(response))
  }
}

async function boundedText(response: FetchedKeys): Promise<string> {
  const reader = response.body?.getReader()
  if (reader === undefined) throw new Error('the key set is empty')
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    if (!(value instanceof Uint8Array)) throw new Error('the key set is no text')
    size += value.length
    if (size > MAX_BYTES) {
      await reader.cancel()
      throw new Error(`the key set is larger than ${MAX_BYTES} bytes`)
    }
    chunks.push(value)
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
}

function checkedUrl(address: string | URL): string {
  let url: URL
  try {
    url = new URL(address)
  } catch {
    return refuseOption('jwtIdentity: `jwks` is no URL')
  }
  const isPlain = url.protocol === 'http:' && isLoopback(url.hostname)
  if (url.protocol !== 'https:' && !isPlain)
    refuseOption('jwtIdentity: `jwks` is an https: URL; http: only for this machine itself')
  if (url.username !== '' || url.password !== '')
    refuseOption('jwtIdentity: `jwks` is a URL without user and password')
  return url.href
}

// The URL parser has brought every form of an IPv4 address into this one.
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
