/** Policies and parts of a host for calls with planted secrets. */
import type { Rule } from '../../core/behavior/rule.ts'
import { isMap } from '../../core/json-kind.ts'
import type { Subject } from '../../core/model/call.ts'
import type { JsonObject } from '../../core/model/json.ts'
import type { Gate } from '../../core/model/ports.ts'
import type { CompiledPolicy } from '../../core/policy/compile.ts'
import { compilePolicy } from '../../core/policy/parse.ts'
import type { EngineOptions } from '../options.ts'

const OFF: JsonObject = { enabled: false }
const RULES = ['credential_exposure', 'secret_relay', 'call_loop', 'denial_probing']
const BASE: JsonObject = {
  unlisted: 'allow',
  roles: [
    {
      name: 'all',
      rules: [
        {
          resources: ['crm.*', 'other.*', 'resource:*', 'model:*'],
          verbs: ['invoke'],
        },
        {
          resources: ['db.limited'],
          verbs: ['invoke'],
          constraints: { one_of: { field: 'words', allow: ['this', 'that'] } },
        },
        { resources: ['mail.send'], verbs: ['invoke'], effect: 'escalate' },
        { resources: ['crm.drop'], verbs: ['invoke'], effect: 'deny' },
        {
          resources: ['crm.note'],
          verbs: ['invoke'],
          effect: 'compute',
          compute: { set: { limit: 10 } },
        },
      ],
    },
  ],
  bindings: [
    { tier: 'user', roles: ['all'] },
    { agent: 'anonymous', roles: ['all'] },
  ],
  blocklist: { tools: ['crm.blocked'] },
  hooks: { PreToolUse: [{ matcher: 'crm.hooked', type: 'command', command: 'look' }] },
  behavior: {
    risk: { warn_at: 98, pause_at: 99, terminate_at: 100 },
    rules: Object.fromEntries(RULES.map((rule) => [rule, { action: 'warn', score: 1 }])),
  },
}

const STRICT = compilePolicy({ ...BASE, behavior: {} })
const TOLD = compilePolicy({ ...BASE, secrets: OFF, redaction: { action: 'hash' } })
/** Takes out less than there is, in answers and records. */
const NARROW = compilePolicy({ ...BASE, secrets: OFF, redaction: { classes: ['pii'] } })

/** Whoever has a tenant that nobody knows is watched closest. */
export function policyFor({ tenant }: Subject): CompiledPolicy {
  if (tenant === 'told') return TOLD
  return tenant === 'narrow' ? NARROW : STRICT
}

function wordsOf(args: JsonObject): string {
  const { words } = args
  return typeof words === 'string' ? words : ''
}

const GATE: Gate = {
  name: 'host',
  check({ resource, arguments: args }) {
    if (resource.name === 'crm.broken') throw new Error(`cannot judge ${wordsOf(args)}`)
    if (resource.name !== 'crm.refused') return { kind: 'pass' }
    const words = wordsOf(args)
    return {
      kind: 'deny',
      reason: 'explicit_deny',
      detail: `not with ${words}`,
      constraint: words,
      rule: { role: words, name: words, index: 0 },
    }
  },
}

const RULE: Rule = {
  id: 'host_rule',
  on: 'request',
  severity: 'low',
  evaluate: ({ call, number }) => ({
    rule: 'host_rule',
    severity: 'low',
    confidence: 0.5,
    message: `seen: ${wordsOf(call.arguments)}`,
    trigger: number,
    sources: [],
    action: 'warn',
    score: 0,
  }),
}

/** Everybody who is asked repeats what the call says. */
export const HOST: Pick<EngineOptions, 'policy' | 'gates' | 'rules' | 'approvals' | 'hooks'> = {
  policy: policyFor,
  gates: [GATE],
  rules: [RULE],
  approvals: {
    ask({ arguments: args, decision }) {
      const words = wordsOf(args)
      const number = Number(args['number'])
      if (number % 3 === 0) throw new Error(`nobody answers ${words} of ${decision.id}`)
      const outcome = number % 3 === 1 ? 'approved' : 'denied'
      return { outcome, by: words, reason: `because of ${words}` }
    },
  },
  hooks: {
    command(_command, { tool_input: input }) {
      const words = isMap(input) ? wordsOf(input as JsonObject) : ''
      return { exitCode: 2, stdout: words, stderr: `no: ${words}` }
    },
  },
}
