import type { JsonValue } from '../../../model/json.ts'

/** What a server says of a tool, as `tools/list` of MCP has it. */
export interface ToolDefinition {
  readonly title?: JsonValue
  readonly description?: JsonValue
  readonly inputSchema?: JsonValue
  readonly outputSchema?: JsonValue
  readonly annotations?: JsonValue
}

export const DEFINITION_PARTS = [
  'title',
  'description',
  'inputSchema',
  'outputSchema',
  'annotations',
] as const
export type DefinitionPart = (typeof DEFINITION_PARTS)[number]

/**
 * Parts of a definition that differ. The order of keys and the blanks of texts say nothing.
 * @see https://modelcontextprotocol.io/specification/2025-06-18/server/tools
 */
export function definitionDrift(
  before: ToolDefinition,
  after: ToolDefinition,
): readonly DefinitionPart[] {
  return DEFINITION_PARTS.filter((part) => !isSame(before[part], after[part], MOST_LEVELS))
}

/** Schemas nest less deep; what does is taken to differ. */
const MOST_LEVELS = 64

function isSame(one: JsonValue | undefined, other: JsonValue | undefined, levels: number): boolean {
  if (one === other) return true
  if (levels === 0 || one === undefined || other === undefined) return false
  if (typeof one === 'string' && typeof other === 'string')
    return singleBlanks(one) === singleBlanks(other)
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return false
  const [fields, others] = [Object.entries(one), new Map(Object.entries(other))]
  if (Array.isArray(one) !== Array.isArray(other) || fields.length !== others.size) return false
  return fields.every(
    ([key, value]) => others.has(key) && isSame(value, others.get(key), levels - 1),
  )
}

/** The text as definitions are compared by it. What is not seen at all is no blank. */
export function singleBlanks(text: string): string {
  return text.replace(/[^\S\ufeff]+/g, ' ').replace(/^ | $/g, '')
}
