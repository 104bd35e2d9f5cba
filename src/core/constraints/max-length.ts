import type { JsonValue } from '../model/json.ts'
import { numberOption, objectSchema, targetOf } from './config.ts'
import { type ConstraintKind, INSIDE, type Judgement, OUTSIDE, UNSURE } from './constraint.ts'
import { judgeValues } from './values.ts'

/** Texts up to a length. */
export const maxLength: ConstraintKind = {
  kind: 'max_length',
  summary: 'The argument is a text of at most so many characters (Unicode code points).',
  aliases: [],
  listItems: undefined,
  schema: objectSchema(
    { max: { type: 'number', description: 'Most characters: a whole number, 0 or more.' } },
    ['field', 'max'],
  ),
  check(config, report) {
    const max = numberOption(config, 'max')
    if (!isCount(max)) report('bad_number', ['max'], '`max` is a whole number, 0 or more')
  },
  compile(config) {
    const target = targetOf(config, [])
    const max = numberOption(config, 'max') ?? 0
    const judgeOne = (value: JsonValue) => judgeLength(value, max)
    return {
      kind: 'max_length',
      judge: (input) =>
        judgeValues(target.find(input.arguments), target.mode, judgeOne, target.wanted),
    }
  },
}

/** True for a whole number, 0 or more, that is exact. */
export function isCount(value: number | undefined): boolean {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0
}

function judgeLength(value: JsonValue, max: number): Judgement {
  if (typeof value !== 'string') return { standing: UNSURE, detail: 'is not a text' }
  return isWithin(value, max)
    ? { standing: INSIDE, detail: `has at most ${max} characters` }
    : { standing: OUTSIDE, detail: `has more than ${max} characters` }
}

// A code point has one or two units: most texts are decided without a count.
function isWithin(text: string, max: number): boolean {
  if (text.length <= max) return true
  if (text.length > 2 * max) return false
  let count = 0
  for (const _ of text) count++
  return count <= max
}
