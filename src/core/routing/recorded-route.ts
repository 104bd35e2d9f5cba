import { isMap, textsIn } from '../json-kind.ts'
import type { AuditRecord } from '../model/audit-record.ts'
import type { Tier } from '../model/call.ts'
import type { JsonObject } from '../model/json.ts'
import type { Classification, ModelRequest, Surface } from './model-request.ts'
import type { RouteView } from './route-view.ts'
import type { Capability } from './words.ts'

/**
 * What a record keeps of what a route was chosen by: words of the policy, numbers and names of models.
 * Nothing of messages, tools or metadata.
 */
export function recordedView({ request, session, scope, subject, budget }: RouteView): JsonObject {
  return {
    request: {
      surface: request.surface,
      model: request.model,
      alternatives: request.alternatives,
      messages: request.messages.length,
      tools: request.tools.length,
      capabilities: [...request.capabilities],
      stream: request.stream,
      response_format: request.response_format,
      input_tokens: request.input_tokens,
      max_output_tokens: request.max_output_tokens,
      bound_to_vendor: request.bound_to_vendor,
    },
    session: { risk: session.risk, tainted: session.tainted, scopes: [...session.scopes] },
    scope: scope ?? null,
    roles: subject.roles ?? [],
    budget: budget === undefined ? null : { ...budget },
  }
}

/**
 * What a route was chosen by, as its record has it; undefined for a record of something else. Metadata is
 * not recorded: no test of it holds.
 */
export function viewOfRecord(record: AuditRecord): RouteView | undefined {
  const { arguments: kept } = record
  if (record.kind !== 'route' || !isMap(kept)) return undefined
  const { view, classification } = kept
  if (!isMap(view) || !isMap(classification)) return undefined
  const request = requestOf(view['request'])
  if (request === undefined) return undefined
  const session = isMap(view['session']) ? view['session'] : {}
  return {
    request,
    classification: classification as unknown as Classification, // as it was recorded
    subject: {
      agent: record.agent ?? '',
      ...(record.user_id === null ? {} : { user: record.user_id }),
      ...(record.tenant === null ? {} : { tenant: record.tenant }),
      ...(record.team === null ? {} : { team: record.team }),
      ...(record.tier === null ? {} : { tier: record.tier as Tier }), // as it was recorded
      roles: textsIn(view['roles']),
    },
    scope: typeof view['scope'] === 'string' ? view['scope'] : undefined,
    session: {
      id: record.session_id ?? '',
      risk: numberOf(session['risk']),
      tainted: session['tainted'] === true,
      scopes: new Set(textsIn(session['scopes'])),
    },
    budget: isMap(view['budget'])
      ? {
          remaining_usd: numberOf(view['budget']['remaining_usd']),
          remaining_share: numberOf(view['budget']['remaining_share']),
        }
      : undefined,
    at: Date.parse(record.ts),
  }
}

function requestOf(kept: unknown): ModelRequest | undefined {
  if (!isMap(kept)) return undefined
  const format = kept['response_format']
  return {
    surface: String(kept['surface'] ?? 'chat') as Surface, // as it was recorded
    model: typeof kept['model'] === 'string' ? kept['model'] : null,
    alternatives: textsIn(kept['alternatives']),
    messages: Array.from({ length: Math.min(MOST, numberOf(kept['messages'])) }, () => EMPTY),
    tools: Array.from({ length: Math.min(MOST, numberOf(kept['tools'])) }, () => ''),
    capabilities: new Set(textsIn(kept['capabilities']) as Capability[]), // as it was recorded
    stream: kept['stream'] === true,
    response_format: format === 'json_object' || format === 'json_schema' ? format : 'text',
    input_tokens: numberOf(kept['input_tokens']),
    max_output_tokens:
      typeof kept['max_output_tokens'] === 'number' ? kept['max_output_tokens'] : null,
    temperature: null,
    metadata: {},
    conversation: null,
    bound_to_vendor: kept['bound_to_vendor'] === true,
  }
}

const MOST = 100_000
const EMPTY = Object.freeze({ role: 'user', text: '' } as const)

function numberOf(value: unknown): number {
  return typeof value === 'number' && value >= 0 ? value : 0
}
