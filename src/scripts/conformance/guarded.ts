import { memorySink } from '../../audit/memory.ts'
import { compilePolicy } from '../../core/policy/parse.ts'
import { createPolicyEngine, type PolicyEngine } from '../../engine/create-policy-engine.ts'
import type { WrapMcpOptions } from '../../mcp/index.ts'

/** What a server is wrapped with, and how much has gone through it. */
export interface Guarded {
  readonly engine: PolicyEngine
  readonly options: WrapMcpOptions
  recorded(): number
}

/** An engine that allows everything: what is left of a difference is the wrap's doing. */
export function guarded(): Guarded {
  const sink = memorySink()
  const engine = createPolicyEngine({
    policy: compilePolicy({
      roles: [{ name: 'all', rules: [{ resources: ['*'], verbs: ['admin'] }] }],
      bindings: [{ agent: 'conformance', roles: ['all'] }],
    }),
    audit: [sink],
    onDiagnostic: ({ message }) => console.error(message),
  })
  const options = { server: 'conformance', subject: { agent: 'conformance' } }
  return { engine, options, recorded: () => sink.records().length }
}
