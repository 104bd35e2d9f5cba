import type { Rule } from '../core/behavior/rule.ts'
import type { CallRequest } from '../core/model/call.ts'
import type { JsonObject, JsonValue } from '../core/model/json.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import { parsePolicy } from '../core/policy/parse.ts'
import { createPolicyEngine, type PolicyEngine } from './create-policy-engine.ts'
import type { EngineOptions } from './options.ts'
import type { Outcome, Ticket } from './ticket.ts'

const TOOLS = `
tools:
  - { name: tickets.read, server: tickets, tags: [data_source, external_data] }
  - { name: db.query, server: db, tags: [data_source, restricted], scope: customers, payload_class: restricted }
  - { name: crm.note, server: crm, tags: [internal_write], scope: sales }
  - { name: vault.encode, server: vault, tags: [internal_write] }
  - { name: mail.send, server: mail, tags: [external_write, network_egress] }
  - { name: bank.pay, server: bank, tags: [external_write, payment] }
  - { name: web.read, server: web, tags: [data_source, external_data] }
roles:
  - name: all
    rules:
      - { resources: ['*'], verbs: [invoke] }
bindings: [{ tier: user, roles: [all] }]
unlisted: allow
secrets: { enabled: false }
`

export function openPolicy(behavior = '', rules: readonly string[] = []): CompiledPolicy {
  const more = rules.map((rule) => `      ${rule}\n`).join('')
  return parsePolicy(TOOLS.replace('bindings:', `${more}bindings:`) + behavior)
}

/** Everybody may call everything, secrets too: what is left to say is the behavioural layer's. */
export function openEngine(
  options: Partial<EngineOptions> = {},
  behavior = '',
  rules: readonly string[] = [],
): PolicyEngine {
  return createPolicyEngine({
    policy: openPolicy(behavior, rules),
    onDiagnostic: () => {},
    ...options,
  })
}

/** A key such as no vendor has. */
export const SECRET = ['sk', 'live', 'Q7mZt4Wc9LrXv2KpB8nYd3Fs'].join('-')

export function callOf(
  resource: string,
  args: JsonObject,
  more: Partial<CallRequest> = {},
): CallRequest {
  return { session: 's', subject: { agent: 'bot' }, resource, arguments: args, ...more }
}

export interface Step {
  readonly ticket: Ticket
  readonly outcome: Outcome | undefined
}

/** One call from judgement to response; a call that may not go out has no outcome. */
export async function step(
  engine: PolicyEngine,
  request: CallRequest,
  response: JsonValue | Error = { ok: true },
): Promise<Step> {
  const ticket = await engine.begin(request, { wait: true })
  if (!ticket.permitted) return { ticket, outcome: undefined }
  const outcome = await ticket.finish(
    response instanceof Error ? { ok: false, error: response } : { ok: true, value: response },
  )
  return { ticket, outcome }
}

/** Reads the secret, as the first half of most stories. */
export function readSecret(engine: PolicyEngine, more: Partial<CallRequest> = {}): Promise<Step> {
  const row = { rows: [{ id: 7, customer: 'Nordwind', api_key: SECRET }] }
  return step(engine, callOf('db.query', { query: 'SELECT api_key FROM integrations' }, more), row)
}

export function mailWith(body: string, more: Partial<CallRequest> = {}): CallRequest {
  return callOf('mail.send', { to: 'someone@outside.test', subject: 'Re: ticket', body }, more)
}

/** A host's rule that finds what it is told to. */
export function ruleOf(on: Rule['on'], finding: Partial<ReturnType<typeof findingOf>> = {}): Rule {
  return {
    id: 'host_rule',
    on,
    severity: 'high',
    evaluate: (event) => ({ ...findingOf(event.number), ...finding }),
  }
}

function findingOf(trigger: number) {
  return {
    rule: 'host_rule',
    severity: 'high' as const,
    confidence: 0.9,
    message: 'the host said so',
    trigger,
    sources: [],
    action: 'warn' as 'warn' | 'ask' | 'pause' | 'terminate',
    score: 10,
  }
}
