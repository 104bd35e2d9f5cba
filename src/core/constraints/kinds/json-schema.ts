import type { JsonObject, JsonValue } from '../../model/json.ts'
import { objectSchema, option, targetOf } from '../config.ts'
import {
  type ConstraintConfig,
  type ConstraintKind,
  INSIDE,
  type Judgement,
  OUTSIDE,
  UNSURE,
} from '../constraint.ts'
import { type Budget, newBudget } from '../support/budget.ts'
import { wholeValueConstraint } from '../support/per-value.ts'
import { LONGEST_SCHEMA, readSchema, type SchemaReading } from '../support/schema-validator.ts'
import { shownPath } from '../values.ts'

/** Values by a JSON Schema. */
export const jsonSchema: ConstraintKind = {
  kind: 'json_schema',
  summary: 'The argument, or without `field` all arguments together, is valid by a JSON Schema.',
  aliases: [],
  listItems: undefined,
  schema: objectSchema(
    {
      schema: {
        description:
          'A JSON Schema of draft 2020-12 (draft-07 where its `$schema` says so), without outside references or unknown keywords.',
        type: 'object',
      },
    },
    ['schema'],
  ),
  check(config, report) {
    const schema = schemaOf(config)
    if (JSON.stringify(schema).length > LONGEST_SCHEMA) {
      report('too_large', ['schema'], 'the schema is longer than 65,536 characters')
      return
    }
    const reading = readSchema(schema)
    if (reading.kind === 'fault')
      report(reading.isUnsafe ? 'unsafe_regex' : 'wrong_type', ['schema'], reading.message)
  },
  compile(config) {
    const target = targetOf(config, [])
    const reading = readSchema(schemaOf(config))
    if (option(config, 'field') !== undefined)
      return wholeValueConstraint('json_schema', target, (value, budget) =>
        judgeBySchema(value, reading, budget),
      )
    return {
      kind: 'json_schema',
      judge: (input) => {
        const { standing, detail } = judgeBySchema(input.arguments, reading, newBudget())
        return { standing, detail: `the call ${detail}` }
      },
    }
  },
}

function schemaOf(config: ConstraintConfig): JsonObject {
  const schema = option(config, 'schema')
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema)
    ? (schema as JsonObject) // a readonly array is not narrowed away by Array.isArray
    : {}
}

function judgeBySchema(value: JsonValue, reading: SchemaReading, budget: Budget): Judgement {
  if (reading.kind !== 'validator')
    return { standing: UNSURE, detail: 'cannot be validated: no code can be made for the schema' }
  try {
    const failure = reading.validate(value, budget)
    if (failure === undefined) return { standing: INSIDE, detail: 'is valid by the schema' }
    const place = failure.place === '' ? '' : ` at \`${shownPath(failure.place)}\``
    return { standing: OUTSIDE, detail: `fails \`${failure.keyword}\` of the schema${place}` }
  } catch {
    // RangeError: the budget is spent, or a recursion too deep. Told apart it helps nobody.
    return { standing: UNSURE, detail: 'is too large to be validated' }
  }
}
