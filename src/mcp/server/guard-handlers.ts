import type { NotificationHandler, ProtocolHost, RequestHandler } from '../host.ts'

type Wrap<H> = (method: string, handler: H) => H

/**
 * The handlers of a server, each behind the guard, whenever and however it was registered. What the
 * server has stored is kept beside: taking the guard away gives it back.
 */
export class GuardedMap<H extends object> extends Map<string, H> {
  readonly #wrap: Wrap<H>
  readonly #bare = new Map<string, H>()
  /** What stands behind each guarded handler, of this map or of one that it replaces. */
  readonly #behind: WeakMap<H, H>

  constructor(
    handlers: ReadonlyMap<string, H>,
    wrap: Wrap<H>,
    behind: WeakMap<H, H> = new WeakMap(),
  ) {
    super()
    this.#wrap = wrap
    this.#behind = behind
    for (const [method, handler] of handlers) this.set(method, handler)
  }

  /** One that was read from here, and is put back, is not guarded twice. */
  override set(method: string, handler: H): this {
    const bare = this.#behind.get(handler) ?? handler
    if (this.#isGuarded(method, bare)) return this
    const guarded = this.#wrap(method, bare)
    this.#behind.set(guarded, bare)
    this.#bare.set(method, bare)
    return super.set(method, guarded)
  }

  override get(method: string): H | undefined {
    const held = super.get(method)
    // It may have been stored past this map.
    if (held !== undefined && !this.#isGuarded(method, this.#bare.get(method)))
      this.set(method, held)
    return super.get(method)
  }

  #isGuarded(method: string, bare: H | undefined): boolean {
    const held = super.get(method)
    return held !== undefined && bare !== undefined && this.#behind.get(held) === bare
  }

  override delete(method: string): boolean {
    this.#bare.delete(method)
    return super.delete(method)
  }

  override clear(): void {
    this.#bare.clear()
    super.clear()
  }

  /** As they were stored, for whoever goes over them all. */
  stored(): Map<string, H> {
    return new Map(this.#bare)
  }
}

/** Both ways in that a server has: its handlers, and what answers where there is none. */
export interface Guards {
  readonly request: Wrap<RequestHandler>
  readonly notification: Wrap<NotificationHandler>
}

/** Puts the guards in place. Returns what takes them away again. */
export function guardHandlers(host: ProtocolHost, guards: Guards): () => void {
  const undo = [
    guardMap<RequestHandler>(host, '_requestHandlers', guards.request),
    guardMap<NotificationHandler>(host, '_notificationHandlers', guards.notification),
    guardFallback(host, 'fallbackRequestHandler', guards.request),
    guardFallback(host, 'fallbackNotificationHandler', guards.notification),
  ]
  return () => {
    for (const step of undo) step()
  }
}

/** The map itself may be replaced: an accessor keeps whatever is set behind the guard. */
function guardMap<H extends object>(
  host: ProtocolHost,
  name: '_requestHandlers' | '_notificationHandlers',
  wrap: Wrap<H>,
): () => void {
  const behind = new WeakMap<H, H>()
  const guarded = (handlers: ReadonlyMap<string, H>): GuardedMap<H> =>
    new GuardedMap(handlers, wrap, behind)
  const handlers = host as unknown as Record<typeof name, ReadonlyMap<string, H>> // of this kind
  let held = guarded(handlers[name])
  handlers[name] = held
  // What is no field of its own is looked up elsewhere: whoever wraps it sees whether that is guarded.
  if (!Object.hasOwn(host, name))
    return () => {
      handlers[name] = held.stored()
    }
  Object.defineProperty(host, name, {
    configurable: true,
    enumerable: true,
    get: () => held,
    set(next: ReadonlyMap<string, H>) {
      if (next !== held) held = guarded(next)
    },
  })
  return () => {
    Object.defineProperty(host, name, {
      configurable: true,
      enumerable: true,
      writable: true,
      value: held.stored(),
    })
  }
}

/** What answers methods without a handler may be set later: an accessor keeps whatever is set behind the guard. */
function guardFallback<H extends object>(
  host: ProtocolHost,
  name: 'fallbackRequestHandler' | 'fallbackNotificationHandler',
  wrap: Wrap<H>,
): () => void {
  let stored = host[name] as H | undefined
  let guarded: H | undefined
  const set = (handler: H | undefined): void => {
    stored = handler
    guarded = handler === undefined ? undefined : wrap(FALLBACK, handler)
  }
  set(stored)
  Object.defineProperty(host, name, {
    configurable: true,
    enumerable: true,
    get: () => guarded,
    set,
  })
  return () => {
    Object.defineProperty(host, name, {
      configurable: true,
      enumerable: true,
      writable: true,
      value: stored,
    })
  }
}

/** Stands for the method that a request names itself. */
export const FALLBACK = ''
