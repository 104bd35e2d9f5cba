import type { OpenAIContext } from './context.ts'
import { APPROVAL, type Guard } from './guard.ts'
import { type Endpoint, endpointOf } from './wire/endpoint.ts'
import { type Body, readBody } from './wire/read-body.ts'

type Fetch = typeof fetch
type FetchInput = Parameters<Fetch>[0]
type FetchInit = NonNullable<Parameters<Fetch>[1]>

/** One request as it came, read. */
export interface Incoming {
  readonly context: OpenAIContext
  readonly endpoint: Endpoint
  readonly body: Body
  /** True where `body` is no longer what came. */
  readonly isChanged: boolean
  /** Of the attempts that its client makes; 0 is the first. Undefined: the client does not say. */
  readonly retry: number | undefined
  /** Sends it; with another body where one is given. */
  send(inner: Fetch, text?: string): Promise<Response>
}

/** Reads what `fetch` was called with. */
export async function readIncoming(
  guard: Guard,
  input: FetchInput,
  init: FetchInit = {},
): Promise<Incoming> {
  const given = input instanceof Request ? input : undefined
  const url = given?.url ?? String(input)
  const method = (init.method ?? given?.method ?? 'GET').toUpperCase()
  const headers = new Headers((init.headers ?? given?.headers) as FetchInit['headers']) // of any copy of the platform
  const signal = init.signal ?? given?.signal
  const source = init.body === undefined && given !== undefined ? given.clone().body : init.body
  const body = await readBody(source, headers, guard.settings.maxRequestBytes)
  const isWhole = init.body === undefined || isWholeBody(init.body)
  const endpoint = endpointOf(method, url, guard.baseURL()) ?? NOWHERE
  const named = body.kind === 'json' || body.kind === 'form' ? body.value['model'] : undefined
  const model = typeof named === 'string' ? named : endpoint.models[0]
  return {
    context: {
      method,
      path: endpoint.pattern,
      url,
      model,
      headers: Object.fromEntries(headers),
      signal: signal instanceof AbortSignal ? signal : undefined,
    },
    endpoint,
    body,
    isChanged: false,
    retry: retryOf(headers),
    send: (inner, text) => inner(...sending(input, init, { headers, body, text, isWhole })),
  }
}

const NOWHERE: Endpoint = Object.freeze({ pattern: '/_', path: '/', kind: 'api', models: [] })

function retryOf(headers: Headers): number | undefined {
  const said = headers.get('x-stainless-retry-count')
  return said !== null && /^\d{1,4}$/.test(said) ? Number(said) : undefined
}

interface Sending {
  readonly headers: Headers
  readonly body: Body
  /** The body, where it was changed. */
  readonly text: string | undefined
  /** True where what came can be sent as it is: reading it has not used it up. */
  readonly isWhole: boolean
}

/** What the inner `fetch` gets: what came, but for what was changed or could be read only once. */
function sending(
  input: FetchInput,
  init: FetchInit,
  { headers, body, text, isWhole }: Sending,
): [FetchInput, FetchInit] {
  const replaced = text ?? (isWhole ? undefined : sentOf(body))
  if (!headers.has(APPROVAL) && replaced === undefined) return [input, init]
  const now = new Headers(headers)
  now.delete(APPROVAL)
  if (text !== undefined) now.delete('content-length')
  const changed = { ...init, headers: Object.fromEntries(now) }
  return [input, replaced === undefined ? changed : { ...changed, body: replaced }]
}

function sentOf(body: Body): string | Uint8Array | FormData | undefined {
  switch (body.kind) {
    case 'none':
      return undefined
    case 'json':
      return body.text
    case 'form':
    case 'unread':
      return body.sent
  }
}

/** Texts and bytes can be read again; what comes in pieces cannot. */
function isWholeBody(source: unknown): boolean {
  return typeof source !== 'object' || source === null || !(Symbol.asyncIterator in source)
}
