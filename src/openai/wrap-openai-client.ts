import { CallgateError } from '../core/model/errors.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import { govern } from './govern.ts'
import { createGuard } from './guard.ts'
import { type OpenAISettings, settingsOf, type WrapOpenAIOptions } from './options.ts'
import { type Routing, routingOf } from './routing/routing.ts'
import { governedBy, markGoverned, markWrapped, unmark, wrappedBy } from './wrapped.ts'

/** What is used of a client of the `openai` package, 4 to 7. */
interface Client {
  fetch: typeof fetch
  readonly baseURL: string
  withOptions?: (options: object) => object
  readonly _options?: { readonly x509Transport?: unknown; readonly workloadIdentity?: unknown }
}

/**
 * Puts the engine between a client of the `openai` package (4 to 7) and its API. The same object comes
 * back, guarded, for everyone who holds it; so are the copies that `withOptions` makes. With `clone` a
 * guarded copy comes back. Wrapping it again changes nothing.
 * @throws {CallgateError} ERR_OPTIONS_INVALID; ERR_HOST_UNSUPPORTED where it is no such client, or one
 * that cannot be guarded: then it must not be used
 */
export function wrapOpenAIClient<T extends object>(
  client: T,
  engine: PolicyEngine,
  options: WrapOpenAIOptions = {},
): T {
  const settings = settingsOf('wrapOpenAIClient', engine, options)
  const routing = routingOf(options)
  const given: unknown = client
  if (!isClient(given)) throw unsupported(NO_CLIENT)
  if (options.clone !== true) {
    install(given, { engine, settings, routing })
    return client
  }
  if (given.withOptions === undefined)
    throw unsupported('`clone` needs a client that has `withOptions`: openai 5 or later')
  const copy: unknown = given.withOptions({})
  if (!isClient(copy)) throw unsupported(NO_CLIENT)
  install(copy, { engine, settings, routing })
  return copy as unknown as T // made by the client's own class
}

/** Gives a wrapped client back as it was. Nothing happens where it is not wrapped. */
export function unwrapOpenAIClient<T extends object>(client: T): T {
  wrappedBy(client)?.unwrap()
  return client
}

const NO_CLIENT =
  '`wrapOpenAIClient` takes a client of the `openai` package (4 to 7): an object with `fetch` and `baseURL`'

function unsupported(message: string): CallgateError {
  return new CallgateError('ERR_HOST_UNSUPPORTED', message)
}

function isClient(given: unknown): given is Client {
  if (typeof given !== 'object' || given === null) return false
  const { fetch: inner, baseURL } = given as Partial<Client> // each is looked at
  return typeof inner === 'function' && typeof baseURL === 'string'
}

interface Wrap {
  readonly engine: PolicyEngine
  readonly settings: OpenAISettings
  readonly routing: Routing | undefined
}

/** @throws {CallgateError} ERR_OPTIONS_INVALID where another engine guards it */
function install(client: Client, wrap: Wrap): void {
  const before = wrappedBy(client)
  if (before !== undefined) {
    if (before.engine === wrap.engine) return
    throw new CallgateError(
      'ERR_OPTIONS_INVALID',
      'this client is wrapped already, with another engine: `unwrapOpenAIClient` takes that away',
    )
  }
  refuseX509(client)
  const own = Object.getOwnPropertyDescriptor(client, 'fetch')
  const ownClone = Object.getOwnPropertyDescriptor(client, 'withOptions')
  // A copy of a wrapped client was given the governed one.
  let inner = governedBy(client.fetch)?.inner() ?? client.fetch
  const guard = createGuard(wrap.engine, wrap.settings, () => client.baseURL)
  const governed = govern(() => inner, guard, wrap.routing)
  markGoverned(governed, { engine: wrap.engine, inner: () => inner })
  // INVARIANT: who replaces it replaces what stands behind the guard.
  Object.defineProperty(client, 'fetch', {
    configurable: true,
    enumerable: true,
    get: () => governed,
    set: (next: typeof fetch) => {
      inner = governedBy(next)?.inner() ?? next
    },
  })
  guardCopies(client, wrap)
  markWrapped(client, {
    engine: wrap.engine,
    unwrap() {
      restore(client, 'fetch', own === undefined ? undefined : { ...own, value: inner })
      restore(client, 'withOptions', ownClone)
      unmark(client)
    },
  })
  if (client.fetch !== governed) throw unsupported(NO_CLIENT)
}

function guardCopies(client: Client, wrap: Wrap): void {
  const { withOptions } = client
  if (typeof withOptions !== 'function') return
  Object.defineProperty(client, 'withOptions', {
    configurable: true,
    writable: true,
    value: (options: object): object => {
      const copy: unknown = withOptions.call(client, options)
      if (!isClient(copy)) throw unsupported(NO_CLIENT)
      install(copy, wrap)
      return copy
    },
  })
}

function restore(client: object, name: string, own: PropertyDescriptor | undefined): void {
  if (own === undefined) Reflect.deleteProperty(client, name)
  else Object.defineProperty(client, name, own)
}

/** INVARIANT: a client that sends by another way than its `fetch` is refused. */
function refuseX509({ _options: options }: Client): void {
  const identity = options?.workloadIdentity
  const isX509 =
    (options?.x509Transport ?? undefined) !== undefined ||
    (typeof identity === 'object' &&
      identity !== null &&
      'type' in identity &&
      identity.type === 'x509')
  if (isX509)
    throw unsupported(
      'a client that proves itself by a certificate (X.509) sends its requests past `fetch`: it cannot be guarded',
    )
}
