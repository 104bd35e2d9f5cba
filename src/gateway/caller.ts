import type { Credentials, Subject } from '../core/model/call.ts'
import { type Connection, createConnection } from '../mcp/connection.ts'
import { type McpContext, RequestContext } from '../mcp/context.ts'
import { createGuard, type Guard } from '../mcp/guard.ts'
import { type IncomingRequest, isObject, type ProtocolHost } from '../mcp/host.ts'
import type { Settings } from './options.ts'
import type { Caller } from './session-state.ts'

/** Finds out in whose name an agent's messages are. */
export interface Callers {
  /** `raw` is what the SDK says of a message, or what is said in its place of an HTTP request. */
  find(session: string, request: IncomingRequest, raw: unknown): Promise<Found>
}

export interface Found {
  readonly caller: Caller
  /** Undefined: nobody has proven who calls, and everything is denied. */
  readonly principal: Subject | undefined
}

export function createCallers(settings: Settings): Callers {
  const { engine, name, subject, identity } = settings
  const guard: Guard = createGuard(
    engine,
    {
      server: name,
      ...(subject === undefined ? {} : { subject }),
      ...(identity === undefined ? {} : { identity }),
    },
    credentialsOf,
  )
  // No connection of its own says who calls: what it claims of itself is not read here.
  const connection: Connection = createConnection({} as ProtocolHost, undefined)
  return {
    async find(session, request, raw) {
      const context = new RequestContext(name, request, raw, connection)
      const head = await guard.headOf(context)
      const caller: Caller = {
        session,
        ...(head.subject === undefined ? {} : { subject: head.subject }),
        ...(head.credentials === undefined ? {} : { credentials: head.credentials }),
        ...(head.trace === undefined ? {} : { trace: head.trace }),
      }
      const principal = await engine.whoIs(caller)
      if (principal !== undefined) return { caller, principal }
      // An engine that only observes keeps nothing from anybody, and stops nobody here either.
      const seen = await engine.discover({ ...caller, server: name }, [PROBE])
      return { caller, principal: seen.length > 0 ? NOBODY : undefined }
    },
  }
}

/** A name that nobody may use: only who observes is shown it. */
const PROBE = 'gateway.mcp/probe'
const NOBODY: Subject = Object.freeze({ agent: '' })

/** All that proves who calls is used here, and goes no further than the engine. */
function credentialsOf(context: McpContext): Credentials | undefined {
  const { headers, path, authInfo, raw } = context
  const bearer = authInfo?.token
  const peer = isObject(raw) ? raw['peer'] : undefined
  if (headers === undefined && bearer === undefined && peer === undefined) return undefined
  return {
    ...(typeof bearer === 'string' ? { bearer } : {}),
    ...(headers === undefined ? {} : { headers }),
    ...(path === undefined ? {} : { path }),
    ...(typeof peer === 'string' && peer !== '' ? { peer } : {}),
  }
}

const WHO = ['agent', 'user', 'tenant'] as const

/** True for the same principal, whatever it may do now. */
export function isSamePrincipal(one: Subject | undefined, other: Subject | undefined): boolean {
  return one !== undefined && other !== undefined && WHO.every((key) => one[key] === other[key])
}
