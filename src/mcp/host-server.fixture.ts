import { z } from 'zod'
import * as z3 from 'zod/v3'
import type { Message, Params, ProtocolHost } from './host.ts'

/** What a handler is told of its request, and what it can do with the client. */
export interface Told {
  readonly raw: Record<string, unknown>
  readonly signal: AbortSignal
  notify(method: string, params: Params): Promise<void>
  ask(method: string, params: Params): Promise<unknown>
}

export type Run = (args: Readonly<Record<string, unknown>>, told: Told) => unknown

/** What registering returns, in every version. */
export interface Handle {
  update(changes: Record<string, unknown>): void
  enable(): void
  disable(): void
  remove(): void
}

export interface ToolOptions {
  /** Fields that are texts, and must be there. @default none must: `text` and `count` may */
  readonly input?: readonly string[]
  /** Fields of the output schema, all texts (not in 1.10). */
  readonly output?: Readonly<Record<string, 'string' | 'number' | 'email' | 'enum'>>
  readonly meta?: Params
}

/** An `McpServer` of one version, and the same words for what all of them can do. */
export interface HostServer {
  /** What is wrapped. */
  readonly server: object
  readonly inner: ProtocolHost
  tool(name: string, run: Run, options?: ToolOptions): Handle
  prompt(name: string, run: Run, complete?: (value: string) => string[]): Handle
  resource(uri: string, run: (uri: string, told: Told) => unknown): Handle
  template(
    name: string,
    uri: string,
    run: (uri: string, told: Told) => unknown,
    more?: { list?: () => readonly Params[]; complete?: (value: string) => string[] },
  ): Handle
  /** Low-level `setRequestHandler`. */
  onRequest(method: string, run: (params: Params, told: Told) => unknown): void
  onNotification(method: string, run: (params: Params) => void): void
  /** What the callback of `handle.update` must look like. */
  callback(run: Run): unknown
  /** A request of the server to its client. */
  ask(method: string, params: Params): Promise<unknown>
  notify(method: string, params: Params): Promise<void>
}

/** The methods of `McpServer` that are used, whatever the version. */
export interface AnyServer {
  readonly server: ProtocolHost & {
    setRequestHandler(...given: unknown[]): void
    setNotificationHandler(...given: unknown[]): void
    request(request: object, ...more: unknown[]): Promise<unknown>
  }
  tool(name: string, ...rest: unknown[]): Handle
  prompt(name: string, ...rest: unknown[]): Handle
  resource(name: string, ...rest: unknown[]): Handle
  registerTool(name: string, config: object, run: unknown): Handle
  registerPrompt(name: string, config: object, run: unknown): Handle
  registerResource(name: string, uri: unknown, config: object, run: unknown): Handle
}

export interface Parts {
  readonly major: 1 | 2
  readonly isOldest: boolean
  readonly server: AnyServer
  readonly templateOf: (uri: string, more: object) => unknown
  readonly completable: (schema: unknown, complete: unknown) => unknown
}

function toldOf(major: 1 | 2, raw: unknown): Told {
  const extra = raw as Record<string, unknown>
  const inner = (major === 1 ? extra : extra['mcpReq']) as {
    signal: AbortSignal
    sendNotification(said: object): Promise<void>
    sendRequest(asked: object, schema: unknown): Promise<unknown>
    notify(said: object): Promise<void>
    send(asked: object): Promise<unknown>
  }
  return {
    raw: extra,
    signal: inner.signal,
    notify: (method, params) =>
      major === 1 ? inner.sendNotification({ method, params }) : inner.notify({ method, params }),
    ask: (method, params) =>
      major === 1
        ? inner.sendRequest({ method, params }, z3.any())
        : inner.send({ method, params }),
  }
}

export function hostServer(parts: Parts): HostServer {
  const { major, server, isOldest, templateOf, completable } = parts
  const inner = server.server
  const told = (raw: unknown): Told => toldOf(major, raw)
  const shape = major === 1 ? shapeV1 : shapeV2
  const callback = (run: Run) => (args: never, raw: unknown) => run(args, told(raw))
  return {
    server,
    inner,
    callback,
    tool(name, run, options = {}) {
      const input = inputShape(shape, options)
      if (isOldest && major === 1) return server.tool(name, input, callback(run))
      const config = {
        inputSchema: major === 1 ? input : z.object(input as never),
        ...(options.output === undefined ? {} : { outputSchema: outputOf(major, options.output) }),
        ...(options.meta === undefined ? {} : { _meta: options.meta }),
      }
      return server.registerTool(name, config, callback(run))
    },
    prompt(name, run, complete) {
      const plain = major === 1 ? z3.string() : z.string()
      const value = complete === undefined ? plain : completable(plain, complete)
      if (major === 1) return server.prompt(name, { value: value as never }, callback(run))
      const argsSchema = z.object({ value: value as z.ZodString })
      return server.registerPrompt(name, { argsSchema }, callback(run))
    },
    resource(uri, run) {
      const read = (url: URL, raw: unknown): unknown => run(url.href, told(raw))
      return major === 1
        ? server.resource(`name of ${uri}`, uri, read)
        : server.registerResource(`name of ${uri}`, uri, {}, read)
    },
    template(name, uri, run, more = {}) {
      const { list, complete } = more
      const made = templateOf(uri, {
        list: list === undefined ? undefined : () => ({ resources: list() }),
        ...(complete === undefined ? {} : { complete: { id: complete } }),
      })
      const read = (url: URL, _variables: unknown, raw: unknown): unknown =>
        run(url.href, told(raw))
      return major === 1
        ? server.resource(name, made, read)
        : server.registerResource(name, made, {}, read)
    },
    onRequest(method, run) {
      if (major === 1) {
        const schema = z3.object({ method: z3.literal(method), params: z3.any().optional() })
        inner.setRequestHandler(schema, (request: Message, raw: unknown) =>
          run(request.params ?? {}, told(raw)),
        )
      } else if (isSpecified(method))
        inner.setRequestHandler(method, (request: Message, raw: unknown) =>
          run(request.params ?? {}, told(raw)),
        )
      else
        inner.setRequestHandler(
          method,
          { params: z.looseObject({}) },
          (params: Params, raw: unknown) => run(params, told(raw)),
        )
    },
    onNotification(method, run) {
      if (major === 1) {
        const schema = z3.object({ method: z3.literal(method), params: z3.any().optional() })
        inner.setNotificationHandler(schema, (said: Message) => run(said.params ?? {}))
      } else inner.setNotificationHandler(method, { params: z.looseObject({}) }, run)
    },
    ask: (method, params) =>
      major === 1 ? inner.request({ method, params }, z3.any()) : inner.request({ method, params }),
    async notify(method, params) {
      await inner.notification?.({ method, params })
    },
  }
}

type Shape = Record<string, unknown>

interface Shapes {
  text(): unknown
  optional(kind: 'string' | 'number'): unknown
}

const shapeV1: Shapes = {
  text: () => z3.string(),
  optional: (kind) => (kind === 'string' ? z3.string() : z3.number()).optional(),
}

const shapeV2: Shapes = {
  text: () => z.string(),
  optional: (kind) => (kind === 'string' ? z.string() : z.number()).optional(),
}

function inputShape(shape: Shapes, { input }: ToolOptions): Shape {
  if (input === undefined)
    return { text: shape.optional('string'), count: shape.optional('number') }
  return Object.fromEntries(input.map((field) => [field, shape.text()]))
}

function outputOf(major: 1 | 2, output: NonNullable<ToolOptions['output']>): unknown {
  const kinds = {
    string: () => z.string(),
    number: () => z.number(),
    email: () => z.email(),
    enum: () => z.enum(['on', 'off']),
  }
  const fields = Object.fromEntries(
    Object.entries(output).map(([field, kind]) => [field, kinds[kind]()]),
  )
  return major === 1 ? fields : z.object(fields)
}

const SPECIFIED =
  /^(?:tools|prompts|resources|completion|logging|tasks|sampling|elicitation|roots)\/|^ping$|^initialize$/

function isSpecified(method: string): boolean {
  return SPECIFIED.test(method)
}
