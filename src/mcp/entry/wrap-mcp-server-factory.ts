import { CallgateError } from '../../core/model/errors.ts'
import { andThen, type MaybePromise } from '../../core/model/json.ts'
import type { PolicyEngine } from '../../engine/create-policy-engine.ts'
import type { Guard } from '../guard.ts'
import { isObject, protocolOf } from '../host.ts'
import { checkWrapOptions, type WrapMcpOptions } from '../options.ts'
import { type SharedGuard, shareGuard, wrapShared } from '../wrap-mcp-server.ts'
import { type EntryScope, entryScope } from './entry-scope.ts'
import { hideProbes } from './hide-probes.ts'

type Factory = (...given: never[]) => unknown

/** Factories that are wrapped, by what they were wrapped with. */
const wrapped = new WeakMap<Factory, Guard>()

/**
 * Puts the engine in front of every server that a factory makes: `createMcpHandler` and `serveStdio` of
 * `@modelcontextprotocol/server` 2 make one for each request or connection. What serves the 2026-07-28
 * protocol answers some of it itself, so that it must be guarded too: see `wrapMcpHandler` and
 * `guardStdioTransport`. The factory makes no server for a request of that protocol that has come by neither.
 * @throws {CallgateError} ERR_OPTIONS_INVALID; the factory: ERR_HOST_UNSUPPORTED where what it makes is
 * no server that can be guarded, or where nothing guards what calls it
 */
export function wrapMcpServerFactory<F extends Factory>(
  factory: F,
  engine: PolicyEngine,
  options: WrapMcpOptions,
): F {
  checkWrapOptions('wrapMcpServerFactory', engine, options)
  if (typeof factory !== 'function')
    throw new CallgateError('ERR_OPTIONS_INVALID', '`wrapMcpServerFactory` takes a function')
  const before = wrapped.get(factory)
  if (before !== undefined && isOf(before, { engine, server: options.server })) return factory
  const shared = shareGuard(engine, options)
  const guarded = function (this: unknown, ...given: never[]): unknown {
    const asked: Readonly<Record<string, unknown>> = isObject(given[0]) ? given[0] : {}
    const scope = enter(shared.guard, asked)
    return andThen(factory.apply(this, given) as MaybePromise<unknown>, (made) =>
      equip(made, shared, scope, asked),
    )
  }
  wrapped.set(guarded, shared.guard)
  return guarded as F
}

function isOf(one: Guard, { engine, server }: Pick<Guard, 'engine' | 'server'>): boolean {
  return one.engine === engine && one.server === server
}

/** INVARIANT: no server is made for what an entry answers itself unless the entry is guarded. */
function enter(guard: Guard, asked: Readonly<Record<string, unknown>>): EntryScope | undefined {
  const scope = entryScope.getStore()
  if (scope !== undefined && isOf(scope.guard, guard)) {
    scope.isGuarded = true
    return scope
  }
  if (asked['era'] !== 'modern') return undefined
  const fault = `the MCP server \`${guard.server}\` is asked for by what is not guarded: \`wrapMcpHandler\` what \`createMcpHandler\` returns, or \`guardStdioTransport\` what \`serveStdio\` is given, with the same engine and name`
  guard.warn(fault)
  throw new CallgateError('ERR_HOST_UNSUPPORTED', fault)
}

function equip(
  made: unknown,
  shared: SharedGuard,
  scope: EntryScope | undefined,
  asked: Readonly<Record<string, unknown>>,
): MaybePromise<unknown> {
  const server = wrapShared(made as object, shared, scope?.connection)
  if (scope !== undefined) scope.host = protocolOf(server)
  const { requestInfo, authInfo } = asked
  if (requestInfo === undefined) return server
  return andThen(hideProbes(server, shared.guard, { request: requestInfo, authInfo }), () => server)
}
