import type { GateOutcome, RuleOutcome } from '../../core/model/audit-record.ts'
import { REASONS } from '../../core/model/decision.ts'
import type { JsonObject } from '../../core/model/json.ts'

/** One field of a record: what it may hold, as a schema and in words. */
export interface RecordField {
  /** JSON Schema of its value. */
  readonly schema: JsonObject
  /** The same in words, for the reference. Markdown. */
  readonly type: string
  /** What it says. Markdown. */
  readonly means: string
  /** When this version writes it; null elsewhere. Markdown. */
  readonly written: string
}

/** What a field may hold; `as` makes a field of it. */
export interface FieldType {
  readonly schema: JsonObject
  readonly type: string
  as(means: string, written?: string): RecordField
}

function fieldType(schema: JsonObject, type: string): FieldType {
  return {
    schema,
    type,
    as: (means, written = 'always') => ({
      schema: { description: withoutMarks(means), ...schema },
      type,
      means,
      written,
    }),
  }
}

/** Links as their text, and no backticks: programs show descriptions as they are. */
function withoutMarks(text: string): string {
  return text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '')
}

/** Longest name, id and free text that the engine records, in characters. */
const ID = 256
const NAME = 2_048

/** A text in place of a value that was too large to keep: its length and its hash. */
const CUT: JsonObject = { type: 'string', pattern: '^\\[cut: ' }
const HASH = '^sha256:[0-9a-f]{64}$'

const orNull = (type: string, rest: JsonObject = {}): JsonObject => ({
  type: [type, 'null'],
  ...rest,
})
const listed = (values: readonly string[]): string =>
  values.map((value) => `\`${value}\``).join(', ')

export const id: FieldType = fieldType(
  { type: 'string', minLength: 1, maxLength: ID },
  `text of 1 to ${ID} characters`,
)
export const shortText: FieldType = fieldType(
  orNull('string', { maxLength: ID }),
  `text, at most ${ID} characters`,
)
export const longText: FieldType = fieldType(
  orNull('string', { maxLength: NAME }),
  `text, at most ${NAME.toLocaleString('en-US')} characters`,
)
export const hash: FieldType = fieldType(
  orNull('string', { pattern: HASH }),
  '`sha256:` and 64 hexadecimal digits',
)
/** Arguments that cannot be read have no hash, a policy chosen by subject has none without one. */
export const hashIfAny: FieldType = fieldType(
  { anyOf: [hash.schema, { const: 'unavailable' }] },
  `${hash.type}, or \`unavailable\``,
)
export const traceparent: FieldType = fieldType(
  orNull('string', { pattern: '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}' }),
  'text of W3C trace context',
)
export const time: FieldType = fieldType(
  { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' },
  'time, RFC 3339 in UTC with milliseconds',
)
export const count: FieldType = fieldType({ type: 'integer', minimum: 1 }, 'whole number from 1')
export const amount: FieldType = fieldType(orNull('number', { minimum: 0 }), 'number from 0')
export const flag: FieldType = fieldType(orNull('boolean'), '`true`, `false`')
export const anyJson: FieldType = fieldType({}, 'any JSON')
export const names: FieldType = fieldType(
  { type: 'array', items: { type: 'string', maxLength: NAME } },
  'list of texts',
)

/** `schema` of the record itself. */
export const version: FieldType = fieldType({ const: 1 }, '`1`')

export function oneOf(values: readonly string[]): FieldType {
  return fieldType({ enum: [...values] }, listed(values))
}

export function oneOfOrNull(values: readonly string[]): FieldType {
  return fieldType({ enum: [...values, null] }, listed(values))
}

export const reason: FieldType = fieldType(
  { enum: [...REASONS, null] },
  'a [reason](reason-codes.md)',
)

const RULE_MEMBERS: JsonObject = {
  role: { type: 'string', maxLength: NAME },
  name: orNull('string', { maxLength: NAME }),
  index: { type: 'integer', minimum: 0 },
}
const RULE: JsonObject = {
  type: 'object',
  required: ['role', 'name', 'index'],
  properties: RULE_MEMBERS,
}
export const rule: FieldType = fieldType(
  { anyOf: [RULE, CUT, { type: 'null' }] },
  '`{ role, name, index }`',
)
const RULE_OUTCOMES = {
  granted: 1,
  denied: 1,
  asked: 1,
  rewrote: 1,
  failed: 1,
  out_of_scope: 1,
  wrong_verb: 1,
  condition_unmet: 1,
  not_listed: 1,
  no_grant: 1,
  not_reached: 1,
} satisfies Record<RuleOutcome, 1>
const GATE_OUTCOMES = {
  passed: 1,
  denied: 1,
  asked: 1,
  rewrote: 1,
  failed: 1,
  disabled: 1,
  not_reached: 1,
} satisfies Record<GateOutcome, 1>
const EVALUATED: JsonObject = {
  type: 'object',
  anyOf: [
    {
      required: ['role', 'name', 'index', 'outcome'],
      properties: {
        ...RULE_MEMBERS,
        outcome: { enum: Object.keys(RULE_OUTCOMES) },
        constraint: { type: 'string' },
      },
    },
    {
      required: ['gate', 'outcome'],
      properties: {
        gate: { type: 'string', maxLength: ID },
        outcome: { enum: Object.keys(GATE_OUTCOMES) },
      },
    },
    { required: ['left_out'], properties: { left_out: count.schema } },
  ],
}
export const evaluated: FieldType = fieldType(
  { type: 'array', items: EVALUATED, maxItems: 32 },
  'list of `{ gate, outcome }`, `{ role, name, index, outcome, constraint }` and `{ left_out }`',
)
const score = { type: 'number', minimum: 0 } as const
export const findings: FieldType = fieldType(
  {
    type: 'array',
    items: {
      type: 'object',
      required: ['rule', 'severity', 'confidence', 'message', 'trigger', 'sources', 'action'],
      properties: {
        rule: { type: 'string' },
        severity: { enum: ['low', 'medium', 'high', 'critical'] },
        confidence: { ...score, maximum: 1 },
        message: { type: 'string' },
        trigger: { type: 'integer' },
        sources: { type: 'array', items: { type: 'integer' } },
        action: { enum: ['warn', 'ask', 'pause', 'terminate'] },
        score,
      },
    },
  },
  'list of `{ rule, severity, confidence, message, trigger, sources, action, score }`',
)
export const obligations: FieldType = fieldType(
  {
    type: 'array',
    items: {
      anyOf: [
        { type: 'object', required: ['kind'], properties: { kind: { type: 'string' } } },
        CUT,
      ],
    },
  },
  'list of `{ kind, … }`',
)
export const patch: FieldType = fieldType(
  {
    anyOf: [
      {
        type: 'array',
        items: {
          type: 'object',
          required: ['op', 'path'],
          properties: { op: { enum: ['add', 'replace', 'remove'] }, path: { type: 'string' } },
        },
      },
      // Too long to keep.
      {
        type: 'object',
        required: ['truncated'],
        properties: { truncated: { const: true }, characters: { type: 'integer', minimum: 0 } },
      },
      CUT,
      { type: 'null' },
    ],
  },
  'list of `{ op, path, value }` (RFC 6902)',
)
