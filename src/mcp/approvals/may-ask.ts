import type { ApprovalEntry } from '../../core/model/ports.ts'
import { approverFault } from '../../engine/approvals/approvers.ts'
import type { Ticket } from '../../engine/ticket.ts'
import { isObject, type Params, type ProtocolHost } from '../host.ts'
import type { Incoming } from '../server/server-guard.ts'
import type { ElicitationSettings } from './elicitation-options.ts'

/** What a client that may answer itself is not asked about. */
const BEYOND_LOW: ReadonlySet<string> = new Set([
  'destructive',
  'payment',
  'credential_change',
  'privilege_grant',
  'code_exec',
  'admin',
])

/**
 * INVARIANT: a client of low trust answers for nothing that cannot be undone. Nor where the session
 * gave rise to the question: then the agent is what is doubted, and its client may be the agent.
 */
export function isTrustedWith({ trust }: ElicitationSettings, ticket: Ticket): boolean {
  if (trust === 'high') return true
  const { resource, decision } = ticket
  if (resource === undefined || resource.tags.some((tag) => BEYOND_LOW.has(tag))) return false
  return decision.gate !== 'behavior' && decision.findings.every(({ action }) => action !== 'ask')
}

/** In whose name the client answers; undefined where an answer of theirs would not count. */
export function approverOf(
  settings: ElicitationSettings,
  incoming: Incoming,
  ticket: Ticket,
  { requesters, approvers, four_eyes: fourEyes }: ApprovalEntry,
): string | undefined {
  const name = approverName(settings, incoming, ticket)
  return approverFault(name, { requesters, approvers, fourEyes }) === undefined ? name : undefined
}

export function approverName(
  { by }: ElicitationSettings,
  { context, guard }: Incoming,
  { subject }: Ticket,
): string {
  if (by === undefined) return `client:${subject?.agent ?? ''}`
  if (typeof by === 'string') return by
  try {
    return by(context)
  } catch {
    guard.warn(`\`approvals.by\` of the MCP server \`${guard.server}\` throws: nobody is asked`)
    return ''
  }
}

/** Requests that may be answered by a question (2026-07-28). */
const INPUT_METHODS: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read'])

const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities'

/** True where the client says that it can show a form, and the question can reach it. */
export function isReachable({ guard, context, extra, request }: Incoming): boolean {
  if (context.era === 'modern')
    return INPUT_METHODS.has(request.method) && showsForms(envelopeOf(extra)?.[CAPABILITIES])
  const { host } = guard
  return (
    typeof host.elicitInput === 'function' &&
    showsForms(host.getClientCapabilities?.()) &&
    !answersOnlyByJson(host)
  )
}

function envelopeOf(extra: unknown): Params | undefined {
  const mcpReq = isObject(extra) ? extra['mcpReq'] : undefined
  const envelope = isObject(mcpReq) ? mcpReq['envelope'] : undefined
  return isObject(envelope) ? envelope : undefined
}

/** Without any mode it is forms: there were no others before. */
function showsForms(capabilities: unknown): boolean {
  const elicitation = isObject(capabilities) ? capabilities['elicitation'] : undefined
  if (!isObject(elicitation)) return false
  return elicitation['form'] !== undefined || elicitation['url'] === undefined
}

/** Such an HTTP transport has no way back while a request waits: the question would be lost, silently. */
function answersOnlyByJson({ transport }: ProtocolHost): boolean {
  const outer = transport as Readonly<Record<string, unknown>> | undefined
  const inner = outer?.['_webStandardTransport']
  const { _enableJsonResponse: isJson } = (isObject(inner) ? inner : outer) ?? {}
  return isJson === true
}
