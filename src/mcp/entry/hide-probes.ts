import { andThen, isPromise, type MaybePromise } from '../../core/model/json.ts'
import type { Guard } from '../guard.ts'
import { isObject } from '../host.ts'
import { namesOf, targetOf } from '../methods/names.ts'
import { visibleOf } from '../methods/visible.ts'
import { type EntryRequest, entryContext, type HttpSource } from './entry-context.ts'

/**
 * Entries ask a server two things before they hand it a request: what headers a tool wants, and what
 * scopes. INVARIANT: of what the caller may not know of, the server says what it says of unknown names.
 */
export function hideProbes(server: object, guard: Guard, source: HttpSource): MaybePromise<void> {
  hideScopes(server, guard, source)
  return hideHeaders(server, guard, source)
}

interface Probed {
  toolInputSchemaJson?: ((name: string) => unknown) | undefined
  resolveScopeChallenge?: ((asked: Asked) => unknown) | undefined
}

interface Asked {
  readonly request: EntryRequest
}

function isHidden(guard: Guard, request: EntryRequest, source: HttpSource): MaybePromise<boolean> {
  const names = namesOf(targetOf(guard.server, request.method, request.params ?? {}))
  return andThen(guard.headOf(entryContext(guard, request, source)), (head) =>
    andThen(
      visibleOf(guard, head, [names], () => names),
      ({ length }) => length === 0,
    ),
  )
}

/** As the servers have them: one that a factory gives twice is asked for another caller. */
const probes = new WeakMap<object, Probed>()

function probesOf(server: Probed): Probed {
  const known = probes.get(server)
  if (known !== undefined) return known
  const { toolInputSchemaJson, resolveScopeChallenge } = server
  const found = { toolInputSchemaJson, resolveScopeChallenge }
  probes.set(server, found)
  return found
}

function hideScopes(server: Probed, guard: Guard, source: HttpSource): void {
  const { resolveScopeChallenge: resolve } = probesOf(server)
  if (typeof resolve !== 'function') return
  server.resolveScopeChallenge = (asked) => {
    const hide = (otherwise: () => unknown): unknown =>
      andThen(isHidden(guard, asked.request, source), (hidden) =>
        hidden ? undefined : otherwise(),
      )
    const fail = (error: unknown): unknown =>
      hide(() => {
        throw error
      })
    try {
      const said = resolve.call(server, asked)
      if (isPromise(said))
        return said.then((one) => (one === undefined ? one : hide(() => one)), fail)
      return said === undefined ? said : hide(() => said)
    } catch (error) {
      return fail(error)
    }
  }
}

/** This one is asked without waiting: it is known before, from the headers that the body must agree with. */
function hideHeaders(server: Probed, guard: Guard, source: HttpSource): MaybePromise<void> {
  const { toolInputSchemaJson: ask } = probesOf(server)
  if (typeof ask !== 'function') return undefined
  server.toolInputSchemaJson = ask
  const name = toolOf(source.request)
  if (name === undefined || !wantsHeaders(ask.call(server, name))) return undefined
  const request = { method: 'tools/call', params: { name } }
  return andThen(isHidden(guard, request, source), (hidden) => {
    if (hidden) server.toolInputSchemaJson = () => undefined
  })
}

function wantsHeaders(schema: unknown): boolean {
  return schema !== undefined && JSON.stringify(schema).includes('"x-mcp-header"')
}

/** The tool that a request of the 2026-07-28 protocol names. */
function toolOf(request: unknown): string | undefined {
  const headers = isObject(request) ? request['headers'] : undefined
  if (!(headers instanceof Headers) || headers.get('mcp-method') !== 'tools/call') return undefined
  const name = headers.get('mcp-name') ?? undefined
  return name === undefined ? undefined : decoded(name)
}

const ENCODED = /^=\?base64\?([A-Za-z0-9+/]*={0,2})\?=$/

/** What is not plain ASCII comes encoded. */
function decoded(value: string): string | undefined {
  const text = ENCODED.exec(value)?.[1]
  if (text === undefined) return value
  try {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.codePointAt(0) ?? 0)
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
