import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { ClientCapabilities, ServerCapabilities } from '@modelcontextprotocol/sdk/types.js'
import { VERSION } from '../../version.ts'
import type { HealthOfLink } from '../health.ts'
import type { GatewayLimits, Upstream } from '../options.ts'
import type { Sdk } from '../sdk.ts'
import { backOff } from './back-off.ts'
import { deadTransport } from './dead-transport.ts'
import { labelOf } from './errors.ts'
import { type OpenTransport, openTransport } from './open-transport.ts'
import { within } from './within.ts'

/** A client of one server, guarded. */
export interface Connected {
  readonly client: Client
  /** What the server says it has; undefined: it is down, and the client answers in its place. */
  readonly capabilities: ServerCapabilities | undefined
}

/** One session's way to one server: started when it is first needed, and again when it is lost. */
export interface Link {
  readonly ns: string
  readonly health: HealthOfLink
  /** Ids of downstream requests that the server works on, the newest last. */
  readonly running: Set<string | number>
  /** Ids of what the server has asked its user to do by a URL. */
  readonly byUrl: Set<string>
  /** Waits while the server is being started. */
  connected(): Promise<Connected>
  /** What is there now. */
  current(): Connected | undefined
  /** The connection is of no more use. */
  lose(client: Client, label: string): void
  close(): Promise<void>
}

export interface LinkOptions {
  readonly ns: string
  readonly upstream: Upstream
  readonly sdk: Sdk
  readonly name: string
  readonly limits: Required<GatewayLimits>
  readonly health: HealthOfLink
  capabilities(): ClientCapabilities
  /** Puts the guard and the relay on a client that is not connected yet. */
  prepare(client: Client): void
  enter(run: () => void): void
  onLine(line: string): void
  /** The server is there again, or for the first time. */
  onUp(): void
  onDown(label: string): void
}

/** After so many failures in a row a server is tried only when it is asked for. */
const MAX_FAILURES = 10

export function createLink(options: LinkOptions): Link {
  return new UpstreamLink(options)
}

/** A class since it is a machine of several states, each left in several ways. */
class UpstreamLink implements Link {
  readonly ns: string
  readonly health: HealthOfLink
  readonly running = new Set<string | number>()
  readonly byUrl = new Set<string>()
  readonly #options: LinkOptions
  /** What is being ended: waited for when the session ends. */
  readonly #endings = new Set<Promise<unknown>>()
  #isClosed = false
  #current: Connected | undefined
  #standIn: Promise<Connected> | undefined
  #starting: Promise<void> | undefined
  #opening: OpenTransport | undefined
  #timer: NodeJS.Timeout | undefined
  #failures = 0
  #upSince = 0
  #triedAt = 0

  constructor(options: LinkOptions) {
    this.#options = options
    this.ns = options.ns
    this.health = options.health
  }

  current(): Connected | undefined {
    return this.#current
  }

  async connected(): Promise<Connected> {
    if (this.#current === undefined && !this.#isClosed)
      await (this.#isDue() ? this.#start() : this.#starting)
    if (this.#current !== undefined) return this.#current
    this.#standIn ??= this.#makeStandIn()
    return this.#standIn
  }

  lose(client: Client, label: string): void {
    if (this.#current?.client !== client) return
    this.#current = undefined
    // One that stayed for a while begins anew.
    if (Date.now() - this.#upSince > this.#options.limits.restartMaxMs) this.#failures = 0
    this.#end(client.close())
    this.#failed(label)
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#end(this.#opening?.cut())
    this.#end(this.#current?.client.close())
    this.#end(this.#standIn?.then(({ client }) => client.close()))
    this.#current = undefined
    await Promise.all(this.#endings)
    this.health.end()
  }

  /** False while it is being started, or will be by itself. */
  #isDue(): boolean {
    if (this.#starting !== undefined || this.#timer !== undefined) return false
    const { restartMaxMs } = this.#options.limits
    return this.#failures <= MAX_FAILURES || Date.now() - this.#triedAt > restartMaxMs
  }

  #start(): Promise<void> {
    this.#timer = undefined
    this.#triedAt = Date.now()
    if (this.#failures > 0) this.health.restarted()
    else this.health.state('starting')
    this.#starting = this.#connect().finally(() => {
      this.#starting = undefined
    })
    return this.#starting
  }

  async #connect(): Promise<void> {
    const { upstream, limits, onUp, enter } = this.#options
    const client = this.#newClient()
    try {
      this.#opening = await openTransport(upstream, this.#options, enter)
      client.onclose = () => this.lose(client, 'closed')
      const timeout = limits.connectTimeoutMs
      await within(client.connect(this.#opening, { timeout }), timeout)
      if (this.#isClosed) throw new Error('the session is over')
      this.#current = { client, capabilities: client.getServerCapabilities() ?? {} }
      this.#upSince = Date.now()
      this.health.state('up')
      onUp()
    } catch (error) {
      this.#end(this.#opening?.cut())
      this.#failed(labelOf(error))
    } finally {
      this.#opening = undefined
    }
  }

  #failed(label: string): void {
    this.#failures++
    if (this.#isClosed) return
    this.health.failed(label)
    this.health.state('down')
    this.#options.onDown(label)
    if (this.#failures > MAX_FAILURES) return
    const wait = backOff(this.#failures, this.#options.limits)
    this.#timer = setTimeout(() => void this.#start(), wait).unref()
  }

  async #makeStandIn(): Promise<Connected> {
    const client = this.#newClient()
    const why = (): string =>
      this.#isClosed ? 'gone: the session is over' : 'down: try again later'
    await client.connect(deadTransport(this.ns, why))
    return { client, capabilities: undefined }
  }

  #newClient(): Client {
    const { sdk, name, capabilities, prepare } = this.#options
    const client = new sdk.Client({ name, version: VERSION }, { capabilities: capabilities() })
    prepare(client)
    return client
  }

  #end(end: Promise<unknown> | undefined): void {
    if (end === undefined) return
    const noted: Promise<unknown> = end
      .catch(() => undefined)
      .finally(() => this.#endings.delete(noted))
    this.#endings.add(noted)
  }
}
