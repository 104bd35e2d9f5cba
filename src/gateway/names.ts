import { sha256Hex } from '../core/hash.ts'

/** Names that models accept for functions. */
const WIRE = /^[a-zA-Z0-9_-]{1,64}$/
const MAX_WIRE = 64
const HASH_DIGITS = 8
/** Where the names of two would be the same: neither gets the one that both would have. */
const CLASH_DIGITS = 12

/** How names of one upstream are called downstream, and back. */
export interface WireNames {
  /** By the upstream's name. */
  readonly wire: ReadonlyMap<string, string>
  /** By the name on the wire. */
  readonly upstream: ReadonlyMap<string, string>
  /** Names of the upstream that are served under another one since two would have been the same. */
  readonly renamed: readonly string[]
  /** Names that cannot be told apart however they are written: none of them is served. */
  readonly dropped: readonly string[]
}

export const NO_NAMES: WireNames = {
  wire: new Map(),
  upstream: new Map(),
  renamed: [],
  dropped: [],
}

/**
 * `prefix` is the namespace with its separator. A name that fits stays as it is; any other gets a
 * part of its hash, so that it is called the same in every session. Where two would be the same, both
 * get one: which was meant is never guessed.
 */
export function wireNames(prefix: string, names: readonly string[]): WireNames {
  const distinct = [...new Set(names)]
  const plain = groups(distinct, (name) => plainName(prefix, name) ?? hashedName(prefix, name))
  const renamed = plain.flatMap(([, group]) => (group.length > 1 ? group : []))
  const clashing = new Set(renamed)
  const settled = groups(distinct, (name) =>
    clashing.has(name)
      ? hashedName(prefix, name, CLASH_DIGITS)
      : (plainName(prefix, name) ?? hashedName(prefix, name)),
  )
  const unique = settled.filter(([, group]) => group.length === 1)
  const dropped = settled.flatMap(([, group]) => (group.length > 1 ? group : []))
  const pairs = unique.map(([wire, [name = '']]) => [wire, name] as const)
  return {
    wire: new Map(pairs.map(([wire, name]) => [name, wire])),
    upstream: new Map(pairs),
    renamed: renamed.filter((name) => !dropped.includes(name)),
    dropped,
  }
}

function groups(
  names: readonly string[],
  wireOf: (name: string) => string,
): readonly (readonly [string, readonly string[]])[] {
  const found = new Map<string, string[]>()
  for (const name of names) {
    const wire = wireOf(name)
    const group = found.get(wire)
    if (group === undefined) found.set(wire, [name])
    else group.push(name)
  }
  return [...found]
}

/** The name as it is, where that may be on the wire. */
function plainName(prefix: string, name: string): string | undefined {
  const wire = prefix + name
  return name !== '' && WIRE.test(wire) ? wire : undefined
}

function hashedName(prefix: string, name: string, digits = HASH_DIGITS): string {
  const hash = sha256Hex(name).slice(0, digits)
  const room = MAX_WIRE - prefix.length - digits - 1
  return `${prefix}${name.replaceAll(/[^a-zA-Z0-9_-]/g, '_').slice(0, room)}_${hash}`
}

/** True for what may be a name with a part of a hash: only a list of names says which. */
export function mayBeHashed(rest: string): boolean {
  return /_(?:[0-9a-f]{8}|[0-9a-f]{12})$/.test(rest)
}

/** Splits a name on the wire. Namespaces do not contain the separator: its first place is where they end. */
export function splitWire(
  wire: string,
  separator: string,
): { readonly ns: string; readonly rest: string } | undefined {
  const at = wire.indexOf(separator)
  if (at <= 0) return undefined
  const rest = wire.slice(at + separator.length)
  return rest === '' ? undefined : { ns: wire.slice(0, at), rest }
}
