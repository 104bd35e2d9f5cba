import { isList, isMap } from '../json-kind.ts'
import type { JsonObject } from '../model/json.ts'

/** Fields that name models, one or several; of objects in them the field `model`. */
const NAMING: ReadonlySet<string> = new Set(['model', 'models', 'fallbacks', 'allowed_models'])

/** What the caller or the model has written: a field of that name in it names nothing. */
const WRITTEN: ReadonlySet<string> = new Set([
  'messages',
  'input',
  'prompt',
  'instructions',
  'metadata',
  'response_format',
  'text',
  'parameters',
  'schema',
  'prediction',
  'documents',
  'excluded_models',
])

const DEEPEST = 6

/**
 * Every model that a request names, each once, in order: the one that is asked first. `undefined` among
 * them where a field that names models holds something else.
 */
export function modelsIn(body: JsonObject): readonly (string | undefined)[] {
  const found = new Set<string | undefined>()
  take(body['model'], found, 0)
  gather(body, found, 0)
  return [...found]
}

/** Without the model that is asked first. */
export function alternativesIn(body: JsonObject): readonly (string | undefined)[] {
  return modelsIn(body).filter((name) => name !== body['model'])
}

type Found = Set<string | undefined>

function gather(value: unknown, found: Found, depth: number): void {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return
  if (isList(value)) {
    for (const one of value) gather(one, found, depth + 1)
    return
  }
  for (const [name, member] of Object.entries(value)) {
    if (WRITTEN.has(name)) continue
    if (NAMING.has(name)) take(member, found, depth)
    else gather(member, found, depth + 1)
  }
}

function take(value: unknown, found: Found, depth: number): void {
  if (value === undefined || value === null) return
  if (typeof value === 'string') found.add(value)
  else if (isList(value) && depth <= DEEPEST) for (const one of value) take(one, found, depth + 1)
  else if (isMap(value)) {
    const named = value['model'] ?? value['id']
    found.add(typeof named === 'string' ? named : undefined)
  } else found.add(undefined)
}
