import type { JsonObject } from '../core/model/json.ts'
import { modelsIn } from '../core/routing/named-models.ts'
import type { Incoming } from './incoming.ts'
import { offeredTools } from './wire/offered-tools.ts'

/** Something that must be allowed before a request goes out. */
export interface Target {
  readonly resource: string
  readonly server?: string
  readonly arguments: JsonObject
}

/** What a request asks for, as calls. */
export interface Plan {
  /** The model that is asked first; where none is named, the method of the API. */
  readonly first: Target
  /** Other models that might answer in its place. */
  readonly alternatives: readonly Target[]
  /** Tools that run where no call of theirs can be judged. */
  readonly hosted: readonly Target[]
  /** Why it cannot be judged at all. */
  readonly fault: string | undefined
}

const NOTHING: JsonObject = Object.freeze({})

export function planOf(
  incoming: Incoming,
  vendor: string,
  fallbacks: readonly string[] = [],
): Plan {
  const { endpoint, body, context } = incoming
  const args = argumentsOf(incoming)
  const named = [
    ...new Set([
      ...endpoint.models,
      ...modelsIn(args),
      ...elsewhere(context.url, args),
      ...fallbacks,
    ]),
  ]
  const models = named.filter((name) => name !== undefined)
  const api: Target = {
    resource: `${vendor}.api/${context.method.toLowerCase()}${endpoint.pattern}`,
    server: vendor,
    arguments: apiArguments(incoming, args),
  }
  const [first] = models
  const isModel = endpoint.kind !== 'api' && first !== undefined
  const { tools, fault } = offeredTools(args, vendor)
  const others = isModel ? models.slice(1) : models
  return {
    first: isModel ? { resource: modelResource(first, vendor), arguments: args } : api,
    alternatives: others.map((name) => ({
      resource: modelResource(name, vendor),
      arguments: NOTHING,
    })),
    hosted: tools,
    fault:
      body.kind === 'unread'
        ? body.fault
        : named.length > models.length
          ? 'a field of the request that names models holds something else'
          : (fault ?? formFault(incoming)),
  }
}

/** Models that the query names, and the preset, which may choose one. */
function elsewhere(url: string, { preset }: JsonObject): readonly (string | undefined)[] {
  const query = new URL(url, 'http://localhost').searchParams
  const models = [...query.getAll('model'), ...query.getAll('models')]
  if (preset === undefined || preset === null) return models
  return [...models, typeof preset === 'string' ? `@preset/${preset}` : undefined]
}

/** A model without a vendor is the vendor's own. */
export function modelResource(name: string, vendor: string): string {
  return `model:${name.includes('/') ? name : `${vendor}/${name}`}`
}

/** Long base64 is not among them: what it is stands in its place. */
export function argumentsOf({ body }: Incoming): JsonObject {
  switch (body.kind) {
    case 'json':
      return body.light.value
    case 'form':
      return body.value
    case 'none':
    case 'unread':
      return NOTHING
  }
}

function apiArguments({ endpoint, context, body }: Incoming, args: JsonObject): JsonObject {
  const query = Object.fromEntries(new URL(context.url, 'http://localhost').searchParams)
  return {
    path: endpoint.path,
    ...(Object.keys(query).length === 0 ? {} : { query }),
    ...(body.kind === 'none' ? {} : { body: args }),
  }
}

const IN_JSON: ReadonlySet<string> = new Set(['chat', 'responses', 'completions', 'embeddings'])

function formFault({ endpoint, body, context }: Incoming): string | undefined {
  if (IN_JSON.has(endpoint.kind) && body.kind !== 'json')
    return 'the body of the request is no JSON object'
  if (endpoint.kind !== 'api' || context.method !== 'POST') return undefined
  // Its answers propose calls in a form that nothing here takes apart.
  if (MESSAGES.test(endpoint.pattern) && !endpoint.pattern.startsWith('/threads/'))
    return 'the API of `/messages` is not governed: use `/chat/completions`'
  return argumentsIn(body)['stream'] === true && !endpoint.pattern.startsWith('/responses')
    ? 'what is neither chat nor responses is governed without `stream`'
    : undefined
}

const MESSAGES = /\/messages$/

function argumentsIn(body: Incoming['body']): JsonObject {
  return body.kind === 'json' ? body.value : NOTHING
}
