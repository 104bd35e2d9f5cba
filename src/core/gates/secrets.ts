import type { ScanMatch } from '../detection/match.ts'
import { scan } from '../detection/scan.ts'
import { textsIn } from '../json-kind.ts'
import type { Call, ResourceEntry } from '../model/call.ts'
import type { Verdict } from '../model/decision.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import { coversResource, parseSelector, type Selector } from '../policy/selectors.ts'
import { textOfArguments } from './text-of-arguments.ts'

/** What the policy says of secrets in arguments. */
export interface SecretSettings {
  readonly enabled: boolean
  /** From 0 to 1. */
  readonly minConfidence: number
  readonly allow: readonly SecretException[]
}

/** Where secrets are sent on purpose. Empty lists: of any kind, in any argument. */
interface SecretException {
  readonly resources: readonly Selector[]
  readonly kinds: readonly string[]
  readonly fields: readonly string[]
}

const MIN_CONFIDENCE = 0.7

export function secretSettings(section: JsonObject | undefined): SecretSettings {
  const confidence = section?.['min_confidence']
  return Object.freeze({
    enabled: section?.['enabled'] !== false,
    minConfidence: typeof confidence === 'number' ? confidence : MIN_CONFIDENCE,
    allow: exceptionsOf(section?.['allow']),
  })
}

function exceptionsOf(value: JsonValue | undefined): readonly SecretException[] {
  if (!Array.isArray(value)) return []
  return value.map((exception: JsonObject) => ({
    resources: textsIn(exception['resources']).map(parseSelector),
    kinds: textsIn(exception['kinds']),
    fields: textsIn(exception['fields']),
  }))
}

/** A call whose arguments carry a secret does not go out, whoever makes it. */
export function checkSecrets(settings: SecretSettings, call: Call): Verdict {
  if (!settings.enabled || call.verb === 'discover') return PASS
  const read = textOfArguments(call.arguments)
  const found = scan(read.text, SECRETS)
  if (found.length === 0) return PASS
  const exceptions = settings.allow.filter(({ resources }) =>
    resources.some((selector) => coversResource(selector, call.resource)),
  )
  for (const match of found) {
    if (match.confidence < settings.minConfidence) continue
    const place = read.placeOf(match.end - 1)
    if (!exceptions.some((one) => excepts(one, match, place)))
      return denial(match, place.pointer, call.resource)
  }
  return PASS
}

const PASS: Verdict = Object.freeze({ kind: 'pass' })
const SECRETS = { classes: ['secret'] } as const

function excepts(
  { kinds, fields }: SecretException,
  { kind }: ScanMatch,
  { name, pointer }: { readonly name: string; readonly pointer: string },
): boolean {
  return (
    (kinds.length === 0 || kinds.includes(kind)) &&
    (fields.length === 0 || fields.includes(name) || fields.includes(pointer))
  )
}

/** Names the kind and the place, never the value; a name that is long may be the secret itself. */
function denial({ kind }: ScanMatch, pointer: string, { name }: ResourceEntry): Verdict {
  // As the names in it are written, too: the escapes of a pointer may hide what a name is.
  const named = pointer.replaceAll('~1', '/').replaceAll('~0', '~')
  const isPlain = [pointer, named].every((text) => scan(text, SECRETS).length === 0)
  const place = isPlain && pointer.length <= 120 ? pointer : 'an argument'
  return {
    kind: 'deny',
    reason: 'secret_detected',
    detail: `\`${place}\` holds a secret (${kind}); leave it out, or let the policy send it on purpose: \`secrets.allow\` for \`${name}\``,
  }
}
