import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { readSource } from '../core/policy/read/read-source.ts'
import type { Source } from '../core/policy/read/source.ts'

const MAX_FILES = 1000

/**
 * The texts that a policy was loaded from, with the layers they extend: to say where a rule stands.
 * What cannot be read is left out, since loading the policy has complained of it already.
 */
export function readPolicySources(paths: readonly string[]): readonly Source[] {
  const sources: Source[] = []
  const seen = new Set<string>()
  const waiting = paths.flatMap(filesAt)
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    if (seen.has(file) || seen.size >= MAX_FILES) continue
    seen.add(file)
    const source = sourceAt(file)
    if (source === undefined) continue
    sources.push(source)
    for (const layer of layersOf(source))
      waiting.push(isAbsolute(layer) ? layer : join(dirname(file), layer))
  }
  return sources
}

function filesAt(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path]
    return readdirSync(path)
      .filter((name) => /\.(?:ya?ml|json)$/i.test(name) && !/\.policytest\./i.test(name))
      .map((name) => join(path, name))
  } catch {
    return [] // it has no rules to place
  }
}

function sourceAt(file: string): Source | undefined {
  try {
    return readSource(readFileSync(file, 'utf8'), { file })
  } catch {
    return undefined // as above
  }
}

function layersOf(source: Source): readonly string[] {
  const { value } = source
  const layers =
    typeof value === 'object' && value !== null && 'extends' in value ? value.extends : undefined
  if (!Array.isArray(layers)) return []
  return layers.filter((layer) => typeof layer === 'string' && !layer.startsWith('pack:'))
}
