import type { JsonValue } from '../model/json.ts'
import { numberOption, objectSchema, option, targetOf } from './config.ts'
import { type ConstraintKind, INSIDE, type Judgement, OUTSIDE } from './constraint.ts'
import { isCount } from './max-length.ts'
import { judgeValues } from './values.ts'

/** Values up to a size. */
export const maxBytes: ConstraintKind = {
  kind: 'max_bytes',
  summary:
    'The argument, or without `field` all arguments together as JSON, has at most so many bytes of UTF-8.',
  aliases: [],
  listItems: undefined,
  schema: objectSchema(
    { max: { type: 'number', description: 'Most bytes: a whole number, 0 or more.' } },
    ['max'],
  ),
  check(config, report) {
    const max = numberOption(config, 'max')
    if (!isCount(max)) report('bad_number', ['max'], '`max` is a whole number, 0 or more')
  },
  compile(config) {
    const target = targetOf(config, [])
    const max = numberOption(config, 'max') ?? 0
    const judgeOne = (value: JsonValue) => judgeSize(value, max)
    if (option(config, 'field') === undefined)
      return {
        kind: 'max_bytes',
        judge: (input) => {
          const { standing, detail } = judgeOne(input.arguments)
          return { standing, detail: `the arguments ${detail.replace('has', 'have')}` }
        },
      }
    return {
      kind: 'max_bytes',
      judge: (input) =>
        judgeValues(target.findWhole(input.arguments), target.mode, judgeOne, target.wanted),
    }
  },
}

// Text is measured as it is, all else as JSON. The canonical form (RFC 8785) only reorders keys, so
// JSON.stringify has its length.
function judgeSize(value: JsonValue, max: number): Judgement {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  // A unit has at least one byte and at most three.
  const isWithin =
    text.length <= max && (text.length * 3 <= max || Buffer.byteLength(text, 'utf8') <= max)
  return isWithin
    ? { standing: INSIDE, detail: `has at most ${max} bytes` }
    : { standing: OUTSIDE, detail: `has more than ${max} bytes` }
}
