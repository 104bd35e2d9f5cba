import type { _, Ajv } from 'ajv'
import type { Ajv2020 } from 'ajv/dist/2020.js'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import { requireLater } from '../../require-later.ts'
import { createTextCache } from '../sql/cache.ts'
import type { Budget } from './budget.ts'
import { linearRegex, regexFault } from './linear-regex.ts'
import { addMeteredKeywords, meteredSchema, type SchemaMeter, spendSteps } from './schema-meter.ts'

/** Where and by which keyword a value fails a schema; undefined: it holds. Never the value itself. */
export interface SchemaFailure {
  readonly place: string
  readonly keyword: string
  /** What the keyword asks for, in the schema's own words; undefined where those would be the value's. */
  readonly asked?: string
}

/** What a schema is worth: a validator, or why there is none. */
export type SchemaReading =
  | { readonly kind: 'validator'; readonly validate: Validate }
  | { readonly kind: 'fault'; readonly isUnsafe: boolean; readonly message: string }
  | { readonly kind: 'no_code' }

/** Throws a `RangeError` where the value is more than the budget suffices for. */
export type Validate = (value: JsonValue, budget: Budget) => SchemaFailure | undefined

const OPTIONS = {
  // Unknown keywords and formats are faults, not decoration: a rule that is not applied is none.
  strictSchema: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  logger: false,
  validateSchema: true,
  // What every object inherits, such as `toString`, is no member of it.
  ownProperties: true,
  // The code of a part is not repeated for each reference to it.
  inlineRefs: false,
  messages: false,
} as const

/** Longest text of a schema, in characters. */
export const LONGEST_SCHEMA = 65_536
const MOST_KEPT = 256
// A compiler keeps something of all it has compiled, so it is replaced at times.
const MOST_COMPILED = 256

class UnsafePattern extends Error {}

// Memos: what they hold changes no answer. Rules of a policy often share a schema, each is read when
// the policy is checked and when it is compiled, and a new compiler costs 10 ms.
const readings = createTextCache<SchemaReading>(MOST_KEPT, LONGEST_SCHEMA)
const compilers = new Map<Draft, Compiler>()

/**
 * Compiles a JSON Schema of draft 2020-12, or draft-07 where `$schema` says so. References lead only
 * into the schema itself; `pattern` is matched in linear time. Loads Ajv, which makes code: where
 * the host forbids that (`--disallow-code-generation-from-strings`), there is no validator.
 */
export function readSchema(schema: JsonObject): SchemaReading {
  if (!canMakeCode()) return { kind: 'no_code' }
  const text = JSON.stringify(schema)
  const known = readings.get(text)
  if (known !== undefined) return known
  const reading = compiledReading(schema, text)
  readings.set(text, reading)
  return reading
}

function canMakeCode(): boolean {
  try {
    new Function('')
    return true
  } catch {
    return false // EvalError
  }
}

function compiledReading({ $schema, ...schema }: JsonObject, text: string): SchemaReading {
  try {
    const draft = draftOf($schema)
    // Ajv keeps the names that `$id` gives to parts, where another schema would find them.
    const compiler = text.includes('"$id"') ? createCompiler(draft) : sharedCompiler(draft)
    return { kind: 'validator', validate: compiler.compile(meteredSchema(schema)) }
  } catch (error) {
    const message = error instanceof Error ? error.message : 'the schema was refused'
    return { kind: 'fault', isUnsafe: error instanceof UnsafePattern, message }
  }
}

type Draft = '2020-12' | 'draft-07'

function draftOf(name: JsonValue | undefined): Draft {
  const text = String(name)
  if (name === undefined || /^https:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/.test(text))
    return '2020-12'
  if (/^https?:\/\/json-schema\.org\/draft-07\/schema#?$/.test(text)) return 'draft-07'
  throw new TypeError(`\`$schema\` is draft 2020-12 or draft-07, not \`${text}\``)
}

interface Compiler {
  readonly compiled: () => number
  readonly compile: (schema: JsonObject) => Validate
}

function sharedCompiler(draft: Draft): Compiler {
  const known = compilers.get(draft)
  if (known !== undefined && known.compiled() < MOST_COMPILED) return known
  const made = createCompiler(draft)
  compilers.set(draft, made)
  return made
}

function createCompiler(draft: Draft): Compiler {
  const meter: SchemaMeter = { budget: undefined }
  const ajv = createAjv(draft, meter)
  let compiled = 0
  return {
    compiled: () => compiled,
    compile(schema) {
      compiled++
      const validate = ajv.compile(schema)
      ajv.removeSchema(schema)
      return (value, budget) => {
        meter.budget = budget
        try {
          if (validate(value) === true) return undefined
        } finally {
          meter.budget = undefined
        }
        const error = validate.errors?.[0]
        const failure = { place: error?.instancePath ?? '', keyword: error?.keyword ?? 'schema' }
        const asked = askedOf(error?.params ?? {})
        return asked === undefined ? failure : { ...failure, asked }
      }
    },
  }
}

const ASKED = [
  'missingProperty',
  'type',
  'allowedValues',
  'limit',
  'pattern',
  'multipleOf',
] as const

function askedOf(params: Readonly<Record<string, unknown>>): string | undefined {
  const asked = ASKED.map((name) => params[name]).find((one) => one !== undefined)
  return asked === undefined ? undefined : [asked].flat().map(String).join(', ')
}

function createAjv(draft: Draft, meter: SchemaMeter): Ajv | Ajv2020 {
  const options = { ...OPTIONS, code: { regExp: linearPatterns(meter) } }
  const later = requireLater('ajv') as { Ajv: typeof Ajv; _: typeof _ } // its own types
  const later2020 = (): { Ajv2020: typeof Ajv2020 } => requireLater('ajv/dist/2020.js') as never // its own types
  const ajv = draft === 'draft-07' ? new later.Ajv(options) : new (later2020().Ajv2020)(options)
  addMeteredKeywords(ajv, later._, draft === 'draft-07' ? '$ref' : '$dynamicAnchor', meter)
  return ajv
}

// What Ajv calls instead of `new RegExp`; `code` would only serve standalone modules.
// INVARIANT: the text of a regex is its own, for Ajv keeps them by it: with the text of any object,
// one pattern of a schema would stand in for all.
function linearPatterns(meter: SchemaMeter): LinearPatterns {
  const linearPattern: LinearPatterns = (pattern) => {
    const fault = regexFault(pattern, '')
    if (fault !== undefined) throw new UnsafePattern(`the pattern \`${pattern}\`: ${fault.message}`)
    const regex = linearRegex(pattern, '')
    return {
      toString: () => pattern,
      test(text) {
        spendSteps(meter, regex.size * text.length)
        if (text.length > regex.longest) throw new RangeError('the text is too long')
        return regex.test(text)
      },
    }
  }
  linearPattern.code = 'new RegExp'
  return linearPattern
}

interface LinearPatterns {
  (pattern: string): { test(text: string): boolean; toString(): string }
  code: string
}
