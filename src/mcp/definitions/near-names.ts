import { wordsOf } from '../../core/behavior/name-words.ts'
import { latinTwin } from '../../core/behavior/views/look-alikes.ts'

/** How a name stands to another that was there before it. */
export type Nearness =
  | 'same name'
  | 'same but for case and separators'
  | 'looks alike'
  | 'one letter off'

export interface NamedTool {
  readonly server: string
  readonly tool: string
}

export interface Near extends NamedTool {
  readonly nearness: Nearness
}

/** Names of tools, so that one that is near another is found without comparing them all. */
export interface NearNames {
  /** Adds a name. Answers those that it is near to: of other servers, and its look-alikes on its own. */
  add(named: NamedTool): readonly Near[]
  /** Takes a name out again. */
  delete(named: NamedTool): void
}

/** Tools that are held against one new name. */
const MAX_COMPARED = 8
const MAX_NEAR = 4
/** Names whose near misses are looked for; of more only names that look the same are found. */
const MAX_INDEXED = 20_000
/** In a shorter word another letter makes another word, such as `get` and `set`. */
const SHORTEST_WORD = 5
const LONGEST_NAME = 64

export function createNearNames(): NearNames {
  const bySkeleton = new Map<string, NamedTool[]>()
  const byMiss = new Map<string, NamedTool[]>()
  let indexed = 0
  return {
    add(named) {
      const near: Near[] = []
      const take = (other: NamedTool, nearness: Nearness): void => {
        if (near.length < MAX_NEAR && !near.some((one) => isSame(one, other)))
          near.push({ ...other, nearness })
      }
      for (const other of put(bySkeleton, skeletonOf(named.tool), named))
        take(other, likeness(named, other))
      if (indexed >= MAX_INDEXED) return near
      indexed++
      // A server's own tools are alike for a reason: `create_issue`, `create_issues`.
      for (const miss of missesOf(named.tool))
        for (const other of put(byMiss, miss, named))
          if (other.server !== named.server && isOneOff(named.tool, other.tool))
            take(other, 'one letter off')
      return near
    },
    delete(named) {
      remove(bySkeleton, skeletonOf(named.tool), named)
      let wasIndexed = false
      for (const miss of missesOf(named.tool))
        wasIndexed = remove(byMiss, miss, named) || wasIndexed
      if (wasIndexed) indexed--
    },
  }
}

/** Adds to an index. Answers what was there. */
function put(index: Map<string, NamedTool[]>, key: string, named: NamedTool): readonly NamedTool[] {
  const others = index.get(key)
  if (others === undefined) {
    index.set(key, [named])
    return []
  }
  const before = others.filter((one) => !isSame(one, named))
  if (before.length < MAX_COMPARED) index.set(key, [...before, named])
  return before
}

function remove(index: Map<string, NamedTool[]>, key: string, named: NamedTool): boolean {
  const others = index.get(key)?.filter((one) => !isSame(one, named))
  if (others === undefined) return false
  if (others.length === 0) index.delete(key)
  else index.set(key, others)
  return true
}

function isSame(one: NamedTool, other: NamedTool): boolean {
  return one.server === other.server && one.tool === other.tool
}

function likeness({ tool }: NamedTool, other: NamedTool): Nearness {
  if (tool === other.tool) return 'same name'
  return joined(tool) === joined(other.tool) ? 'same but for case and separators' : 'looks alike'
}

function joined(name: string): string {
  return wordsOf(name.normalize('NFKC')).join('')
}

/** What a name looks like: letters that are drawn alike are one, and only letters and digits count. */
export function skeletonOf(name: string): string {
  let text = ''
  for (const unit of joined(name)) {
    const twin = latinTwin(unit.codePointAt(0) ?? 0)
    text += twin === 0 ? unit : String.fromCharCode(twin)
  }
  return text
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replace(/[1i|]/g, 'l')
    .replaceAll('0', 'o')
}

/** Numbered names are one off for a reason. */
const DIGIT = /\d/

/** What is left of a name without one of its letters: names that are one letter off share one such. */
function missesOf(name: string): ReadonlySet<string> {
  const misses = new Set<string>()
  if (name.length > LONGEST_NAME) return misses
  const words = wordsOf(name)
  for (const [index, word] of words.entries()) {
    if (word.length < SHORTEST_WORD - 1 || DIGIT.test(word)) continue
    const before = words.slice(0, index).join(' ')
    const after = words.slice(index + 1).join(' ')
    misses.add(`${before} ${word} ${after}`)
    for (let at = 0; at < word.length; at++)
      misses.add(`${before} ${word.slice(0, at)}${word.slice(at + 1)} ${after}`)
  }
  return misses
}

/** One word, and in it one letter, differs; not where that makes a plural, a past tense or a number. */
function isOneOff(one: string, other: string): boolean {
  const [words, others] = [wordsOf(one), wordsOf(other)]
  if (words.length !== others.length) return false
  const index = words.findIndex((word, at) => word !== others[at])
  if (words.slice(index + 1).join(' ') !== others.slice(index + 1).join(' ')) return false
  const [short = '', long = ''] = [words[index] ?? '', others[index] ?? ''].sort(
    (a, b) => a.length - b.length,
  )
  if (long.length < SHORTEST_WORD || DIGIT.test(short + long)) return false
  if (/^[sd]$/.test(long.slice(short.length)) && long.startsWith(short)) return false
  return isOneEdit(short, long)
}

/** One letter is another, is missing, or has changed places with the next. `short` is not the longer. */
function isOneEdit(short: string, long: string): boolean {
  let at = 0
  while (at < short.length && short[at] === long[at]) at++
  if (short.length !== long.length)
    return long.length - short.length === 1 && short.slice(at) === long.slice(at + 1)
  if (short.slice(at + 1) === long.slice(at + 1)) return true
  const isSwap = short[at] === long[at + 1] && short[at + 1] === long[at]
  return isSwap && short.slice(at + 2) === long.slice(at + 2)
}
