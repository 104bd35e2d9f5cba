import { expect } from 'vitest'
import { createTestEngine, type TestEngine } from '../testing/create-test-engine.ts'
import { isObject, type Message } from './host.ts'
import type { ConnectOptions, Host, HostServer, Wire } from './hosts.fixture.ts'
import { wrapMcpClient } from './wrap-mcp-client.ts'
import { unwrapMcpServer, wrapMcpServer } from './wrap-mcp-server.ts'

/** What handlers give, and nobody may see who is denied. */
export const PRIZE = 'the prize'

/** Notes that something of the host has run, and what it was. */
export type Ran = (what: string) => string

/** One way into a server, or out of it. */
export interface Way {
  readonly name: string
  /** Hosts that have it. @default all */
  readonly of?: (host: Host) => boolean
  /** What the host does before it is wrapped, after it, and when it is connected. */
  readonly before?: (made: HostServer, ran: Ran) => void
  readonly after?: (made: HostServer, ran: Ran) => void
  readonly late?: (made: HostServer, ran: Ran) => void
  /** What the client does. What comes back is compared, with all that was heard. */
  readonly use: (wire: Wire, made: HostServer) => Promise<unknown>
  /** What is permitted even to whom the way itself is denied. */
  readonly still?: readonly string[]
  /**
   * `lists`: its handler runs for anybody, and nothing is shown; `says`: what is denied leaves the
   * server, so that something of it has run; `news`: the same, of which knowing is enough; `silent`: it has no answer; `open`: nobody is denied it.
   */
  readonly kind?: 'lists' | 'says' | 'news' | 'silent' | 'open'
  /** Hosts whose list of tools is none: a wrapped client calls no tool that it cannot look up. */
  readonly isUnlisted?: (host: Host) => boolean
}

export const ALL = ['db.*', 'prompt:db/*', 'resource:db/*']

/** A policy that lets `bot` use what is named, and see more. */
export function policyOf(invoke: readonly string[], discover: readonly string[] = []): string {
  const rule = (resources: readonly string[], verb: string): string =>
    resources.length === 0
      ? ''
      : `\n      - { resources: ${JSON.stringify(resources)}, verbs: [${verb}] }`
  return `
roles:
  - name: some
    rules:${rule(invoke, 'invoke')}${rule(discover, 'discover')}
      - { effect: deny, resources: [db.never], verbs: [invoke] }
bindings:
  - { agent: bot, roles: [some] }
`
}

export interface Outcome {
  readonly said: unknown
  readonly heard: readonly Message[]
  readonly ran: readonly string[]
}

const ANSWERS: ConnectOptions['answers'] = {
  'sampling/createMessage': () => ({
    role: 'assistant',
    model: 'm',
    content: { type: 'text', text: 'sampled' },
  }),
  'roots/list': () => ({ roots: [{ uri: 'file:///root' }] }),
  'elicitation/create': () => ({ action: 'accept', content: { name: 'ann' } }),
}

/** Goes one way on one host: bare where there is no policy. */
export async function go(
  host: Host,
  way: Way,
  policy?: string,
  wrapped: 'server' | 'client' = 'server',
): Promise<Outcome> {
  const ran: string[] = []
  const note: Ran = (what) => {
    ran.push(what)
    return PRIZE
  }
  const made = host.make()
  way.before?.(made, note)
  const engine: TestEngine | undefined =
    policy === undefined ? undefined : createTestEngine({ policy })
  const options = { server: 'db', subject: { agent: 'bot' } }
  if (engine !== undefined && wrapped === 'server') wrapMcpServer(made.server, engine, options)
  way.after?.(made, note)
  const wire = await host.connect(made, {
    ...(ANSWERS === undefined ? {} : { answers: ANSWERS }),
    govern(client) {
      if (engine !== undefined && wrapped === 'client') wrapMcpClient(client, engine, options)
    },
  })
  way.late?.(made, note)
  // A client is told that a notification was not sent.
  const said = await way.use(wire, made).catch((error: Error) => error.message)
  await wire.settle()
  const heard = [...wire.heard]
  await wire.close()
  unwrapMcpServer(made.server)
  await engine?.close()
  return { said, heard, ran }
}

/** The three things that hold for every way. */
export const RULES = [
  {
    rule: 'answers as without the wrap where a policy allows it',
    async check(host: Host, way: Way): Promise<void> {
      const bare = await go(host, way)
      expect(bare.ran.length).toBeGreaterThan(0)
      if (way.kind !== 'silent' && way.kind !== 'open')
        expect(JSON.stringify(bare.heard)).toContain(PRIZE)
      expect(await go(host, way, policyOf(ALL))).toEqual(bare)
    },
  },
  {
    rule: 'gives nothing to whom it is hidden from',
    async check(host: Host, way: Way): Promise<void> {
      checkNothing(way, await go(host, way, policyOf(way.still ?? [])))
    },
  },
  {
    rule: 'gives nothing to who may only know of it',
    async check(host: Host, way: Way): Promise<void> {
      if (way.kind !== 'lists' && way.kind !== 'news')
        checkNothing(way, await go(host, way, policyOf(way.still ?? [], ALL)))
    },
  },
  {
    rule: 'answers a wrapped client as without the wrap where a policy allows it',
    async check(host: Host, way: Way): Promise<void> {
      if (way.isUnlisted?.(host) === true) return
      expect(await go(host, way, policyOf(ALL), 'client')).toEqual(await go(host, way))
    },
  },
  {
    rule: 'gives a wrapped client nothing that is hidden from it',
    async check(host: Host, way: Way): Promise<void> {
      checkShown(way, await go(host, way, policyOf(way.still ?? []), 'client'))
    },
  },
  {
    rule: 'gives a wrapped client nothing that it may only know of',
    async check(host: Host, way: Way): Promise<void> {
      if (way.kind === 'lists' || way.kind === 'news' || way.isUnlisted?.(host) === true) return
      checkShown(way, await go(host, way, policyOf(way.still ?? [], ALL), 'client'))
    },
  },
] as const

/** What a server asks of a client is kept from its handlers, behind what is heard here. */
function checkShown(way: Way, { heard, ...more }: Outcome): void {
  const isAsked = ({ id, method, result }: Message): boolean =>
    (id !== undefined && method !== undefined) ||
    (isObject(result) && result['resultType'] === 'input_required')
  checkNothing(way, { ...more, heard: heard.filter((message) => !isAsked(message)) })
}

function checkNothing(way: Way, { ran, heard }: Outcome): void {
  if (way.kind === 'open') return
  if (way.kind === undefined || way.kind === 'silent') expect(ran).toEqual([])
  expect(JSON.stringify(heard)).not.toContain(PRIZE)
  // Nor was it asked for anything, by a request or in a result.
  expect(heard.filter(({ id, method }) => id !== undefined && method !== undefined)).toEqual([])
  expect(JSON.stringify(heard)).not.toContain('inputRequests')
}
