import type { ResourceEntry } from '../../../model/call.ts'
import { wordsOf } from '../../name-words.ts'

/** The words of a tool's own name, without those of its server. An entry's answer never changes. */
export function toolWords(resource: ResourceEntry): readonly string[] {
  const known = WORDS.get(resource)
  if (known !== undefined) return known
  const { name, server } = resource
  const own = server !== undefined && name.startsWith(`${server}.`)
  const words = wordsOf(own ? name.slice(server.length + 1) : name)
  WORDS.set(resource, words)
  return words
}

// A policy hands out the same entry for the same name, and several rules ask.
const WORDS = new WeakMap<ResourceEntry, readonly string[]>()

export function hasWord(words: readonly string[], wanted: ReadonlySet<string>): boolean {
  for (const word of words) if (wanted.has(word)) return true
  return false
}

export function wordSet(list: string): ReadonlySet<string> {
  return new Set(list.split(' '))
}
