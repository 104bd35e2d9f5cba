import type { Flow } from '../flow.ts'
import type { RequestEvent, Rule, RuleFinding } from '../rule.ts'
import { originWords, quoted, sourcesOf } from './evidence/wording.ts'

/**
 * Restricted content of one scope is used in a call of another one. Both scopes must be known and
 * differ; what a server gave and gets back is no movement, nor is an identifier. Between two tenants
 * a person is asked. Where data leaves altogether, other rules speak.
 * @see https://genai.owasp.org/llmrisk/llm062025-excessive-agency/ LLM06:2025
 */
export const crossScopeDataMovement: Rule = {
  id: 'cross_scope_data_movement',
  on: 'request',
  severity: 'high',
  evaluate(event, view) {
    if (event.direction !== 'request' || event.traits.egress) return undefined
    const moved = view.flows.filter((flow) => crosses(flow, event))
    const surest = moved.reduce<Flow | undefined>(
      (one, other) => (one === undefined || other.confidence > one.confidence ? other : one),
      undefined,
    )
    return surest === undefined ? undefined : findingOf(surest, moved, event)
  },
}

function crosses(flow: Flow, event: RequestEvent): boolean {
  const { origin, role, trusted } = flow
  const { scope, resource } = event.call
  if (!(origin.restricted || flow.kind === 'secret') || trusted) return false
  if (origin.scope === undefined || scope === undefined || origin.scope === scope) return false
  if (origin.server !== undefined && origin.server === resource.server)
    return flow.kind === 'secret' || isTenant(scope)
  // A secret is content wherever it stands.
  return role === 'content' || flow.kind === 'secret'
}

// Scopes that stand for customers, not for kinds of data.
const TENANT = /^(?:tenant|customer|client|org|organi[sz]ation|account|workspace)s?[-:/._]./i

function isTenant(scope: string): boolean {
  return TENANT.test(scope)
}

function findingOf(surest: Flow, moved: readonly Flow[], event: RequestEvent): RuleFinding {
  const from = surest.origin.scope ?? ''
  const to = event.call.scope ?? ''
  const betweenTenants = isTenant(from) && isTenant(to)
  return {
    rule: 'cross_scope_data_movement',
    severity: betweenTenants ? 'critical' : 'high',
    confidence: surest.confidence,
    message: `restricted data from ${originWords(surest)} of scope ${quoted(from)} is used by ${quoted(event.call.resource.name)} in scope ${quoted(to)}`,
    trigger: event.number,
    sources: sourcesOf(moved),
    action: betweenTenants ? 'ask' : 'warn',
    score: betweenTenants ? 40 : 20,
    cause: betweenTenants ? `${from}>${to}>${event.call.resource.name}` : `${from}>${to}`,
  }
}
