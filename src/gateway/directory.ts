import { NO_NAMES, type WireNames } from './names.ts'
import { hasPartsInOrder } from './parts-in-order.ts'

/** What the servers of one session have said they have: which name or URI belongs to which of them. */
export interface Directory {
  names(kind: NameKind, ns: string): WireNames | undefined
  setNames(kind: NameKind, ns: string, names: WireNames): void
  setUris(kind: UriKind, ns: string, uris: readonly string[]): void
  /** A resource that a result of the server has named. */
  addUri(ns: string, uri: string): void
  /** Namespaces that have listed the resource, or a template that it fits. */
  ownersOf(uri: string): readonly string[]
  /** Namespaces that have listed the resource itself. */
  listersOf(uri: string): readonly string[]
  ownersOfTemplate(template: string): readonly string[]
}

export type NameKind = 'tools' | 'prompts'
export type UriKind = 'resources' | 'resourceTemplates'

/** Of one session; the oldest goes first. */
const MAX_ADDED = 10_000
/** No engine takes longer ones. */
const MAX_URI = 2_048

export function createDirectory(): Directory {
  const names = { tools: new Map<string, WireNames>(), prompts: new Map<string, WireNames>() }
  const uris = {
    resources: new Map<string, ReadonlySet<string>>(),
    resourceTemplates: new Map<string, ReadonlySet<string>>(),
  }
  /** The parts of templates that are no expressions. */
  const fixed = new Map<string, readonly (readonly string[])[]>()
  const added = new Map<string, Set<string>>()
  const ownersIn = (kind: UriKind, has: (set: ReadonlySet<string>) => boolean): string[] =>
    [...uris[kind]].filter(([, set]) => has(set)).map(([ns]) => ns)
  return {
    names: (kind, ns) => names[kind].get(ns),
    setNames: (kind, ns, made) => names[kind].set(ns, made),
    setUris(kind, ns, listed) {
      const set = new Set(listed)
      uris[kind].set(ns, set)
      if (kind === 'resourceTemplates') fixed.set(ns, [...set].map(fixedParts))
    },
    addUri(ns, uri) {
      if (uri.length > MAX_URI) return
      const owners = added.get(uri) ?? new Set()
      if (owners.size === 0 && added.size >= MAX_ADDED) {
        const oldest = added.keys().next()
        if (oldest.done !== true) added.delete(oldest.value)
      }
      added.set(uri, owners.add(ns))
    },
    ownersOf(uri) {
      if (uri.length > MAX_URI) return []
      const named = ownersIn('resources', (set) => set.has(uri))
      const fitting = [...fixed]
        // More than RFC 6570 would have: the policy and the server have the last word.
        .filter(([, templates]) => templates.some((parts) => hasPartsInOrder(parts, uri)))
        .map(([ns]) => ns)
      // A list or a link is no better claim than a template: else naming a URI would take it over.
      return [...new Set([...named, ...(added.get(uri) ?? []), ...fitting])]
    },
    listersOf: (uri) => ownersIn('resources', (set) => set.has(uri)),
    ownersOfTemplate: (template) => ownersIn('resourceTemplates', (set) => set.has(template)),
  }
}

export function namesOf(directory: Directory, kind: NameKind, ns: string): WireNames {
  return directory.names(kind, ns) ?? NO_NAMES
}

function fixedParts(template: string): readonly string[] {
  return template.split(/\{[^{}]*\}/)
}
