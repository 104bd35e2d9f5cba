import type { Effect } from './effect.ts'
import { EffectFault } from './fault.ts'
import { placesOf, rewriteMembers } from './places.ts'

/** Cuts texts to so many characters; of a list, each member. */
export function truncateArgument(target: string, max: number): Effect {
  const places = placesOf([target])
  return (args) =>
    rewriteMembers(args, places, (value) => {
      if (value === null) return value
      if (typeof value !== 'string') throw new EffectFault('is not a text: give one')
      return cutTo(value, max)
    })
}

// Counted in code points, as `max_length` does.
function cutTo(text: string, max: number): string {
  if (text.length <= max) return text
  let units = 0
  let count = 0
  for (const character of text) {
    if (++count > max) return text.slice(0, units)
    units += character.length
  }
  return text
}
