import type { Pair, Scalar, YAMLMap, YAMLSeq, YamlLibrary } from './load-yaml.ts'
import { isProtoKey, protoKeyFault } from './proto-key.ts'
import {
  type Damage,
  type Fault,
  MAX_PROBLEMS,
  type Mark,
  type MemberMark,
  type Reading,
  ReadingStopped,
} from './source.ts'

/**
 * What all aliases together may stand for: nodes, with 32 characters of a text as one more. Enough
 * for a list shared by ten thousand bindings, far from what would hurt.
 */
export const MAX_ALIASED = 250_000

/** Syntax tree to plain values and their places. The tree is at most `maxDepth` deep. */
export function readNode(yaml: YamlLibrary, text: string, root: unknown): Reading {
  const walk: Walk = {
    yaml,
    text,
    anchors: new Map(),
    path: [],
    faults: [],
    damaged: [],
    aliased: 0,
  }
  const { value, mark } = readAny(walk, root)
  return { value, mark: () => mark, faults: walk.faults, damaged: walk.damaged }
}

interface Walk {
  readonly yaml: YamlLibrary
  readonly text: string
  /** Undefined while the anchored node is still being read. */
  readonly anchors: Map<string, Read | undefined>
  readonly path: (string | number)[]
  readonly faults: Fault[]
  readonly damaged: Damage[]
  aliased: number
}

interface Read {
  readonly value: unknown
  readonly mark: Mark
  readonly weight: number
}

// What is beyond the bound is not shown, so that neither it nor what follows from it is kept.
function report(walk: Walk, fault: Omit<Fault, 'path'>): void {
  if (walk.faults.length < MAX_PROBLEMS) walk.faults.push({ ...fault, path: [...walk.path] })
}

function damage(walk: Walk, whole: boolean): void {
  if (walk.damaged.length < MAX_PROBLEMS) walk.damaged.push({ path: [...walk.path], whole })
}

/** A value that cannot be had: what follows from its lack is not reported again. */
function broken(walk: Walk, at: number, fault: Omit<Fault, 'path' | 'at'>): Read {
  report(walk, { ...fault, at })
  damage(walk, true)
  return { value: null, mark: { at }, weight: 1 }
}

function readAny(walk: Walk, node: unknown): Read {
  const { yaml } = walk
  if (yaml.isAlias(node)) return readAlias(walk, node.source, node.range?.[0] ?? 0)
  if (!yaml.isScalar(node) && !yaml.isMap(node) && !yaml.isSeq(node))
    return { value: null, mark: { at: 0 }, weight: 1 }
  const { anchor } = node
  if (anchor !== undefined) walk.anchors.set(anchor, undefined)
  const read = readTagged(walk, node)
  if (anchor !== undefined) walk.anchors.set(anchor, read)
  return read
}

function readAlias(walk: Walk, name: string, at: number): Read {
  if (!walk.anchors.has(name))
    return broken(walk, at, {
      kind: 'syntax',
      message: `there is no anchor \`&${name}\` before this alias`,
    })
  const read = walk.anchors.get(name)
  if (read === undefined)
    throw new ReadingStopped({
      kind: 'alias_cycle',
      message: `\`*${name}\` stands inside of \`&${name}\``,
      at,
      path: [...walk.path],
    })
  walk.aliased += read.weight
  if (walk.aliased > MAX_ALIASED)
    throw new ReadingStopped({
      kind: 'alias_bomb',
      message: `the aliases stand for more than ${MAX_ALIASED} values`,
      at,
      path: [...walk.path],
    })
  return { ...read, mark: { ...read.mark, at } }
}

const CORE = 'tag:yaml.org,2002:'
const TYPE_OF_TAG = new Map([
  [`${CORE}str`, 'string'],
  [`${CORE}int`, 'number'],
  [`${CORE}float`, 'number'],
  [`${CORE}bool`, 'boolean'],
  [`${CORE}null`, 'null'],
  [`${CORE}map`, 'map'],
  [`${CORE}seq`, 'seq'],
])

function readTagged(walk: Walk, node: Scalar | YAMLMap | YAMLSeq): Read {
  const at = node.range?.[0] ?? 0
  const { tag } = node
  if (tag !== undefined) {
    const type = TYPE_OF_TAG.get(tag)
    if (type === undefined)
      return broken(walk, at, {
        kind: 'forbidden_tag',
        message: `the tag \`${tag.replace(CORE, '!!')}\` is not allowed`,
        hint: 'write the value without a tag',
      })
    if (type !== typeOfNode(walk, node))
      return broken(walk, at, {
        kind: 'wrong_type',
        message: `the tag \`${tag.replace(CORE, '!!')}\` does not fit the value`,
        hint: 'write the value without a tag',
      })
  }
  if (walk.yaml.isMap(node)) return readMap(walk, node, at)
  if (walk.yaml.isSeq(node)) return readSeq(walk, node, at)
  return readScalar(node, at)
}

function typeOfNode(walk: Walk, node: Scalar | YAMLMap | YAMLSeq): string {
  if (walk.yaml.isMap(node)) return 'map'
  if (walk.yaml.isSeq(node)) return 'seq'
  return node.value === null ? 'null' : typeof node.value
}

function readScalar(node: Scalar, at: number): Read {
  const { value } = node
  const length = typeof value === 'string' ? value.length : 0
  return { value, mark: { at }, weight: 1 + (length >> 5) }
}

function readSeq(walk: Walk, node: YAMLSeq, at: number): Read {
  const list: unknown[] = []
  const items: Mark[] = []
  let weight = 1
  for (const item of node.items) {
    walk.path.push(list.length)
    const read = walk.yaml.isPair(item) ? readPairItem(walk, item) : readAny(walk, item)
    walk.path.pop()
    list.push(read.value)
    items.push(read.mark)
    weight += read.weight
  }
  return { value: list, mark: { at, items }, weight }
}

/** `[a: b]` is a list of one map. */
function readPairItem(walk: Walk, pair: Pair): Read {
  const at = offsetOf(pair.key) ?? 0
  const into: MapInto = { value: {}, members: new Map(), weight: 1 }
  readPair(walk, pair, into)
  return { value: into.value, mark: { at, members: into.members }, weight: into.weight }
}

interface MapInto {
  readonly value: Record<string, unknown>
  readonly members: Map<string, MemberMark>
  weight: number
}

function readMap(walk: Walk, node: YAMLMap, at: number): Read {
  const into: MapInto = { value: {}, members: new Map(), weight: 1 }
  for (const pair of node.items) readPair(walk, pair, into)
  return { value: into.value, mark: { at, members: into.members }, weight: into.weight }
}

function readPair(walk: Walk, pair: Pair, into: MapInto): void {
  const keyAt = offsetOf(pair.key) ?? 0
  const key = readKey(walk, pair.key, keyAt)
  if (key === undefined) {
    damage(walk, false)
    return
  }
  if (isProtoKey(key)) {
    walk.faults.push(protoKeyFault(key, keyAt, [...walk.path, key]))
    damage(walk, false)
    return
  }
  walk.path.push(key)
  const read: Read =
    pair.value === null
      ? { value: null, mark: { at: keyAt }, weight: 1 }
      : readAny(walk, pair.value)
  if (into.members.has(key)) {
    report(walk, {
      kind: 'duplicate_key',
      message: `the key \`${key}\` stands here twice`,
      at: keyAt,
    })
  } else {
    into.value[key] = read.value
    into.members.set(key, { keyAt, value: read.mark })
  }
  walk.path.pop()
  into.weight += 1 + read.weight
}

/** The key's text, or undefined after reporting why it is none. */
function readKey(walk: Walk, key: unknown, at: number): string | undefined {
  const { yaml } = walk
  if (yaml.isScalar(key) && typeof key.value === 'string' && isPlainTag(key.tag)) {
    if (key.anchor !== undefined) walk.anchors.set(key.anchor, readScalar(key, at))
    if (key.value !== '<<') return key.value
    report(walk, {
      kind: 'merge_key',
      message: '`<<` is not part of YAML 1.2 and would be ignored in silence by some readers',
      at,
      hint: 'write the keys out',
    })
    return undefined
  }
  const tag = yaml.isNode(key) ? key.tag : undefined
  if (!isPlainTag(tag)) {
    report(walk, { kind: 'forbidden_tag', message: 'a key has no tag', at })
    return undefined
  }
  if (!yaml.isScalar(key) && isExplicit(walk.text, at)) {
    report(walk, { kind: 'syntax', message: 'a list or map cannot be a key', at })
    return undefined
  }
  const what = yaml.isScalar(key)
    ? `\`${String(key.source ?? '')}\` is no text:`
    : 'this is no text:'
  report(walk, {
    kind: 'non_string_key',
    message: `${what} every key is a text`,
    at,
    hint: yaml.isScalar(key) ? 'put it in quotes' : 'write one word as the key',
  })
  return undefined
}

function isPlainTag(tag: string | undefined): boolean {
  return tag === undefined || tag === `${CORE}str`
}

/** True for `? key`: a question mark stands before it. */
function isExplicit(text: string, at: number): boolean {
  return /\?\s*$/.test(text.slice(Math.max(0, at - 80), at))
}

function offsetOf(node: unknown): number | undefined {
  const range = (node as { range?: readonly number[] | null } | null)?.range
  return range?.[0]
}
