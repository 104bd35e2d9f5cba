import { objectSchema, targetOf } from '../config.ts'
import { type ConstraintKind, INSIDE, type Judgement, OUTSIDE } from '../constraint.ts'
import { checkCount, countOption, countSchema } from '../support/count-option.ts'
import { textConstraint } from '../support/per-value.ts'

/** Texts up to a length. */
export const maxLength: ConstraintKind = {
  kind: 'max_length',
  summary: 'The argument is a text of at most so many characters (Unicode code points).',
  aliases: [],
  listItems: undefined,
  schema: objectSchema(countSchema('characters'), ['field', 'max']),
  check: checkCount,
  compile(config) {
    const target = targetOf(config, [])
    const max = countOption(config)
    return textConstraint('max_length', target, (text) => judgeLength(text, max))
  },
}

function judgeLength(text: string, max: number): Judgement {
  return isWithin(text, max)
    ? { standing: INSIDE, detail: `has at most ${max} characters` }
    : { standing: OUTSIDE, detail: `has more than ${max} characters` }
}

// A code point has one or two units: most texts are decided without a count.
function isWithin(text: string, max: number): boolean {
  if (text.length <= max) return true
  if (text.length > 2 * max) return false
  let count = text.length
  for (let at = 1; at < text.length && count > max; at++)
    if (isLow(text.charCodeAt(at)) && isHigh(text.charCodeAt(at - 1))) count--
  return count <= max
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff
