import type { JsonValue } from '../model/json.ts'
import type { Effect } from './effect.ts'
import { EffectFault } from './fault.ts'
import { placesOf, rewriteMembers } from './places.ts'

export interface Bounds {
  readonly min: number
  readonly max: number
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const LONGEST_NUMBER = 400

/** Keeps numbers within bounds; of a list, each member. A number written as a text stays a text. */
export function clampArgument(target: string, bounds: Bounds): Effect {
  const places = placesOf([target])
  return (args) => rewriteMembers(args, places, (value) => clamped(value, bounds))
}

function clamped(value: JsonValue, { min, max }: Bounds): JsonValue {
  if (typeof value === 'number' && Number.isFinite(value))
    return value < min ? min : value > max ? max : value
  if (typeof value !== 'string' || value.length > LONGEST_NUMBER || !DECIMAL.test(value))
    throw new EffectFault(`is not a number: give one ${rangeText(min, max)}`)
  // What is read as a bound may be beyond it by less than a number can hold.
  const number = Number(value)
  if (number <= min) return String(min)
  return number >= max ? String(max) : value
}

function rangeText(min: number, max: number): string {
  if (min === Number.NEGATIVE_INFINITY) return `up to ${max}`
  return max === Number.POSITIVE_INFINITY ? `from ${min} on` : `from ${min} to ${max}`
}
