import { sha256Hex } from '../core/hash.ts'
import { isList, isMap } from '../core/json-kind.ts'
import type { Credentials, Subject } from '../core/model/call.ts'
import { readTraceparent } from '../core/trace-context.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import type { RequestInfo } from '../http/handler.ts'
import type { Head } from '../openai/guard.ts'
import type { Incoming } from '../openai/incoming.ts'
import type { SubjectOfKey } from './keys.ts'

/** Who calls, as far as it can be told before the policy is asked. */
export type Caller =
  | { readonly isKnown: true; readonly head: Pick<Head, 'subject' | 'credentials' | 'trace'> }
  | { readonly isKnown: false }

export const ANONYMOUS: Subject = Object.freeze({ agent: 'anonymous', tier: 'anonymous' })

export interface CallersOptions {
  readonly engine: PolicyEngine
  /** Undefined: there are no keys. */
  readonly keys: SubjectOfKey | undefined
  readonly subject: Subject | undefined
}

/** By the key that is shown, else by the engine's identity provider, else as the host says. */
export function callerOf(
  { engine, keys, subject }: CallersOptions,
  { headers }: Request,
  info: RequestInfo | undefined,
): Caller {
  const bearer = bearerIn(headers)
  const trace = readTraceparent(headers.get('traceparent'))?.text
  const more = trace === undefined ? {} : { trace }
  if (keys !== undefined) {
    const found = bearer === undefined ? undefined : keys(bearer)
    return found === undefined
      ? { isKnown: false }
      : { isKnown: true, head: { subject: found, ...more } }
  }
  if (!engine.context().identifies)
    return { isKnown: true, head: { subject: subject ?? ANONYMOUS, ...more } }
  return { isKnown: true, head: { credentials: credentialsOf(headers, info), ...more } }
}

export function credentialsOf(headers: Headers, info: RequestInfo | undefined): Credentials {
  const bearer = bearerIn(headers)
  return {
    headers: Object.fromEntries(headers),
    ...(bearer === undefined ? {} : { bearer }),
    ...(info === undefined ? {} : { peer: info.peer, path: info.path }),
  }
}

function bearerIn(headers: Headers): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '')?.[1]
}

const LONGEST_SESSION = 256

/**
 * The conversation that a request is part of: as it says, else by how it begins. The next request of a
 * conversation begins like the last.
 * @see https://openrouter.ai/docs/features/prompt-caching which keeps conversations apart in the same way
 */
export function sessionOf({ body, context }: Incoming): string {
  const value = body.kind === 'json' ? body.value : {}
  const said = [value['session_id'], context.headers['x-session-id'], value['prompt_cache_key']]
  const named = said.find((one) => typeof one === 'string' && one !== '')
  if (typeof named === 'string')
    return named.length <= LONGEST_SESSION ? named : `conversation-${sha256Hex(named).slice(0, 32)}`
  return `conversation-${sha256Hex(beginOf(value)).slice(0, 32)}`
}

/** The first words of the system, and of the one who speaks first after it. */
function beginOf(value: Readonly<Record<string, unknown>>): string {
  const messages = value['messages'] ?? value['input'] ?? value['prompt'] ?? null
  if (!isList(messages)) return JSON.stringify([value['instructions'] ?? null, messages])
  const isSystem = (one: unknown): boolean =>
    isMap(one) && (one['role'] === 'system' || one['role'] === 'developer')
  const system = messages.find(isSystem) ?? value['instructions'] ?? null
  return JSON.stringify([system, messages.find((one) => !isSystem(one)) ?? null])
}
