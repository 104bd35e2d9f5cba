import { isMap } from '../../core/json-kind.ts'
import type { JsonObject } from '../../core/model/json.ts'
import { type Account, createAccount } from './account.ts'
import { ApiError } from './api-error.ts'
import { describeEndpoints, describeModel } from './describe-models.ts'
import type { FakeState, MutableRequest, RecordedRequest } from './fake-state.ts'
import { errorResponse, infer } from './infer.ts'
import type { FakeSurface } from './read-ask.ts'

const BASE = '/api/v1'
/** Bytes of a request's body. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024
const MOST_REQUESTS = 10_000
const MOST_KEYS = 1_000

const SURFACES: ReadonlyMap<string, FakeSurface> = new Map([
  ['/chat/completions', 'chat'],
  ['/responses', 'responses'],
  ['/completions', 'completions'],
  ['/embeddings', 'embeddings'],
])

export interface KeyOptions {
  readonly apiKeys: readonly string[] | undefined
  /** Nano-dollars of each key. */
  readonly credits: number
}

export type AnswerApi = (request: Request, reset: () => void) => Promise<Response>

/** Who answers each path of the API, and writes down what was asked. */
export function createAnswerApi(
  fake: FakeState,
  requests: RecordedRequest[],
  keys: KeyOptions,
): AnswerApi {
  const accounts = createAccounts(keys)
  return async (request, reset) => {
    const path = new URL(request.url).pathname
    const text = await request.text()
    const record = recordOf(request, path, text)
    requests.push(record)
    if (requests.length > MOST_REQUESTS) requests.shift()
    const response = answerOf(fake, accounts, { request, path, text, record, reset })
    record.status = response.status
    if (response.body === null || record.model === null) record.end = 'complete'
    return response
  }
}

interface Asked {
  readonly request: Request
  readonly path: string
  readonly text: string
  readonly record: MutableRequest
  readonly reset: () => void
}

function answerOf(fake: FakeState, accounts: Accounts, asked: Asked): Response {
  const { request, path, text, record, reset } = asked
  const { headers, method } = request
  const name = path.startsWith(BASE) ? path.slice(BASE.length) : ''
  try {
    if (method === 'GET' && name.startsWith('/models')) return listModels(fake, name)
    const { key, account } = accounts.of(headers)
    if (method === 'GET') return look(fake, account, name, request)
    const surface = SURFACES.get(name)
    if (method !== 'POST' || surface === undefined) throw unknownPath()
    if (Buffer.byteLength(text) > MAX_BODY_BYTES)
      throw new ApiError({
        status: 413,
        message: `the body is larger than ${MAX_BODY_BYTES} bytes`,
      })
    const body = bodyOf(record)
    return infer(fake, surface, body, { path, key, account, headers, text, record, reset })
  } catch (error) {
    if (error instanceof ApiError) return errorResponse(error.fields)
    throw error
  }
}

function unknownPath(): ApiError {
  return new ApiError({ status: 404, message: 'there is nothing at this path' })
}

function listModels(fake: FakeState, name: string): Response {
  if (name === '/models') return Response.json({ data: fake.models.map(describeModel) })
  if (name === '/models/count') return Response.json({ data: { count: fake.models.length } })
  const [, id] = /^\/models\/(.+)\/endpoints$/.exec(name) ?? []
  const model = fake.models.find((one) => one.id === id)
  if (model === undefined) throw unknownPath()
  return Response.json(describeEndpoints(model))
}

function look(fake: FakeState, account: Account, name: string, request: Request): Response {
  switch (name) {
    case '/key':
      return Response.json(account.key())
    case '/credits':
      return Response.json(account.credits())
    case '/generation': {
      const id = new URL(request.url).searchParams.get('id') ?? ''
      const data = fake.generations.get(id, fake.now())
      if (data === undefined) throw new ApiError({ status: 404, message: 'generation not found' })
      return Response.json({ data })
    }
    case '/providers': {
      const names = [...new Set(fake.models.map(({ provider }) => provider))]
      return Response.json({ data: names.map((one) => ({ name: one, slug: one.toLowerCase() })) })
    }
    default:
      throw unknownPath()
  }
}

interface Accounts {
  /** @throws {ApiError} 401 */
  of(headers: Headers): { key: string; account: Account }
}

function createAccounts({ apiKeys, credits }: KeyOptions): Accounts {
  const accounts = new Map<string, Account>()
  return {
    of(headers) {
      const [, key] = /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '') ?? []
      const isKnown = key !== undefined && (apiKeys?.includes(key) ?? true)
      const found = accounts.get(key ?? '')
      if (!isKnown || (found === undefined && accounts.size >= MOST_KEYS))
        throw new ApiError({ status: 401, own: true, message: 'no auth credentials found' })
      const account = found ?? createAccount(credits)
      accounts.set(key, account)
      return { key, account }
    },
  }
}

function recordOf({ method, headers }: Request, path: string, text: string): MutableRequest {
  const shown = [...headers].map(([name, value]): [string, string] => [
    name,
    name === 'authorization' ? '[redacted]' : value,
  ])
  return {
    method,
    path,
    headers: Object.fromEntries(shown),
    body: parsed(text),
    id: null,
    model: null,
    status: 0,
    sent: 0,
    end: 'open',
    cost: 0,
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // told by `bodyOf`
  }
}

function bodyOf({ body }: RecordedRequest): JsonObject {
  if (!isMap(body))
    throw new ApiError({ status: 400, own: true, message: 'the body is no JSON object' })
  return body as JsonObject // an object that JSON.parse gave
}
