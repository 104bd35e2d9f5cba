import type { Destination, RequestEvent } from '../../rule.ts'
import { fieldsHash, textHash } from './text-hash.ts'

/**
 * What tells a finding from its repeats. What a person has approved is not asked again under the same
 * cause: so it names what is done, with what, and where to.
 */

/** A tool and where its request goes. */
export function placeCause(event: RequestEvent, destinations: readonly Destination[]): string {
  let places = 0
  for (const { text } of destinations) places = (places + textHash(text)) | 0
  return `${event.call.resource.name}>${(places >>> 0).toString(36)}`
}

/** A tool and all that it is given. */
export function actCause(event: RequestEvent): string {
  return `${event.call.resource.name}>${fieldsHash(event.arguments).toString(36)}`
}
