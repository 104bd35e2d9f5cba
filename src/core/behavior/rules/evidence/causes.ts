import type { Destination, RequestEvent } from '../../rule.ts'
import { keyedTexts, withLength } from './keyed-texts.ts'

/**
 * What tells a finding from its repeats. What a person has approved is not asked again under the same
 * cause: so it names what is done, with what, and where to.
 */

/** A tool and where its request goes. */
export function placeCause(event: RequestEvent, destinations: readonly Destination[]): string {
  return `${event.call.resource.name}>${keyedTexts(destinations.map(({ text }) => text))}`
}

/** A tool and all that it is given. */
export function actCause(event: RequestEvent): string {
  const fields = event.arguments.map(({ key, text }) => withLength(key) + text)
  return `${event.call.resource.name}>${keyedTexts(fields)}`
}
