import { CallgateError } from '../../core/model/errors.ts'
import { isObject } from '../host.ts'
import { entryScope } from './entry-scope.ts'
import { type ChangeEvent, heardBy } from './listener.ts'

/** Where an entry hears of changes: `bus` of what `createMcpHandler` returns. */
export interface EventBus {
  publish(event: ChangeEvent): void
  subscribe(listener: (event: ChangeEvent) => void): () => void
}

interface Governed {
  users: number
  undo(): void
}

/** Several handlers may share a bus: it is governed once, for whoever subscribes. */
const governed = new WeakMap<EventBus, Governed>()

/**
 * Puts the guard between a bus and the streams that an entry opens, in place. Returns what takes it away.
 * @throws {CallgateError} ERR_HOST_UNSUPPORTED
 */
export function governBus(bus: EventBus): () => void {
  const known = governed.get(bus) ?? install(bus)
  governed.set(bus, known)
  known.users++
  return () => {
    known.users--
    if (known.users > 0) return
    governed.delete(bus)
    known.undo()
  }
}

function install(bus: EventBus): Governed {
  const own = Object.getOwnPropertyDescriptor(bus, 'subscribe')
  const { subscribe } = bus
  const guarded: EventBus['subscribe'] = (write) => subscribe.call(bus, governedWriter(write))
  const isSet = Reflect.defineProperty(bus, 'subscribe', {
    configurable: true,
    enumerable: own?.enumerable ?? false,
    writable: true,
    value: guarded,
  })
  if (!isSet)
    throw new CallgateError(
      'ERR_HOST_UNSUPPORTED',
      'the event bus of this handler cannot be guarded: it is frozen',
    )
  return {
    users: 0,
    undo() {
      if (bus.subscribe !== guarded) return
      if (own === undefined) Reflect.deleteProperty(bus, 'subscribe')
      else Object.defineProperty(bus, 'subscribe', own)
    },
  }
}

type Write = (event: ChangeEvent) => void

/** INVARIANT: a stream that an entry opens carries nothing unless its listener was judged. */
function governedWriter(write: Write): Write {
  const scope = entryScope.getStore()
  // The host's own code, which speaks for nobody.
  if (scope === undefined) return write
  if (scope.listener !== undefined) return heardBy(scope.listener, write)
  // A server that serves a request is connected: then it is the host's own code all the same.
  if (scope.host === undefined || scope.host.transport !== undefined) return write
  scope.guard.warn(
    `a stream of the MCP server \`${scope.guard.server}\` was opened past callgate: nothing is sent on it`,
  )
  return () => undefined
}

export function isEventBus(value: unknown): value is EventBus {
  return (
    isObject(value) &&
    typeof value['subscribe'] === 'function' &&
    typeof value['publish'] === 'function'
  )
}
