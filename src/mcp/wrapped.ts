import { CallgateError } from '../core/model/errors.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import type { ProtocolHost } from './host.ts'

/** Marks what is wrapped, across copies of this package. */
const WRAPPED = Symbol.for('callgate.mcp.wrapped')

/** What is known of a wrapped server or client. */
export interface Wrapped {
  readonly engine: PolicyEngine
  readonly server: string
  /** What reloads know of only weakly is held here. */
  readonly held?: object
  unwrap(): void
}

/**
 * True where it is wrapped so already.
 * @throws {CallgateError} ERR_OPTIONS_INVALID where it is wrapped otherwise
 */
export function isWrapped(
  host: ProtocolHost,
  { engine, server }: Pick<Wrapped, 'engine' | 'server'>,
  what: 'server' | 'client',
): boolean {
  const before = wrappedOf(host)
  if (before === undefined) return false
  if (before.engine === engine && before.server === server) return true
  const unwrap = what === 'server' ? 'unwrapMcpServer' : 'unwrapMcpClient'
  throw new CallgateError(
    'ERR_OPTIONS_INVALID',
    `this MCP ${what} is wrapped already, as \`${before.server}\`: \`${unwrap}\` takes that away`,
  )
}

export function markWrapped(host: ProtocolHost, wrapped: Wrapped): void {
  Object.defineProperty(host, WRAPPED, { configurable: true, value: wrapped })
}

/** Takes the guard away, where there is one. */
export function takeAway(host: ProtocolHost): void {
  wrappedOf(host)?.unwrap()
  Reflect.deleteProperty(host, WRAPPED)
}

function wrappedOf(host: ProtocolHost): Wrapped | undefined {
  return (host as { [WRAPPED]?: Wrapped })[WRAPPED]
}
