import { newBudget } from '../../core/constraints/support/budget.ts'
import { LONGEST_SCHEMA, readSchema } from '../../core/constraints/support/schema-validator.ts'
import type { JsonObject, JsonValue } from '../../core/model/json.ts'
import { isObject } from '../host.ts'
import type { Judged } from '../methods/judged.ts'

/**
 * A result that was cleaned still has to be what its tool has promised: clients refuse one that is
 * not. Where it no longer is, what is left of its text goes back as an error result.
 */
export function fitSchema(
  { incoming, target }: Judged,
  changed: Record<string, unknown>,
  original: unknown,
): object {
  if (target.kind !== 'tool' || !isObject(original)) return changed
  const { structuredContent: before } = original
  const { structuredContent: now, ...rest } = changed
  if (now === before) return changed
  const schema = incoming.guard.outputSchemas.get(target.name)
  if (isObject(schema) ? holds(schema, now) : isSameForm(now, before)) return changed
  return { ...rest, content: contentOf(rest), isError: true }
}

const LEFT_OUT =
  'The structured result is left out: without what policy takes out of it, it is not what the tool promises.'

function contentOf({ content }: { content?: unknown }): readonly unknown[] {
  return Array.isArray(content) && content.length > 0 ? content : [{ type: 'text', text: LEFT_OUT }]
}

/** False too where the schema cannot be read here: a client may read it. */
function holds(schema: object, value: unknown): boolean {
  try {
    if (JSON.stringify(schema).length > LONGEST_SCHEMA) return false
    const reading = readSchema(schema as JsonObject) // written out as JSON just now
    return (
      reading.kind === 'validator' &&
      value !== undefined &&
      reading.validate(value as JsonValue, newBudget()) === undefined
    )
  } catch {
    return false
  }
}

/** Only texts were changed, each into another text. */
function isSameForm(now: unknown, before: unknown): boolean {
  if (typeof now !== 'object' || now === null || typeof before !== 'object' || before === null)
    return Object.is(now, before) || (typeof now === 'string' && typeof before === 'string')
  const keys = Object.keys(now)
  if (keys.length !== Object.keys(before).length || Array.isArray(now) !== Array.isArray(before))
    return false
  return keys.every(
    (key) =>
      Object.hasOwn(before, key) &&
      isSameForm((now as Record<string, unknown>)[key], (before as Record<string, unknown>)[key]),
  )
}
