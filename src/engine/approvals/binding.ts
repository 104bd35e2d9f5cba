import type { Call, Subject } from '../../core/model/call.ts'
import type { JsonObject } from '../../core/model/json.ts'
import type { ApprovalBinding } from '../../core/model/ports.ts'
import { hashOf } from '../record.ts'

/** What an approval of this call, dispatched with these arguments, would be good for. */
export function bindingOf(call: Call, args: JsonObject): ApprovalBinding {
  const { subject, resource } = call
  return Object.freeze({
    tenant: subject.tenant ?? null,
    agent: subject.agent,
    user: subject.user ?? null,
    session: call.session,
    verb: call.verb,
    resource: resource.name,
    server: resource.server ?? null,
    definition: hashOf(JSON.parse(JSON.stringify(resource))),
    definition_hash: call.definition?.hash ?? null,
    arguments_hash: hashOf(args),
  })
}

/** Every name of who asks: none of them is somebody else. */
export function requestersOf({ agent, user, proof }: Subject): readonly string[] {
  return [...new Set([agent, ...(user === undefined ? [] : [user]), ...(proof?.act_chain ?? [])])]
}

const PRINCIPAL = ['tenant', 'agent', 'user', 'session'] as const

/** Whose approval it is. What is another's is not told from what is not there. */
export function isSamePrincipal(one: ApprovalBinding, other: ApprovalBinding): boolean {
  return PRINCIPAL.every((field) => one[field] === other[field])
}

const CALL = [
  ['verb', 'verb'],
  ['resource', 'tool'],
  ['server', 'server'],
  ['definition', 'catalogue entry'],
  ['definition_hash', 'definition'],
  ['arguments_hash', 'set of arguments'],
] as const

/** What the call has that is not what was approved; undefined where all is. */
export function differenceOf(approved: ApprovalBinding, now: ApprovalBinding): string | undefined {
  return CALL.find(([field]) => approved[field] !== now[field])?.[1]
}

/** One text for all of it. */
export function keyOf(binding: ApprovalBinding, policyDigest: string): string {
  return hashOf({ ...binding, policy_digest: policyDigest })
}
