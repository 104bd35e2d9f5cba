import { isObject } from '../host.ts'

/** Names of what MCP has, as resources of policies. */

/** INVARIANT: no tool is taken for a method of the protocol, whatever its server calls it. */
export function toolResource(server: string, name: unknown): string {
  const tool = text(name)
  return `${server}.${tool.startsWith(METHODS) ? '' : tool}`
}

export function promptResource(server: string, name: unknown): string {
  return `prompt:${server}/${text(name)}`
}

/** Characters that no URI has as such are written as escapes, as in RFC 3986. */
export function uriResource(server: string, uri: unknown): string {
  return `resource:${server}/${text(uri).replace(NOT_OF_URIS, escaped)}`
}

const NOT_OF_URIS = /[^\w\-.~:/?#[\]@!$&'()*+,;=%{}]+/g

function escaped(part: string): string {
  try {
    return encodeURIComponent(part)
  } catch {
    return part // half of a character: a name that nothing has
  }
}

/**
 * The names of one resource: as its URI is spelled, and as the SDKs read it, where that is another one
 * (`FILE://localhost/a` is `file:///a`). Who may use it may do so by each.
 */
export function uriNames(server: string, uri: unknown): readonly [string, ...string[]] {
  const spelled = uriResource(server, uri)
  const href = hrefOf(text(uri))
  const read = href === undefined ? spelled : uriResource(server, href)
  return read === spelled ? [spelled] : [read, spelled]
}

/** A URI as the SDKs read it; undefined where it is none. */
export function hrefOf(uri: string): string | undefined {
  try {
    return new URL(uri).href
  } catch {
    return undefined
  }
}

/** What is no tool, prompt or resource is a tool whose name begins with `mcp/`. */
export function methodResource(server: string, method: string): string {
  return `${server}.${METHODS}${method}`
}

const METHODS = 'mcp/'

/** What is no text is a name that nothing has. */
function text(name: unknown): string {
  return typeof name === 'string' ? name : ''
}

/** A list that a server answers with, and how its members are called. */
export interface ListKind {
  /** The field of the result that holds them. */
  readonly field: string
  /** Each of the names must be one that the caller may know of. */
  namesOf(server: string, item: unknown): readonly [string, ...string[]]
}

const named = (
  field: string,
  key: string,
  names: (server: string, value: unknown) => readonly [string, ...string[]],
): ListKind => ({
  field,
  namesOf: (server, item) => names(server, isObject(item) ? item[key] : undefined),
})

const one =
  (name: (server: string, value: unknown) => string) =>
  (server: string, value: unknown): readonly [string] => [name(server, value)]

export const LISTS: ReadonlyMap<string, ListKind> = new Map([
  ['tools/list', named('tools', 'name', one(toolResource))],
  ['prompts/list', named('prompts', 'name', one(promptResource))],
  ['resources/list', named('resources', 'uri', uriNames)],
  ['resources/templates/list', named('resourceTemplates', 'uriTemplate', one(uriResource))],
])

/** What a request calls, and what it is called with. */
export interface Target {
  readonly kind: 'tool' | 'prompt' | 'resource' | 'template' | 'method'
  /** As the request has it. */
  readonly name: string
  readonly resource: string
  /** Its other name, which the caller must be allowed to know of too: how a URI is spelled. */
  readonly spelled?: string | undefined
  readonly arguments: unknown
  /** Where the arguments are in `params`; undefined: nowhere as such, so that they cannot be rewritten. */
  readonly field: 'arguments' | undefined
}

type Params = Readonly<Record<string, unknown>>

function ofUri(server: string, { uri }: Params): Target {
  const name = text(uri)
  const [resource, spelled] = uriNames(server, name)
  return {
    kind: 'resource',
    name,
    resource,
    spelled,
    arguments: { uri: name },
    field: undefined,
  }
}

/** A completion says what values a prompt or a template has, so it is as much as using it. */
function ofCompletion(server: string, { ref, argument, context }: Params): Target {
  const { type, name, uri } = isObject(ref) ? ref : NOTHING
  const args = {
    ...(isObject(argument) ? argument : {}),
    ...(isObject(context) ? { context } : {}),
  }
  return type === 'ref/prompt'
    ? {
        kind: 'prompt',
        name: text(name),
        resource: promptResource(server, name),
        arguments: args,
        field: undefined,
      }
    : {
        kind: 'template',
        name: text(uri),
        resource: uriResource(server, uri),
        arguments: args,
        field: undefined,
      }
}

const NOTHING: Params = Object.freeze({})

const TARGETS: ReadonlyMap<string, (server: string, params: Params) => Target> = new Map([
  [
    'tools/call',
    (server: string, { name, arguments: args }: Params): Target => ({
      kind: 'tool',
      name: text(name),
      resource: toolResource(server, name),
      arguments: args ?? {},
      field: 'arguments',
    }),
  ],
  [
    'prompts/get',
    (server: string, { name, arguments: args }: Params): Target => ({
      kind: 'prompt',
      name: text(name),
      resource: promptResource(server, name),
      arguments: args ?? {},
      field: 'arguments',
    }),
  ],
  ['resources/read', ofUri],
  ['resources/subscribe', ofUri],
  ['resources/unsubscribe', ofUri],
  ['completion/complete', ofCompletion],
])

/** What a request of this method calls. What is not known is the method itself, with all its params. */
export function targetOf(server: string, method: string, params: Params): Target {
  const known = TARGETS.get(method)
  if (known !== undefined) return known(server, params)
  const { _meta, ...rest } = params
  return {
    kind: 'method',
    name: method,
    resource: methodResource(server, method),
    arguments: rest,
    field: undefined,
  }
}

export function namesOf({ resource, spelled }: Target): readonly [string, ...string[]] {
  return spelled === undefined || spelled === resource ? [resource] : [resource, spelled]
}

/** Without these there is no connection; they neither read nor change what a server has. */
export const OPEN_METHODS: ReadonlySet<string> = new Set(['initialize', 'ping', 'server/discover'])

export const TASK_METHODS: ReadonlySet<string> = new Set([
  'tasks/get',
  'tasks/result',
  'tasks/cancel',
  'tasks/update',
])

/** Notifications of the protocol itself, about requests that were judged. */
export const OPEN_NOTIFICATIONS: ReadonlySet<string> = new Set([
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
  'notifications/roots/list_changed',
])
