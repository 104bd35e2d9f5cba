import {
  DEFINITION_PARTS,
  type DefinitionPart,
  definitionDrift,
  singleBlanks,
  type ToolDefinition,
} from '../../core/behavior/rules/evidence/tool-definition.ts'
import { canonicalJson, sha256Hex } from '../../core/hash.ts'
import type { JsonObject, JsonValue } from '../../core/model/json.ts'
import { snapshot } from '../../core/snapshot.ts'

/** What a server says of one tool, as plain frozen data. */
export interface Definition {
  /** `sha256:<hex>` of the tool's name and all parts. The order of keys and the blanks of texts say nothing. */
  readonly hash: string
  readonly parts: ToolDefinition
  /** UTF-16 units of its canonical text. */
  readonly size: number
}

/** Longest definition, in UTF-16 units of its canonical text: 256 KiB of plain letters. */
export const MAX_DEFINITION = 256 * 1024
// Deeper ones could not be compared.
const LIMITS = { maxDepth: 64, maxNodes: 32_768, maxSize: MAX_DEFINITION }

/** The definition of a tool as a list has it, or why there is none that could be kept. */
export function readDefinition(
  name: string,
  tool: Readonly<Record<string, unknown>>,
): Definition | string {
  try {
    const copied = snapshot(partsOf(tool), LIMITS)
    const read = copied.ok ? definitionOf(name, copied.value) : undefined
    return read ?? UNREADABLE
  } catch {
    return UNREADABLE // a getter threw
  }
}

const UNREADABLE = 'too large or not readable'

/** The same of parts that are plain data already. Undefined where they are over a bound. */
export function definitionOf(name: string, given: JsonObject): Definition | undefined {
  try {
    const text = canonicalJson(partsOf(given) as JsonObject)
    if (text.length > MAX_DEFINITION) return undefined
    // In the order of their keys, so that a file of them changes only where they do.
    const parts = JSON.parse(text) as JsonObject & ToolDefinition
    return { hash: hashOf(name, parts), parts, size: text.length }
  } catch {
    return undefined // a lone surrogate, or nested too deep
  }
}

/** Hash of a definition as it is written now; undefined where it cannot be written. */
export function wireHash(tool: Readonly<Record<string, unknown>>): string | undefined {
  try {
    return sha256Hex(JSON.stringify(DEFINITION_PARTS.map((part) => tool[part])))
  } catch {
    return undefined
  }
}

function partsOf(tool: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const parts: Record<string, unknown> = {}
  for (const part of DEFINITION_PARTS) {
    const value = tool[part]
    // As the wire has it: what is undefined is not there.
    if (value !== undefined) parts[part] = value
  }
  return parts
}

function hashOf(name: string, parts: JsonObject): string {
  return `sha256:${sha256Hex(canonicalJson({ ...(evened(parts) as JsonObject), name }))}`
}

/** Without the blanks that say nothing. */
function evened(value: JsonValue): JsonValue {
  if (typeof value === 'string') return singleBlanks(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(evened)
  // `fromEntries` defines: a key `__proto__` stays one.
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, evened(one)]))
}

const WORDS: Readonly<Record<DefinitionPart, string>> = {
  title: 'title',
  description: 'description',
  inputSchema: 'input schema',
  outputSchema: 'output schema',
  annotations: 'annotations',
}

/** Which parts differ, in words: `description, input schema`. Undefined: none. */
export function changedParts(before: Definition, after: Definition): string | undefined {
  if (before.hash === after.hash) return undefined
  const parts = definitionDrift(before.parts, after.parts)
  return parts.length === 0 ? 'definition' : parts.map((part) => WORDS[part]).join(', ')
}
