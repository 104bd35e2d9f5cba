import type { JsonValue } from '../../model/json.ts'
import { objectSchema, option, targetOf } from '../config.ts'
import { type ConstraintKind, INSIDE, type Judgement, OUTSIDE } from '../constraint.ts'
import { type Budget, newBudget, spend } from '../support/budget.ts'
import { checkCount, countOption, countSchema } from '../support/count-option.ts'
import { wholeValueConstraint } from '../support/per-value.ts'

/** Values up to a size. */
export const maxBytes: ConstraintKind = {
  kind: 'max_bytes',
  summary:
    'The argument, or without `field` all arguments together as JSON, has at most so many bytes of UTF-8.',
  aliases: [],
  listItems: undefined,
  schema: objectSchema(countSchema('bytes'), ['max']),
  check: checkCount,
  compile(config) {
    const target = targetOf(config, [])
    const max = countOption(config)
    if (option(config, 'field') === undefined)
      return {
        kind: 'max_bytes',
        judge: (input) => {
          const { standing, detail } = judgeSize(input.arguments, max, newBudget())
          return { standing, detail: `the arguments ${detail.replace('has', 'have')}` }
        },
      }
    return wholeValueConstraint('max_bytes', target, (value, budget) =>
      judgeSize(value, max, budget),
    )
  },
}

// Text is measured as it is, all else as JSON. The canonical form (RFC 8785) only reorders keys, so
// JSON.stringify has its length.
function judgeSize(value: JsonValue, max: number, budget: Budget): Judgement {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  // What is nested in itself under one name is written once for each level.
  spend(budget, text.length)
  // A unit has at least one byte and at most three.
  const isWithin =
    text.length <= max && (text.length * 3 <= max || Buffer.byteLength(text, 'utf8') <= max)
  return isWithin
    ? { standing: INSIDE, detail: `has at most ${max} bytes` }
    : { standing: OUTSIDE, detail: `has more than ${max} bytes` }
}
