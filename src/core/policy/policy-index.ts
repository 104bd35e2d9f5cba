import type { ResourceEntry, Subject } from '../model/call.ts'
import { isToolOf } from '../names.ts'
import {
  BINDING_KEYS,
  type BindingDocument,
  type BindingKey,
  type PolicyDocument,
  type RoleDocument,
  type ServerDocument,
  type ToolDocument,
} from './document.ts'
import { withEntities } from './entities.ts'
import { resolveEntry, serverOf } from './resolve-resource.ts'
import { compileRole, type RoleIndex } from './role-index.ts'
import { unlistedOf } from './unlisted.ts'

/** A binding ready to be asked whether it speaks of a subject. */
export interface CompiledBinding {
  readonly index: number
  /** Its roles and those they extend, each once. */
  readonly roles: readonly RoleIndex[]
  /** Undefined: every scope. */
  readonly scopes: ReadonlySet<string> | undefined
  readonly scopeList: readonly string[]
}

/** What gates ask of a policy. Derived lazily; memoised answers are bounded and never differ. */
export interface PolicyIndex {
  readonly servers: ReadonlySet<string>
  readonly scopes: ReadonlySet<string>
  readonly catalogue: ReadonlyMap<string, ToolDocument>
  readonly roleNames: readonly string[]
  /** The OAuth scope an agent declares, which its token must have. */
  declaredScope(agent: string): string | undefined
  /** `restrict` and a catalogue for its server: a tool that is not listed is reached by few selectors. */
  isRestricted(resource: ResourceEntry): boolean
  role(name: string): RoleIndex | undefined
  /** Indexes of the bindings that speak of the subject at a time, in the order of the file. */
  bindingsFor(subject: Subject, at: number): readonly number[]
  /** True where only `subject.agent` decides which bindings hold, at any time. */
  isFixed(agent: string): boolean
  isBound(agent: string): boolean
  binding(index: number): CompiledBinding
  /** The catalogue's view of a name, or why there is none. The same object for the same name. */
  resolve(name: unknown, server?: string): ResourceEntry | { readonly fault: string }
}

// Names arrive from callers: memory stays bounded however many are tried.
const MAX_ENTRIES = 20_000

export function createPolicyIndex(written: PolicyDocument): PolicyIndex {
  const document = withEntities(written)
  const declared = new Map(
    (document.agents ?? []).flatMap(({ name, scope }) =>
      scope === undefined ? [] : [[name, scope]],
    ),
  )
  const roles = new Map((document.roles ?? []).map((role) => [role.name, role]))
  const compiled = new Map<string, RoleIndex>()
  const role = (name: string): RoleIndex | undefined => {
    const known = compiled.get(name)
    if (known !== undefined) return known
    const text = roles.get(name)
    if (text === undefined) return undefined
    const built = compileRole(text)
    compiled.set(name, built)
    return built
  }
  return {
    ...indexBindings(document, roles, role),
    ...indexResources(document),
    roleNames: [...roles.keys()],
    declaredScope: (agent) => declared.get(agent),
    role,
  }
}

type BindingPart = Pick<PolicyIndex, 'bindingsFor' | 'isFixed' | 'isBound' | 'binding' | 'scopes'>

function indexBindings(
  document: PolicyDocument,
  roles: ReadonlyMap<string, RoleDocument>,
  role: (name: string) => RoleIndex | undefined,
): BindingPart {
  const bindings = document.bindings ?? []
  const byAgent = new Map<string, number[]>()
  const conditional = new Set<string>()
  const floating = new Map<string, number[]>()
  const scopes = new Set<string>()
  bindings.forEach((binding, index) => {
    for (const scope of binding.scopes ?? []) scopes.add(scope)
    if (binding.agent !== undefined) {
      push(byAgent, binding.agent, index)
      if (isConditional(binding)) conditional.add(binding.agent)
      return
    }
    // Found by one of its keys; `speaksOf` then holds it against them all.
    const key = BINDING_KEYS.find((one) => binding[one] !== undefined)
    if (key !== undefined) push(floating, `${key}:${binding[key]}`, index)
  })
  const compiled = new Map<number, CompiledBinding>()
  const binding = (index: number): CompiledBinding => {
    const known = compiled.get(index)
    if (known !== undefined) return known
    const built = compileBinding(bindings[index], index, roles, role)
    compiled.set(index, built)
    return built
  }
  const candidates = (subject: Subject): readonly number[] => {
    const found = [...(byAgent.get(subject.agent) ?? [])]
    if (floating.size === 0) return found
    for (const key of keysOf(subject)) found.push(...(floating.get(key) ?? []))
    return found.sort((one, other) => one - other)
  }
  return {
    scopes,
    binding,
    isBound: (agent) => byAgent.has(agent),
    isFixed: (agent) => floating.size === 0 && !conditional.has(agent),
    bindingsFor: (subject, at) =>
      candidates(subject).filter((index) => speaksOf(bindings[index], subject, at)),
  }
}

function push(map: Map<string, number[]>, key: string, index: number): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [index])
  else list.push(index)
}

/** Under which keys a binding without an agent may speak of the subject. */
function keysOf(subject: Subject): readonly string[] {
  const keys = [`tier:${subject.tier ?? 'user'}`]
  for (const key of ['user', 'team', 'department', 'tenant'] as const)
    if (subject[key] !== undefined) keys.push(`${key}:${subject[key]}`)
  for (const group of new Set(subject.groups)) keys.push(`group:${group}`)
  return keys
}

function isConditional(binding: BindingDocument): boolean {
  if (binding.expires_at !== undefined) return true
  return BINDING_KEYS.some((key) => key !== 'agent' && binding[key] !== undefined)
}

/** True where every key of the binding holds and it has not expired. */
export function speaksOf(
  binding: BindingDocument | undefined,
  subject: Subject,
  at: number,
): boolean {
  if (binding === undefined) return false
  if (binding.expires_at !== undefined && at >= Date.parse(binding.expires_at)) return false
  return BINDING_KEYS.every((key) => {
    const wanted = binding[key]
    return wanted === undefined || isOf(subject, key, wanted)
  })
}

function isOf(subject: Subject, key: BindingKey, wanted: string): boolean {
  if (key === 'group') return subject.groups?.includes(wanted) === true
  if (key === 'tier') return (subject.tier ?? 'user') === wanted
  return subject[key] === wanted
}

function compileBinding(
  binding: BindingDocument | undefined,
  index: number,
  roles: ReadonlyMap<string, RoleDocument>,
  role: (name: string) => RoleIndex | undefined,
): CompiledBinding {
  const names = new Set<string>()
  const waiting = [...(binding?.roles ?? [])].reverse()
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (names.has(name)) continue
    names.add(name)
    waiting.push(...[...(roles.get(name)?.extends ?? [])].reverse())
  }
  const scopeList = Object.freeze([...new Set(binding?.scopes)])
  const isOpen = scopeList.length === 0 || scopeList.includes('*')
  return {
    index,
    roles: [...names].flatMap((name) => role(name) ?? []),
    scopes: isOpen ? undefined : new Set(scopeList),
    scopeList,
  }
}

type ResourcePart = Pick<PolicyIndex, 'servers' | 'catalogue' | 'isRestricted' | 'resolve'>

function indexResources(document: PolicyDocument): ResourcePart {
  const catalogue = new Map((document.tools ?? []).map((tool) => [tool.name, tool]))
  const servers = new Set<string>()
  const described = new Map<string, ServerDocument>()
  for (const server of document.servers ?? []) {
    servers.add(typeof server === 'string' ? server : server.name)
    if (typeof server !== 'string') described.set(server.name, server)
  }
  for (const tool of catalogue.values()) if (tool.server !== undefined) servers.add(tool.server)
  const listed = new Set<string>()
  for (const tool of catalogue.values()) {
    const server = tool.server ?? serverOf(tool.name, servers)
    if (server !== undefined) listed.add(server)
  }
  const restrict = unlistedOf(document) === 'restrict'
  // INVARIANT: what a server registers is kept apart from what names alone say, so that no
  // registration changes the answer for a caller that names no server.
  const unregistered = new Map<string, ResourceEntry>()
  const registered = new Map<string, ResourceEntry>()
  const resolve: PolicyIndex['resolve'] = (name, server) => {
    const entries = server === undefined ? unregistered : registered
    const known = typeof name === 'string' ? entries.get(name) : undefined
    if (known !== undefined && (server === undefined || server === known.server)) return known
    const built = resolveEntry(name, server, { catalogue, servers, described })
    if ('fault' in built) return built
    if (entries.size >= MAX_ENTRIES) entries.clear()
    entries.set(built.name, built)
    return built
  }
  return {
    servers,
    catalogue,
    isRestricted: (resource) =>
      restrict &&
      !resource.listed &&
      resource.server !== undefined &&
      listed.has(resource.server) &&
      isToolOf(resource.name, resource.server),
    resolve,
  }
}
