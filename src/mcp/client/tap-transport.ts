import type { Message, SendOptions, Transport } from '../host.ts'

/** What stands in a transport. */
export interface Taps {
  /** In place of `send`; `pass` is what it was. */
  send(message: Message, options: SendOptions | undefined): Promise<void>
  /** In place of whoever reads. */
  receive(message: Message, extra: unknown): void
  closed(): void
}

/** A tapped transport, as it is without the taps. */
export interface Tapped {
  pass(message: Message, options: SendOptions | undefined): Promise<void>
  /** Hands a message to whoever reads now. */
  deliver(message: Message, extra: unknown): void
  /** Tells the transport's owner of a fault. */
  complain(error: unknown): void
  undo(): void
}

/** Puts taps into a transport, in place: SDKs know theirs by class, and read its callbacks before they set their own. */
export function tapTransport(transport: Transport, taps: Taps): Tapped {
  const sends = tapSend(transport, taps)
  let current: unknown
  const messages = tapCallback(transport, 'onmessage', (inner) => (message, extra) => {
    // A reader hands on to those before it what was looked at already.
    if (message === current) inner(message, extra)
    else taps.receive(message as Message, extra)
  })
  const closes = tapCallback(transport, 'onclose', (inner) => () => {
    taps.closed()
    inner()
  })
  return {
    pass: sends.pass,
    deliver(message, extra) {
      const before = current
      current = message
      try {
        messages.latest()?.(message, extra)
      } finally {
        current = before
      }
    },
    complain: (error) => transport.onerror?.(error as Error), // whatever it is: nobody throws it on
    undo() {
      sends.undo()
      messages.undo()
      closes.undo()
    },
  }
}

function tapSend(transport: Transport, taps: Taps): Pick<Tapped, 'pass' | 'undo'> {
  const own = Object.getOwnPropertyDescriptor(transport, 'send')
  const { send } = transport
  const guarded = (message: Message, options?: SendOptions): Promise<void> =>
    taps.send(message, options)
  Object.defineProperty(transport, 'send', {
    configurable: true,
    enumerable: own?.enumerable ?? false,
    writable: true,
    value: guarded,
  })
  return {
    pass: (message, options) => send.call(transport, message, options),
    undo() {
      if (transport.send !== guarded) return
      if (own === undefined) Reflect.deleteProperty(transport, 'send')
      else Object.defineProperty(transport, 'send', own)
    },
  }
}

type Callback = (...given: unknown[]) => void

interface TappedCallback {
  /** As it was set last. */
  latest(): Callback | undefined
  undo(): void
}

/**
 * Whatever is set under a name goes behind the guard, at any time. A transport that has an accessor
 * there hands its callback to another one, which must be handed the guarded one.
 */
function tapCallback(
  transport: Transport,
  name: 'onmessage' | 'onclose',
  guard: (inner: Callback) => Callback,
): TappedCallback {
  const inners = new WeakMap<Callback, Callback>()
  const own = Object.getOwnPropertyDescriptor(transport, name)
  const beneath = accessorOf(transport, name)
  let latest: Callback | undefined
  let held: Callback | undefined
  const guarded = (given: Callback | undefined): Callback | undefined => {
    // Callbacks are read, and put back later.
    latest = given === undefined ? undefined : (inners.get(given) ?? given)
    if (latest === undefined) return undefined
    const made = guard(latest)
    inners.set(made, latest)
    return made
  }
  const set = (given: Callback | undefined): void => {
    held = guarded(given)
    beneath?.set?.call(transport, held)
  }
  const before = transport[name] as Callback | undefined
  Object.defineProperty(transport, name, {
    configurable: true,
    enumerable: own?.enumerable ?? true,
    get: () => held,
    set,
  })
  if (before !== undefined) set(before)
  return {
    latest: () => latest,
    undo() {
      Reflect.deleteProperty(transport, name)
      if (own !== undefined) Object.defineProperty(transport, name, own)
      Object.assign(transport, { [name]: latest })
    },
  }
}

function accessorOf(from: object, name: string): PropertyDescriptor | undefined {
  for (let at: object | null = from; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const found = Object.getOwnPropertyDescriptor(at, name)
    if (found !== undefined) return found.set === undefined ? undefined : found
  }
  return undefined
}
