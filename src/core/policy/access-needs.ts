import { textsIn } from '../json-kind.ts'
import type { AccessNeeds, Tier } from '../model/call.ts'
import type { JsonValue } from '../model/json.ts'
import type { ServerDocument, ToolDocument } from './document.ts'

/** What a tool and its server together ask of callers; undefined where a rule is enough. */
export function needsOf(
  tool: ToolDocument | undefined,
  server: ServerDocument | undefined,
): AccessNeeds | undefined {
  const auth = server?.auth ?? {}
  const audience = textsOf(auth['audience'])
  const issuer = textsOf(auth['issuer'])[0]
  const needs: AccessNeeds = {
    authenticated: auth['required'] === true,
    tiers: present<Tier>([server?.tier, tool?.tier]),
    scopes: [...new Set([...textsOf(auth['scopes']), ...(tool?.scopes ?? [])])],
    departments: present([server?.departments, tool?.departments]),
    audience: audience.length === 0 ? undefined : audience,
    issuer,
  }
  const isNothing =
    !needs.authenticated &&
    audience.length === 0 &&
    issuer === undefined &&
    [needs.tiers, needs.scopes, needs.departments].every(({ length }) => length === 0)
  return isNothing ? undefined : Object.freeze(needs)
}

function present<T>(values: readonly (T | undefined)[]): readonly T[] {
  return values.filter((value) => value !== undefined)
}

/** A text, or each text of a list. */
function textsOf(value: JsonValue | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : textsIn(value)
}
