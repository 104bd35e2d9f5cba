import type { JsonValue } from '../../model/json.ts'
import { objectSchema, option, targetOf } from '../config.ts'
import { type ConstraintKind, INSIDE, type Judgement, OUTSIDE, UNSURE } from '../constraint.ts'
import { isCoercible } from '../support/coercion.ts'
import { isEqualJson } from '../support/equality.ts'
import { valueConstraint, wholeValueConstraint } from '../support/per-value.ts'

/** One value, of any shape. */
export const equals: ConstraintKind = {
  kind: 'equals',
  summary: 'The argument is exactly this value, whatever the order of keys.',
  aliases: [],
  listItems: undefined,
  schema: objectSchema(
    {
      value: {
        description:
          'Any JSON value. Where it is no list, each member of a list in the argument must equal it.',
      },
    },
    ['field', 'value'],
  ),
  check() {
    // The schema says it all.
  },
  compile(config) {
    const target = targetOf(config, [])
    const wanted = option(config, 'value') ?? null
    const constraint = Array.isArray(wanted) ? wholeValueConstraint : valueConstraint
    return constraint('equals', target, (value) => judgeValue(value, wanted))
  },
}

function judgeValue(value: JsonValue, wanted: JsonValue): Judgement {
  if (isEqualJson(value, wanted)) return { standing: INSIDE, detail: 'is the required value' }
  return isEqualJson(value, wanted, isCoercible)
    ? { standing: UNSURE, detail: 'may be read as the required value, by another type' }
    : { standing: OUTSIDE, detail: 'is not the required value' }
}
