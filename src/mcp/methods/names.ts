import { isObject } from '../host.ts'

/** Names of what MCP has, as resources of policies. */

export function toolResource(server: string, name: unknown): string {
  return `${server}.${text(name)}`
}

export function promptResource(server: string, name: unknown): string {
  return `prompt:${server}/${text(name)}`
}

export function uriResource(server: string, uri: unknown): string {
  return `resource:${server}/${text(uri)}`
}

/** What is no tool, prompt or resource is a tool whose name begins with `mcp/`. */
export function methodResource(server: string, method: string): string {
  return `${server}.mcp/${method}`
}

/** What is no text is a name that nothing has. */
function text(name: unknown): string {
  return typeof name === 'string' ? name : ''
}

/** A list that a server answers with, and how its members are called. */
export interface ListKind {
  /** The field of the result that holds them. */
  readonly field: string
  nameOf(server: string, item: unknown): string
}

const named = (
  field: string,
  key: string,
  name: (server: string, value: unknown) => string,
): ListKind => ({
  field,
  nameOf: (server, item) => name(server, isObject(item) ? item[key] : undefined),
})

export const LISTS: ReadonlyMap<string, ListKind> = new Map([
  ['tools/list', named('tools', 'name', toolResource)],
  ['prompts/list', named('prompts', 'name', promptResource)],
  ['resources/list', named('resources', 'uri', uriResource)],
  ['resources/templates/list', named('resourceTemplates', 'uriTemplate', uriResource)],
])

/** What a request calls, and what it is called with. */
export interface Target {
  readonly kind: 'tool' | 'prompt' | 'resource' | 'template' | 'method'
  /** As the request has it. */
  readonly name: string
  readonly resource: string
  readonly arguments: unknown
  /** Where the arguments are in `params`; undefined: nowhere as such, so that they cannot be rewritten. */
  readonly field: 'arguments' | undefined
}

type Params = Readonly<Record<string, unknown>>

function ofUri(server: string, { uri }: Params): Target {
  const name = text(uri)
  return {
    kind: 'resource',
    name,
    resource: uriResource(server, name),
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
