import type { JsonValue } from '../model/json.ts'
import { objectSchema, option, targetOf } from './config.ts'
import { type ConstraintKind, INSIDE, OUTSIDE } from './constraint.ts'
import { isEqualJson } from './equality.ts'
import { judgeValues } from './values.ts'

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
    const find = Array.isArray(wanted) ? target.findWhole : target.find
    const judgeOne = (value: JsonValue) =>
      isEqualJson(value, wanted)
        ? { standing: INSIDE, detail: 'is the required value' }
        : { standing: OUTSIDE, detail: 'is not the required value' }
    return {
      kind: 'equals',
      judge: (input) => judgeValues(find(input.arguments), target.mode, judgeOne, target.wanted),
    }
  },
}
