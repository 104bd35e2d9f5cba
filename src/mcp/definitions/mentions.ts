import type { Definition } from './definition.ts'
import type { NamedTool } from './near-names.ts'

/** A tool whose description names a tool of another server. */
export interface Mention {
  readonly by: NamedTool
  readonly of: NamedTool
}

/** Which tools speak of which others, whatever comes first. */
export interface Mentions {
  /** Adds a tool. Answers the mentions that are between servers, by it and of it. */
  add(named: NamedTool, definition: Definition): readonly Mention[]
  delete(named: NamedTool): void
}

const MAX_WORDS = 32
const MAX_READ = 16_384
/** Servers that have a tool of one name, and tools that speak of one name. */
const MAX_SAME = 16

export function createMentions(): Mentions {
  const owners = new Map<string, NamedTool[]>()
  const speakers = new Map<string, NamedTool[]>()
  const wordsBy = new Map<string, readonly string[]>()
  const forget = (named: NamedTool): void => {
    for (const word of wordsBy.get(keyOf(named)) ?? []) drop(speakers, word, named)
    wordsBy.delete(keyOf(named))
    for (const name of namesOf(named)) drop(owners, name, named)
  }
  const speaksOf = (by: NamedTool, word: string): readonly Mention[] => {
    const others = owners.get(word) ?? []
    put(speakers, word, by)
    // A name that its own server has too is most likely that one.
    const [of] = others.some(({ server }) => server === by.server) ? [] : others
    return of === undefined ? [] : [{ by, of }]
  }
  const isSpokenOf = (of: NamedTool, name: string): readonly Mention[] => {
    const others = owners.get(name) ?? []
    const found = (speakers.get(name) ?? []).filter(
      ({ server }) => server !== of.server && !others.some((one) => one.server === server),
    )
    put(owners, name, of)
    return found.map((by) => ({ by, of }))
  }
  return {
    delete: forget,
    add(named, definition) {
      forget(named)
      const said = namesIn(definition.parts.description)
      if (said.length > 0) wordsBy.set(keyOf(named), said)
      const found = said.flatMap((word) => speaksOf(named, word))
      return [...found, ...namesOf(named).flatMap((name) => isSpokenOf(named, name))]
    },
  }
}

function keyOf({ server, tool }: NamedTool): string {
  return `${server}\n${tool}`
}

/** Under which words others speak of a tool. A name of one word is a word like any other. */
function namesOf({ server, tool }: NamedTool): readonly string[] {
  const full = [`${server}.${tool}`, `${server}__${tool}`]
  return isSpeaking(tool) ? [tool, ...full] : full
}

/** Bounded, and one class of characters: linear on any text. */
const TOKEN = /[A-Za-z0-9_./-]{3,128}/g
const EDGES = /^[_./-]+|[_./-]+$/g
const SPEAKING = /[A-Za-z0-9][_./-]+[A-Za-z0-9]|[a-z][A-Z]/

function isSpeaking(name: string): boolean {
  return SPEAKING.test(name)
}

function namesIn(description: unknown): readonly string[] {
  if (typeof description !== 'string') return []
  const found = new Set<string>()
  for (const [token] of description.slice(0, MAX_READ).matchAll(TOKEN)) {
    const word = token.replace(EDGES, '')
    if (isSpeaking(word)) found.add(word)
    if (found.size >= MAX_WORDS) break
  }
  return [...found]
}

function put(index: Map<string, NamedTool[]>, key: string, named: NamedTool): void {
  const others = index.get(key)
  if (others === undefined) index.set(key, [named])
  else if (others.length < MAX_SAME) others.push(named)
}

function drop(index: Map<string, NamedTool[]>, key: string, named: NamedTool): void {
  const others = index.get(key)?.filter((one) => keyOf(one) !== keyOf(named))
  if (others === undefined) return
  if (others.length === 0) index.delete(key)
  else index.set(key, others)
}
