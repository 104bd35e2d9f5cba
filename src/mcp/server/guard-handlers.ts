import type { NotificationHandler, ProtocolHost, RequestHandler } from '../host.ts'

type Wrap<H> = (method: string, handler: H) => H

/**
 * The handlers of a server, each behind the guard when it is looked up, whenever and however it was
 * registered. What is stored is what the server has stored: taking the guard away gives it back.
 */
export class GuardedMap<H extends object> extends Map<string, H> {
  readonly #wrap: Wrap<H>
  readonly #guarded = new WeakMap<H, Map<string, H>>()

  constructor(handlers: ReadonlyMap<string, H>, wrap: Wrap<H>) {
    super()
    this.#wrap = wrap
    for (const [method, handler] of handlers) super.set(method, handler)
  }

  override get(method: string): H | undefined {
    const handler = super.get(method)
    return handler === undefined ? undefined : this.#behind(method, handler)
  }

  /** As they were stored, for whoever goes over them all. */
  stored(): Map<string, H> {
    return new Map(super.entries())
  }

  #behind(method: string, handler: H): H {
    let methods = this.#guarded.get(handler)
    if (methods === undefined) {
      methods = new Map()
      this.#guarded.set(handler, methods)
    }
    let guarded = methods.get(method)
    if (guarded === undefined) {
      guarded = this.#wrap(method, handler)
      methods.set(method, guarded)
    }
    return guarded
  }

  /** Going over all of them gives guarded ones too. */
  override *entries(): MapIterator<[string, H]> {
    for (const [method, handler] of super.entries()) yield [method, this.#behind(method, handler)]
  }

  override *values(): MapIterator<H> {
    for (const [, handler] of this.entries()) yield handler
  }

  override [Symbol.iterator](): MapIterator<[string, H]> {
    return this.entries()
  }

  override forEach(visit: (handler: H, method: string, map: Map<string, H>) => void): void {
    for (const [method, handler] of this.entries()) visit(handler, method, this)
  }
}

/** Both ways in that a server has: its handlers, and what answers where there is none. */
export interface Guards {
  readonly request: Wrap<RequestHandler>
  readonly notification: Wrap<NotificationHandler>
}

/** Puts the guards in place. Returns what takes them away again. */
export function guardHandlers(host: ProtocolHost, guards: Guards): () => void {
  const requests = new GuardedMap(host._requestHandlers, guards.request)
  const notifications = new GuardedMap(host._notificationHandlers, guards.notification)
  host._requestHandlers = requests
  host._notificationHandlers = notifications
  const undoRequests = guardFallback(host, 'fallbackRequestHandler', guards.request)
  const undoNotifications = guardFallback(host, 'fallbackNotificationHandler', guards.notification)
  return () => {
    host._requestHandlers = requests.stored()
    host._notificationHandlers = notifications.stored()
    undoRequests()
    undoNotifications()
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
