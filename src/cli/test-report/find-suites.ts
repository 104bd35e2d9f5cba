import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** How a test suite's file is named. */
const SUITE_NAME = /\.policytest\.(?:ya?ml|json)$/i

const MAX_DEPTH = 32
const MAX_FILES = 10_000
const SKIPPED = new Set(['node_modules'])

/**
 * Paths of the test suites below a folder, relative to it, in order. Hidden folders, `node_modules`
 * and what links lead to are left out.
 * @throws what the file system throws where the folder itself cannot be read
 */
export function findSuites(folder: string): readonly string[] {
  const found: string[] = []
  const waiting: { readonly path: string; readonly depth: number }[] = [{ path: '', depth: 0 }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const entry of readdirSync(join(folder, next.path), { withFileTypes: true })) {
      const path = join(next.path, entry.name)
      const isOpen = entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED.has(entry.name)
      if (isOpen && next.depth < MAX_DEPTH) waiting.push({ path, depth: next.depth + 1 })
      if (entry.isFile() && SUITE_NAME.test(entry.name) && found.length < MAX_FILES)
        found.push(path)
    }
  }
  return found.sort()
}
