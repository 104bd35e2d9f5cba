import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import type { ProtocolHost } from './host.ts'

/** Who tells of lists. Held by nobody here. */
export type ListTeller = Pick<
  ProtocolHost,
  'transport' | 'sendToolListChanged' | 'sendPromptListChanged' | 'sendResourceListChanged'
>

interface Watched {
  readonly hosts: Set<WeakRef<ListTeller>>
  readonly refs: WeakMap<ListTeller, WeakRef<ListTeller>>
}

/** One listener an engine: servers come and go, with some protocols one a request. */
const watched = new WeakMap<PolicyEngine, Watched>()

/** After a reload clients ask for lists anew: what they may see has changed. */
export function tellOfReloads(host: ListTeller, engine: PolicyEngine): () => void {
  const { hosts, refs } = watched.get(engine) ?? watch(engine)
  const ref = refs.get(host) ?? new WeakRef(host)
  refs.set(host, ref)
  sweep(hosts)
  hosts.add(ref)
  return () => hosts.delete(ref)
}

function watch(engine: PolicyEngine): Watched {
  const made: Watched = { hosts: new Set(), refs: new WeakMap() }
  watched.set(engine, made)
  engine.onReload(() => {
    for (const ref of made.hosts) {
      const host = ref.deref()
      if (host === undefined) made.hosts.delete(ref)
      else if (host.transport !== undefined) tell(host)
    }
  })
  return made
}

const METHODS = ['sendToolListChanged', 'sendPromptListChanged', 'sendResourceListChanged'] as const

/** Servers refuse to speak of what they have not declared to have. */
function tell(host: ListTeller): void {
  for (const method of METHODS)
    try {
      host[method]?.().catch(() => undefined)
    } catch {}
}

const SWEEP_EVERY = 256
let added = 0

function sweep(hosts: Set<WeakRef<ListTeller>>): void {
  if (++added % SWEEP_EVERY !== 0) return
  for (const ref of hosts) if (ref.deref() === undefined) hosts.delete(ref)
}
