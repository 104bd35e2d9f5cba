import type { Finding } from '../../core/model/finding.ts'

/** What has been said, so that it is said once. */
export interface Told {
  /** What is found of one version of something, the first time; nothing later. */
  once(name: string, version: string, find: () => readonly Finding[]): readonly Finding[]
  forget(name: string): void
}

/** Versions of one thing; a server that gives more of them is heard of again. */
const MAX_VERSIONS = 8
const MAX_NAMES = 100_000
const NONE: readonly Finding[] = Object.freeze([])

export function createTold(): Told {
  const versions = new Map<string, string[]>()
  return {
    once(name, version, find) {
      const known = versions.get(name)
      if (known?.includes(version) === true) return NONE
      if (known === undefined) {
        const oldest = versions.size >= MAX_NAMES ? versions.keys().next() : undefined
        if (oldest?.done === false) versions.delete(oldest.value)
        versions.set(name, [version])
      } else {
        known.push(version)
        if (known.length > MAX_VERSIONS) known.shift()
      }
      return find()
    },
    forget: (name) => void versions.delete(name),
  }
}
