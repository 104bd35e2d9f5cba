import type { CompiledPolicy } from '../core/policy/compile.ts'
import { createTextRedactor, type TextRedactor } from '../core/redaction/redact-text.ts'
import { gateSettings } from './gate-settings.ts'
import type { LineParts, Passed } from './line-record.ts'
import { demandsOf } from './redact-outcome.ts'

/** What adapters of models need to know of a call's policy, where an answer comes in pieces. */

/**
 * The resource of a function that a model proposes to call: the catalogue's entry of that name, else
 * `server__tool` as `server.tool` where the policy knows the server, else the name itself. The longest
 * known server counts.
 */
export function functionResource(policy: CompiledPolicy | undefined, name: string): string {
  if (policy === undefined || policy.index.catalogue.has(name)) return name
  for (let at = name.lastIndexOf('__'); at > 0; at = name.lastIndexOf('__', at - 1)) {
    const server = name.slice(0, at)
    if (policy.index.servers.has(server)) return `${server}.${name.slice(at + 2)}`
  }
  return name
}

/** Takes out of a text what `finish` would take out of a whole response; undefined where nothing is. */
export function textRedactor(
  parts: LineParts,
  { call, policy, decision }: Passed,
): TextRedactor | undefined {
  if (parts.mode === 'observe' || call === undefined || policy === undefined) return undefined
  const demands = demandsOf(gateSettings(policy).redaction, call.resource, decision.obligations)
  if (demands === undefined || demands.redactions.length === 0) return undefined
  const keyed = parts.redaction.for(call.subject.tenant)
  return inTurn(demands.redactions.map((redaction) => createTextRedactor(redaction, keyed)))
}

/** One behind the other. */
function inTurn(redactors: readonly TextRedactor[]): TextRedactor {
  return {
    push: (chunk) => redactors.reduce((text, one) => one.push(text), chunk),
    end: () => redactors.reduce((text, one) => one.push(text) + one.end(), ''),
  }
}
