import { scan } from '../../core/detection/scan.ts'
import { canonicalJson, sha256Hex } from '../../core/hash.ts'
import { isList, isMap } from '../../core/json-kind.ts'
import type { Subject } from '../../core/model/call.ts'
import type { JsonObject, JsonValue } from '../../core/model/json.ts'
import type { Surface } from '../../core/routing/model-request.ts'
import { readModelRequest } from '../../core/routing/read-model-request.ts'
import type { Ticket } from '../../engine/ticket.ts'
import type { CacheSettings } from './options.ts'

/** A call of a model that is permitted and about to be sent. */
export interface CacheRequest {
  /** What was judged: its model, its body and its caller are those of the answer. */
  readonly ticket: Ticket
  readonly surface: Surface
  /** The route by which the model was chosen; null: none. */
  readonly route: string | null
  /** What answers depend on besides, such as the caller's language. @default '' */
  readonly locale?: string
  /** The caller's; who waits for another's answer stops with it. */
  readonly signal?: AbortSignal
}

/** Why a call has nothing to do with the cache. */
export type Bypass =
  | 'surface'
  | 'temperature'
  | 'tainted'
  | 'tools'
  | 'live'
  | 'choices'
  | 'subject'
  | 'too_large'
  | 'sensitive'
  | 'unkeyable'

export interface CacheKey {
  /** Of the very same request by the very same kind of caller. */
  readonly exact: string
  /** Undefined: it is more than one question in words. */
  readonly question: Question | undefined
  readonly tenant: string
  readonly stream: boolean
  readonly tellsUsage: boolean
}

export interface Question {
  readonly text: string
  /** INVARIANT: all of the request but the question; nothing of another partition is ever compared. */
  readonly partition: string
}

/** Texts longer than these are no repeated questions. */
const MOST_CHARACTERS = 200_000

/** Where an answer to this is kept and looked for, or why it is not. `epoch` is that of its tenant and policy. */
export function cacheKeyOf(
  request: CacheRequest,
  settings: CacheSettings,
  epoch: string,
): CacheKey | Bypass {
  const { ticket, surface } = request
  const body = ticket.arguments
  const bypass = bypassOf(request, settings)
  if (bypass !== undefined) return bypass
  const { subject } = ticket
  if (subject === undefined) return 'subject'
  const owner = [epoch, surface, partitionOf(request, subject, settings)]
  const asked = withoutDelivery(body)
  const question = questionIn(asked)
  try {
    return {
      exact: sha256Hex(canonicalJson(['exact', owner, asked])),
      question:
        question === undefined
          ? undefined
          : {
              text: question.text,
              partition: sha256Hex(canonicalJson(['semantic', owner, question.rest])),
            },
      tenant: subject.tenant ?? '',
      stream: body['stream'] === true,
      tellsUsage: tellsUsage(body),
    }
  } catch {
    return 'unkeyable' // a lone surrogate, or nested too deep
  }
}

function bypassOf(request: CacheRequest, settings: CacheSettings): Bypass | undefined {
  const { ticket, surface, route } = request
  const body = ticket.arguments
  if (surface !== 'chat') return 'surface'
  if (ticket.tainted) return 'tainted'
  const isOptedIn = route !== null && settings.routes.includes(route)
  if (body['temperature'] !== 0 && !isOptedIn) return 'temperature'
  if ((body['n'] ?? 1) !== 1) return 'choices'
  if (isLive(ticket)) return 'live'
  const { messages, tools } = readModelRequest(body, surface)
  if (hasToolTurn(body) || offersMore(body, tools, settings)) return 'tools'
  const texts = messages.map(({ text }) => text).join('\n')
  if (texts.length > MOST_CHARACTERS) return 'too_large'
  return isSensitive(texts) ? 'sensitive' : undefined
}

/** What people are known by, and what opens doors, is kept nowhere. */
export function isSensitive(text: string): boolean {
  return scan(text, { classes: ['secret', 'pii'] }).length > 0
}

/** Its answer depends on what the world says now, or it is kept elsewhere for later. */
function isLive({ arguments: body, resource }: Ticket): boolean {
  if (resource === undefined || /:online$/.test(resource.name)) return true
  const { plugins, web_search_options: search, store } = body
  return (isList(plugins) && plugins.length > 0) || search != null || store === true
}

function hasToolTurn({ messages }: JsonObject): boolean {
  if (!isList(messages)) return true
  return messages.some(
    (message) =>
      !isMap(message) ||
      message['role'] === 'tool' ||
      message['role'] === 'function' ||
      message['tool_calls'] != null ||
      message['function_call'] != null,
  )
}

/** INVARIANT: a tool whose effects nobody has vouched for keeps the call out. */
function offersMore(
  { tools, functions }: JsonObject,
  names: readonly string[],
  { harmlessTools }: CacheSettings,
): boolean {
  const offered = (isList(tools) ? tools.length : 0) + (isList(functions) ? functions.length : 0)
  return offered !== names.length || names.some((name) => !harmlessTools.includes(name))
}

/** By what a policy can tell callers apart; and by who they are, unless the host shares answers. */
function partitionOf(
  { ticket, locale = '' }: CacheRequest,
  subject: Subject,
  { sharedBy }: CacheSettings,
): JsonValue {
  const { tenant, tier, scopes, roles, groups, team, department, agent, user } = subject
  const { policy_digest: digest, scopes: granted } = ticket.decision
  return {
    tenant: tenant ?? null,
    policy: digest,
    model: ticket.resource?.name ?? null,
    scope: ticket.resource?.scope ?? null,
    granted: sorted(granted),
    tier: tier ?? null,
    scopes: scopes === undefined ? null : sorted(scopes),
    roles: sorted(roles ?? []),
    groups: sorted(groups ?? []),
    team: team ?? null,
    department: department ?? null,
    locale,
    ...(sharedBy === 'user' ? { agent, user: user ?? null } : {}),
  }
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort()
}

/** How an answer is sent, and which conversation it belongs to, is no part of what it says. */
const OF_DELIVERY = new Set([
  'stream',
  'stream_options',
  'session_id',
  'prompt_cache_key',
  'metadata',
  'trace',
  'usage',
])

function withoutDelivery(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !OF_DELIVERY.has(name)))
}

function tellsUsage({ stream_options: options }: JsonObject): boolean {
  return !(isMap(options) && options['include_usage'] === false)
}

/** One question of the user in words, with or without standing instructions. No conversation. */
function questionIn(body: JsonObject): { text: string; rest: JsonObject } | undefined {
  const messages = body['messages']
  if (!isJsonList(messages)) return undefined
  const asked = messages.filter((one) => isMap(one) && one['role'] === 'user')
  const standing = messages.filter(
    (one) => isMap(one) && (one['role'] === 'system' || one['role'] === 'developer'),
  )
  const [only] = asked
  if (asked.length !== 1 || standing.length + 1 !== messages.length) return undefined
  if (messages.at(-1) !== only || !isMap(only)) return undefined
  const { content, ...rest } = only
  return typeof content === 'string'
    ? { text: content, rest: { ...body, messages: [...standing, rest as JsonObject] } } // of a body
    : undefined
}

function isJsonList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return isList(value)
}
