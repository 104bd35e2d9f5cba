import { AsyncLocalStorage } from 'node:async_hooks'
import type { Guard } from '../guard.ts'
import type { ProtocolHost } from '../host.ts'
import type { Listener } from './listener.ts'

/** What one request, or one connection over stdio, has passed on its way to a server that is made for it. */
export interface EntryScope {
  readonly guard: Guard
  /** Id of the connection, where it is one for many messages. */
  readonly connection: string | undefined
  /** True once a wrapped factory was asked for the server. */
  isGuarded: boolean
  /** The server, once it is made. */
  host: ProtocolHost | undefined
  /** Who listens by this request. */
  listener: Listener | undefined
}

/** Entries call factories and event buses themselves: this is how these know for whom. */
export const entryScope = new AsyncLocalStorage<EntryScope>()

export function scopeOf(guard: Guard, connection?: string): EntryScope {
  return { guard, connection, isGuarded: false, host: undefined, listener: undefined }
}
