import type { Assessment } from '../../core/behavior/watch.ts'
import type { Call, Subject } from '../../core/model/call.ts'
import type { JsonObject } from '../../core/model/json.ts'
import type { ApprovalBinding } from '../../core/model/ports.ts'
import type { Judged } from '../gate-step.ts'
import { hashOf } from '../record.ts'

/** What an approval of this call, dispatched with these arguments, would be good for. */
export function bindingOf(
  call: Call,
  args: JsonObject,
  { assessment }: Pick<Judged, 'assessment'>,
): ApprovalBinding {
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
    findings: Object.freeze(assessment?.outcome === 'ask' ? digestsOf(assessment) : []),
  })
}

const MAX_FINDINGS = 32

function digestsOf({ decisive, findings }: Assessment): string[] {
  const asking = decisive.length > 0 ? decisive : findings
  const causes = asking.map(({ rule, cause }) => hashOf({ rule, cause: cause ?? '' }))
  return [...new Set(causes)].sort().slice(0, MAX_FINDINGS)
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
  const found = CALL.find(([field]) => approved[field] !== now[field])?.[1]
  if (found !== undefined) return found
  // Fewer reasons to ask are no other call; one more is.
  return now.findings.every((one) => approved.findings.includes(one)) ? undefined : 'reason to ask'
}

/** One text for all of it. */
export function keyOf(binding: ApprovalBinding, policyDigest: string): string {
  return hashOf({ ...binding, policy_digest: policyDigest })
}
