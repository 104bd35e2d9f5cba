import { ARBITRARY_NOW } from '../../testing/arbitraries.ts'
import type { CallRequest } from '../model/call.ts'
import type { CompiledPolicy } from '../policy/compile.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { createPolicyIndex } from '../policy/policy-index.ts'
import type { RbacQuery } from './rbac-verdict.ts'

/** A policy to ask in tests: not checked, and without a digest. */
export function compiled(document: PolicyDocument): CompiledPolicy {
  return { digest: '', document, warnings: [], index: createPolicyIndex(document) }
}

/** What the engine would ask of the policy for a request, at the instant that arbitraries speak of. */
export function queryOf(policy: CompiledPolicy, request: CallRequest): RbacQuery {
  const resource = policy.index.resolve(request.resource, request.server)
  if ('fault' in resource) throw new Error(resource.fault)
  return {
    subject: request.subject,
    verb: request.verb ?? 'invoke',
    resource,
    scope: resource.scope ?? request.scope,
    arguments: request.arguments,
    at: ARBITRARY_NOW,
  }
}
