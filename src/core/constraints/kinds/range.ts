import type { JsonValue } from '../../model/json.ts'
import { numberOption, objectSchema, option, targetOf } from '../config.ts'
import {
  type ConstraintConfig,
  type ConstraintKind,
  INSIDE,
  type Judgement,
  OUTSIDE,
  UNSURE,
} from '../constraint.ts'
import { valueConstraint } from '../support/per-value.ts'

interface Bounds {
  readonly min: number
  readonly max: number
  readonly exclusiveMin: boolean
  readonly exclusiveMax: boolean
}

const number = (description: string) => ({ type: 'number', description })
const flag = (description: string) => ({ type: 'boolean', description })

/** Numbers within bounds. */
export const range: ConstraintKind = {
  kind: 'range',
  summary: 'The argument is a number within bounds; of a list, every member is.',
  aliases: [],
  listItems: undefined,
  schema: {
    ...objectSchema(
      {
        min: number('Least value. Default: none.'),
        max: number('Greatest value. Default: none.'),
        exclusive_min: flag('Whether `min` itself is outside. Default: false.'),
        exclusive_max: flag('Whether `max` itself is outside. Default: false.'),
      },
      ['field'],
    ),
  },
  check(config, report) {
    const bounds = boundsOf(config)
    for (const key of ['min', 'max']) {
      const value = numberOption(config, key)
      if (value !== undefined && !Number.isFinite(value))
        report('bad_number', [key], `\`${key}\` is not a finite number`)
    }
    if (numberOption(config, 'min') === undefined && numberOption(config, 'max') === undefined)
      report('missing_field', [], 'a range needs `min`, `max` or both')
    if (isEmpty(bounds))
      report('bad_number', ['max'], 'no number is within the range', '`min` is the lesser one')
  },
  compile(config) {
    const target = targetOf(config, [])
    const bounds = boundsOf(config)
    return valueConstraint('range', target, (value) => judgeNumber(value, bounds))
  },
}

function boundsOf(config: ConstraintConfig): Bounds {
  return {
    min: numberOption(config, 'min') ?? Number.NEGATIVE_INFINITY,
    max: numberOption(config, 'max') ?? Number.POSITIVE_INFINITY,
    exclusiveMin: option(config, 'exclusive_min') === true,
    exclusiveMax: option(config, 'exclusive_max') === true,
  }
}

function isEmpty({ min, max, exclusiveMin, exclusiveMax }: Bounds): boolean {
  return min > max || (min === max && (exclusiveMin || exclusiveMax))
}

function judgeNumber(value: JsonValue, bounds: Bounds): Judgement {
  // A number in quotes is read as a number by some tools and not by others.
  if (typeof value !== 'number' || !Number.isFinite(value))
    return { standing: UNSURE, detail: 'is not a number' }
  if (bounds.exclusiveMin ? value <= bounds.min : value < bounds.min)
    return { standing: OUTSIDE, detail: `is below ${bounds.min}` }
  if (bounds.exclusiveMax ? value >= bounds.max : value > bounds.max)
    return { standing: OUTSIDE, detail: `is above ${bounds.max}` }
  return { standing: INSIDE, detail: 'is within the range' }
}
