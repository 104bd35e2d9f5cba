import type { JsonValue } from '../../model/json.ts'
import { allowedOf, objectSchema, targetOf } from '../config.ts'
import { type ConstraintKind, INSIDE, type Judgement, OUTSIDE, UNSURE } from '../constraint.ts'
import { type Budget, spend, TOO_MUCH } from '../support/budget.ts'
import { isCoercible } from '../support/coercion.ts'
import { valueConstraint } from '../support/per-value.ts'

const COERCION_STEPS = 10

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
    return valueConstraint('one_of', target, (value, budget) => judgeMember(value, allowed, budget))
  },
}

// A Set compares as JSON does: by type and value, 0 and -0 alike.
function judgeMember(value: JsonValue, allowed: ReadonlySet<JsonValue>, budget: Budget): Judgement {
  if (typeof value === 'object' && value !== null)
    return { standing: UNSURE, detail: 'is an object' }
  if (allowed.has(value)) return { standing: INSIDE, detail: 'is one of the listed values' }
  if (!spend(budget, COERCION_STEPS * allowed.size)) return TOO_MUCH
  for (const member of allowed)
    if (isCoercible(value, member))
      return { standing: UNSURE, detail: 'may be read as a listed value, by another type' }
  return { standing: OUTSIDE, detail: 'is none of the listed values' }
}
