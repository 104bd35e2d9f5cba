/** How a key stands to the names a constraint looks for. */
export type NameMatch = 'none' | 'name' | 'word'
export type NameTest = (key: string) => NameMatch

// Keys are the caller's text: those of a tool's schema are few and short.
const MOST_CACHED = 512
const LONGEST_CACHED = 64
// Longer than two of the words that constraints look for.
const TAIL = 48
const WORD = /[A-Z]{2,}s(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g

/**
 * Tells keys by name: `name` where the whole key is one of `names`, `word` where its last word, or
 * its last two, are one of `words`, as of `repo_path`, `targetURL`, `file-2` and `paths[]`.
 */
export function nameTest(names: readonly string[], words: readonly string[]): NameTest {
  const wholes = new Set(names.map(foldName))
  const endings = new Set(words.map(foldName))
  const test = (key: string): NameMatch => {
    if (wholes.has(foldName(key))) return 'name'
    return endings.size > 0 && endingsOf(key).some((ending) => endings.has(ending))
      ? 'word'
      : 'none'
  }
  const known = new Map<string, NameMatch>()
  return (key) => {
    const match = known.get(key)
    if (match !== undefined) return match
    const found = test(key)
    if (key.length > LONGEST_CACHED) return found
    if (known.size >= MOST_CACHED) known.clear()
    known.set(key, found)
    return found
  }
}

/** Lower case, without `_` and `-`: `File_Path`, `filePath` and `file-path` are one name. */
export function foldName(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '')
}

function endingsOf(key: string): readonly string[] {
  const words = key.slice(-TAIL).match(WORD) ?? []
  const last = words.at(-1)?.toLowerCase()
  if (last === undefined) return []
  const before = words.at(-2)?.toLowerCase()
  return before === undefined ? [last] : [last, before + last]
}
