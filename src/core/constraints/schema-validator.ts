import type { Ajv } from 'ajv'
import type { Ajv2020 } from 'ajv/dist/2020.js'
import type { JsonObject, JsonValue } from '../model/json.ts'
import { requireLater } from '../require-later.ts'
import { linearRegex, regexFault } from './linear-regex.ts'

/** Where and by which keyword a value fails a schema; undefined: it holds. Never the value itself. */
export interface SchemaFailure {
  readonly place: string
  readonly keyword: string
}

/** What a schema is worth: a validator, or why there is none. */
export type SchemaReading =
  | { readonly kind: 'validator'; validate(value: JsonValue): SchemaFailure | undefined }
  | { readonly kind: 'fault'; readonly isUnsafe: boolean; readonly message: string }
  | { readonly kind: 'no_code' }

const OPTIONS = {
  // Unknown keywords and formats are faults, not decoration: a rule that is not applied is none.
  strictSchema: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  logger: false,
  validateSchema: true,
} as const

class UnsafePattern extends Error {}

/**
 * Compiles a JSON Schema of draft 2020-12, or draft-07 where `$schema` says so. References lead only
 * into the schema itself; `pattern` is matched in linear time. Loads Ajv, which makes code: where
 * the host forbids that (`--disallow-code-generation-from-strings`), there is no validator.
 */
export function readSchema(schema: JsonObject): SchemaReading {
  const { $schema: draft, ...rest } = schema
  try {
    const validate = validatorOf(draft).compile(rest)
    return {
      kind: 'validator',
      validate(value) {
        if (validate(value) === true) return undefined
        const error = validate.errors?.[0]
        return { place: error?.instancePath ?? '', keyword: error?.keyword ?? 'schema' }
      },
    }
  } catch (error) {
    if (error instanceof EvalError) return { kind: 'no_code' }
    const message = error instanceof Error ? error.message : 'the schema was refused'
    return { kind: 'fault', isUnsafe: error instanceof UnsafePattern, message }
  }
}

function validatorOf(draft: JsonValue | undefined): Ajv | Ajv2020 {
  const options = { ...OPTIONS, code: { regExp: linearPattern } }
  if (
    draft === undefined ||
    /^https:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/.test(String(draft))
  ) {
    const later = requireLater('ajv/dist/2020.js') as { Ajv2020: typeof Ajv2020 } // its own types
    return new later.Ajv2020(options)
  }
  if (/^https?:\/\/json-schema\.org\/draft-07\/schema#?$/.test(String(draft))) {
    const later = requireLater('ajv') as { Ajv: typeof Ajv } // its own types
    return new later.Ajv(options)
  }
  throw new TypeError(`\`$schema\` is draft 2020-12 or draft-07, not \`${String(draft)}\``)
}

// What Ajv calls instead of `new RegExp`; `code` would only serve standalone modules.
// INVARIANT: the text of a regex is its own, for Ajv keeps them by it: with the text of any object,
// one pattern of a schema would stand in for all.
function linearPattern(pattern: string): { test(text: string): boolean; toString(): string } {
  const fault = regexFault(pattern, '')
  if (fault !== undefined) throw new UnsafePattern(`the pattern \`${pattern}\`: ${fault.message}`)
  const regex = linearRegex(pattern, '')
  return {
    toString: () => pattern,
    test(text) {
      if (text.length > regex.longest) throw new RangeError('the text is too long for the pattern')
      return regex.test(text)
    },
  }
}
linearPattern.code = 'new RegExp'
