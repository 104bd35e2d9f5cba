import type { JsonValue } from '../model/json.ts'
import { allowedOf, objectSchema, targetOf } from './config.ts'
import { type ConstraintKind, INSIDE, type Judgement, OUTSIDE, UNSURE } from './constraint.ts'
import { judgeValues } from './values.ts'

/** Values of a closed list. */
export const oneOf: ConstraintKind = {
  kind: 'one_of',
  summary: 'The argument is one of the listed values; of a list, every member is.',
  aliases: [],
  listItems: undefined,
  schema: objectSchema(
    {
      allow: {
        description: 'Texts, numbers, booleans or null. `1` and `"1"` are different values.',
        type: 'array',
        minItems: 1,
        items: { type: ['string', 'number', 'boolean', 'null'] },
      },
    },
    ['allow', 'field'],
  ),
  check() {
    // The schema says it all.
  },
  compile(config) {
    const target = targetOf(config, [])
    const allowed = new Set(allowedOf(config))
    const judgeOne = (value: JsonValue) => judgeMember(value, allowed)
    return {
      kind: 'one_of',
      judge: (input) =>
        judgeValues(target.find(input.arguments), target.mode, judgeOne, target.wanted),
    }
  },
}

// A Set compares as JSON does: by type and value, 0 and -0 alike.
function judgeMember(value: JsonValue, allowed: ReadonlySet<JsonValue>): Judgement {
  if (typeof value === 'object' && value !== null)
    return { standing: UNSURE, detail: 'is an object' }
  return allowed.has(value)
    ? { standing: INSIDE, detail: 'is one of the listed values' }
    : { standing: OUTSIDE, detail: 'is none of the listed values' }
}
