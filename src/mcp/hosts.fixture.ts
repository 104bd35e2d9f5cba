import * as clientNow from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport as MemoryV1 } from '@modelcontextprotocol/sdk/inMemory.js'
import { completable as completableV1 } from '@modelcontextprotocol/sdk/server/completable.js'
import {
  McpServer as ServerV1,
  ResourceTemplate as TemplateV1,
} from '@modelcontextprotocol/sdk/server/mcp.js'
import * as serverNow from '@modelcontextprotocol/server'
import { serveStdio as serveStdioNow } from '@modelcontextprotocol/server/stdio'
import * as clientOldest from 'mcp-client-oldest'
import { Client as ClientOldest } from 'mcp-sdk-oldest/client/index.js'
import { InMemoryTransport as MemoryOldest } from 'mcp-sdk-oldest/inMemory.js'
import { completable as completableOldest } from 'mcp-sdk-oldest/server/completable.js'
import {
  McpServer as ServerOldest,
  ResourceTemplate as TemplateOldest,
} from 'mcp-sdk-oldest/server/mcp.js'
import * as serverOldest from 'mcp-server-oldest'
import { serveStdio as serveStdioOldest } from 'mcp-server-oldest/stdio'
import { isObject, type Params } from './host.ts'
import { type AnyServer, type HostServer, hostServer, type Parts } from './host-server.fixture.ts'
import {
  type AnyClient,
  answering,
  CLIENT_CAPABILITIES,
  type ConnectOptions,
  type SdkClient,
  vouched,
  type Wire,
  wireOf,
} from './wire.fixture.ts'

export type { Handle, HostServer, Run, Told, ToolOptions } from './host-server.fixture.ts'
export type { CallResult, ConnectOptions, SdkClient, Wire } from './wire.fixture.ts'

/** One interface over the versions of the MCP SDK that are guarded: for tests that hold for all of them. */

export interface MakeOptions {
  /** Declared when the server is made: newer versions install their handlers then. @default all */
  readonly capabilities?: Params
  /** Options of the version's own. */
  readonly more?: Params
}

export interface Host {
  readonly name: string
  readonly major: 1 | 2
  readonly isOldest: boolean
  readonly era: 'legacy' | 'modern'
  make(options?: MakeOptions): HostServer
  connect(made: HostServer, options?: ConnectOptions): Promise<Wire>
}

const INFO = { name: 'host', version: '1.0.0' }

const CAPABILITIES = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
  logging: {},
  completions: {},
}

interface SdkV1 {
  readonly Client: new (info: never, options: never) => unknown
  readonly Server: new (info: never, options: never) => unknown
  readonly Memory: { createLinkedPair(): [unknown, unknown] }
  readonly Template: new (uri: string, more: never) => unknown
  readonly completable: unknown
}

function hostV1(name: string, isOldest: boolean, sdk: SdkV1): Host {
  return {
    name,
    major: 1,
    isOldest,
    era: 'legacy',
    make: ({ capabilities = CAPABILITIES, more } = {}) =>
      hostServer({
        major: 1,
        isOldest,
        server: new sdk.Server(INFO as never, { ...more, capabilities } as never) as AnyServer,
        templateOf: (uri, more) => new sdk.Template(uri, more as never),
        completable: sdk.completable as Parts['completable'],
      }),
    async connect(made, options = {}) {
      const info = options.clientInfo ?? { name: 'client', version: '1.0.0' }
      const client = new sdk.Client(info as never, { capabilities: CLIENT_CAPABILITIES } as never)
      answering(client as AnyClient, 1, options)
      options.govern?.(client as SdkClient)
      const [near, far] = sdk.Memory.createLinkedPair()
      vouched(far as object, options.authInfo)
      await Promise.all([
        (made.server as SdkClient).connect(near),
        (client as SdkClient).connect(far),
      ])
      return wireOf({ client: client as SdkClient, era: 'legacy', authInfo: options.authInfo })
    },
  }
}

interface SdkV2 {
  readonly server: Pick<
    typeof serverNow,
    'McpServer' | 'InMemoryTransport' | 'ResourceTemplate' | 'completable'
  >
  readonly client: Pick<typeof clientNow, 'Client'>
  readonly serve: typeof serveStdioNow
}

function hostV2(name: string, isOldest: boolean, era: 'legacy' | 'modern', sdk: SdkV2): Host {
  const { McpServer, InMemoryTransport, ResourceTemplate, completable } = sdk.server
  return {
    name,
    major: 2,
    isOldest,
    era,
    make: ({ capabilities = CAPABILITIES, more } = {}) =>
      hostServer({
        major: 2,
        isOldest,
        server: new McpServer(INFO, { ...more, capabilities }) as unknown as AnyServer,
        templateOf: (uri, more) => new ResourceTemplate(uri, more as never),
        completable: completable as Parts['completable'],
      }),
    async connect(made, options = {}) {
      const info = options.clientInfo ?? { name: 'client', version: '1.0.0' }
      const client = new sdk.client.Client(info, {
        capabilities: CLIENT_CAPABILITIES,
        ...(era === 'modern' ? { versionNegotiation: { mode: { pin: '2026-07-28' } } } : {}),
      }) as unknown as SdkClient
      answering(client as unknown as AnyClient, 2, options)
      options.govern?.(client)
      const [near, far] = InMemoryTransport.createLinkedPair()
      vouched(far, options.authInfo)
      if (era === 'modern') sdk.serve(() => made.server as never, { transport: near as never })
      else await (made.server as SdkClient).connect(near)
      await client.connect(far)
      return wireOf({ client, era, authInfo: options.authInfo })
    },
  }
}

const V1: SdkV1 = {
  Client: ClientV1,
  Server: ServerV1,
  Memory: MemoryV1,
  Template: TemplateV1,
  completable: completableV1,
}

const V1_OLDEST: SdkV1 = {
  Client: ClientOldest,
  Server: ServerOldest,
  Memory: MemoryOldest,
  Template: TemplateOldest,
  completable: completableOldest,
}

const V2: SdkV2 = { server: serverNow, client: clientNow, serve: serveStdioNow }

const V2_OLDEST: SdkV2 = {
  server: serverOldest as unknown as SdkV2['server'],
  client: clientOldest as unknown as SdkV2['client'],
  serve: serveStdioOldest as unknown as SdkV2['serve'],
}

export const HOSTS: readonly Host[] = [
  hostV1('sdk 1.32.2', false, V1),
  hostV1('sdk 1.10.2', true, V1_OLDEST),
  hostV2('server 2.4.0', false, 'legacy', V2),
  hostV2('server 2.0.0', true, 'legacy', V2_OLDEST),
  hostV2('server 2.4.0, 2026-07-28', false, 'modern', V2),
  hostV2('server 2.0.0, 2026-07-28', true, 'modern', V2_OLDEST),
]

/** A text block, the content that most tools give. */
export function text(said: string): { type: 'text'; text: string } {
  return { type: 'text', text: said }
}

/** The first text of a result, or of what came instead. */
export function textOf(result: unknown): string {
  const content = isObject(result) ? result['content'] : undefined
  const first: unknown = Array.isArray(content) ? content[0] : undefined
  return isObject(first) ? String(first['text']) : ''
}
