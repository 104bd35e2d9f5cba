import { median, medianMs, medianNs, row } from '../../scripts/measure.ts'
import type { CompiledPolicy } from '../policy/compile.ts'
import { compileDocument } from '../policy/compile.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { createPolicyIndex } from '../policy/policy-index.ts'
import { evaluate } from './rbac.ts'
import type { RbacQuery } from './rbac-verdict.ts'

/** A policy of a given size: agents share roles, selectors are exact names, servers and globs. */
export function syntheticPolicy(
  roles: number,
  rulesPerRole: number,
  agents: number,
): PolicyDocument {
  const servers = Array.from({ length: 40 }, (_, index) => `srv${index}`)
  return {
    servers,
    roles: Array.from({ length: roles }, (_, role) => ({
      name: `role-${role}`,
      rules: Array.from({ length: rulesPerRole }, (_, rule) => {
        const server = servers[(role * 7 + rule) % servers.length] ?? 'srv0'
        const resources =
          rule % 10 === 9
            ? [`server:${server}`]
            : rule % 10 === 8
              ? [`${server}.list_*`]
              : [`${server}.tool_${rule % 25}`]
        return {
          effect: rule % 16 === 15 ? ('deny' as const) : ('allow' as const),
          resources,
          verbs: ['invoke' as const],
        }
      }),
    })),
    bindings: Array.from({ length: agents }, (_, agent) => ({
      agent: `agent-${agent}`,
      roles: [`role-${agent % roles}`, `role-${(agent * 13 + 5) % roles}`],
      scopes: ['support', 'billing'],
    })),
  }
}

const SIZES = [
  ['small: 50 rules, 10 agents', 5, 10, 10],
  ['medium: 1,000 rules, 200 agents', 40, 25, 200],
  ['large: 50,000 rules, 10,000 agents', 1000, 50, 10_000],
] as const

/** Pairs of agent and tool, all met before. A pool beyond the processor's nearest cache. */
const POOL = 4096

function queriesFor(policy: CompiledPolicy, agents: number): readonly RbacQuery[] {
  return Array.from({ length: POOL }, (_, index) => {
    const resource = policy.index.resolve(`srv${index % 40}.tool_${index % 25}`)
    if ('fault' in resource) throw new Error(resource.fault)
    const agent = `agent-${(index * 31) % agents}`
    return { subject: { agent }, verb: 'invoke', resource, scope: 'support', arguments: {}, at: 0 }
  })
}

export async function run(print: (line: string) => void): Promise<void> {
  print('RBAC decision with its frozen provenance, warm, median')
  const figures: number[] = []
  for (const [name, roles, rules, agents] of SIZES) {
    const document = syntheticPolicy(roles, rules, agents)
    const policy: CompiledPolicy = {
      digest: '',
      document,
      warnings: [],
      index: createPolicyIndex(document),
    }
    const queries = queriesFor(policy, agents)
    const ours = medianNs((index) => evaluate(policy, queries[index & (POOL - 1)] as RbacQuery, {}))
    figures.push(ours)
    const casl = await caslNs(document, queries)
    const note =
      casl === undefined
        ? ''
        : `CASL ${casl.toFixed(0)} ns, without provenance (x${(casl / ours).toFixed(1)})`
    print(row(name, ours, 'ns', note))
    print(row('  first touch of a tool', firstTouchNs(document, queries), 'ns'))
  }
  const growth = (figures[2] ?? 0) / (figures[0] ?? 1)
  print(row('  growth small to large', growth, 'x'))
  const large = syntheticPolicy(1000, 50, 10_000)
  print(
    row(
      'index and digest of the large policy',
      medianMs(() => compileDocument(large, [])),
      'ms',
    ),
  )
}

/** A resource that an agent whose roles are in use touches for the first time. */
function firstTouchNs(document: PolicyDocument, queries: readonly RbacQuery[]): number {
  const rounds = Array.from({ length: 9 }, () => {
    const policy = { digest: '', document, warnings: [], index: createPolicyIndex(document) }
    const fresh = queries.slice(0, 256).map((query, position) => {
      const resource = policy.index.resolve(`${query.resource.name}.${position}`)
      return 'fault' in resource ? query : { ...query, resource }
    })
    for (const query of queries.slice(0, 256)) evaluate(policy, query, {})
    const started = process.hrtime.bigint()
    for (const query of fresh) evaluate(policy, query, {})
    return Number(process.hrtime.bigint() - started) / fresh.length
  })
  return median(rounds)
}

/** CASL with one ability per agent, selectors expanded by hand: its best case. Undefined where not installed. */
async function caslNs(
  document: PolicyDocument,
  queries: readonly RbacQuery[],
): Promise<number | undefined> {
  const casl = await loadPeer()
  if (casl === undefined) return undefined
  const names = [...new Set(queries.map((query) => query.resource.name))]
  const abilities = new Map<string, { can(action: string, subject: string): boolean }>()
  for (const { subject } of queries) {
    const agent = subject?.agent ?? ''
    if (abilities.has(agent)) continue
    const bound = (document.bindings ?? []).find((binding) => binding.agent === agent)?.roles ?? []
    const rules = (document.roles ?? [])
      .filter((role) => bound.includes(role.name))
      .flatMap((role) => role.rules ?? [])
      .sort((one, other) => Number(one.effect === 'deny') - Number(other.effect === 'deny'))
      .map((rule) => ({
        action: 'invoke',
        subject: names.filter((name) => rule.resources.some((text) => covers(text, name))),
        inverted: rule.effect === 'deny',
      }))
    abilities.set(agent, casl(rules))
  }
  return medianNs((index) => {
    const query = queries[index & (POOL - 1)] as RbacQuery
    return abilities.get(query.subject?.agent ?? '')?.can('invoke', query.resource.name)
  })
}

function covers(selector: string, name: string): boolean {
  if (selector.startsWith('server:')) return name.startsWith(`${selector.slice(7)}.`)
  return selector.endsWith('*') ? name.startsWith(selector.slice(0, -1)) : selector === name
}

type MakeAbility = (rules: readonly object[]) => { can(action: string, subject: string): boolean }

async function loadPeer(): Promise<MakeAbility | undefined> {
  const path = new URL('../../../examples/benchmark/node_modules/@casl/ability/', import.meta.url)
  try {
    const manifest = (await import(`${path}package.json`, { with: { type: 'json' } })) as {
      default: { module?: string; main?: string }
    }
    const entry = manifest.default.module ?? manifest.default.main ?? 'dist/es6m/index.mjs'
    const peer = (await import(new URL(entry, path).href)) as { createMongoAbility: MakeAbility }
    return peer.createMongoAbility
  } catch {
    return undefined
  }
}
