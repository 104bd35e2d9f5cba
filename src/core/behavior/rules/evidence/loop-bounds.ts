import type { RequestEvent } from '../../rule.ts'
import { hasWord, toolWords, wordSet } from './words.ts'

/** From how many equal calls on something is said. */
export interface Bounds {
  /** Noted. */
  readonly least: number
  /** Asked about, where nothing new was done in between. */
  readonly much: number
  /** Asked about in any case. */
  readonly most: number
}

const DEFAULT_CALLS = 5

/** The bounds of a call: by default 8 for what acts, 10 for reads beyond the host's reach, else 20. */
export function boundsOf(event: RequestEvent, minCalls: number | undefined): Bounds {
  const least = Math.max(2, minCalls ?? DEFAULT_CALLS)
  const most = 4 * least
  if (isAct(event)) return { least, most, much: Math.ceil(1.6 * least) }
  return { least, most, much: event.traits.egress && !isGesture(event) ? 2 * least : most }
}

/** True where the call sends, pays or changes; to look at a page, press a key or run a test is none. */
export function isAct(event: RequestEvent): boolean {
  const { traits } = event
  if (!traits.writes || isGesture(event)) return false
  if (traits.sensitive || ACTING.some((tag) => traits.has(tag))) return true
  // By its name alone, or by a tag that says less than that it acts.
  return !(traits.has('code_exec') || traits.has('network_egress') || traits.has('data_source'))
}

const ACTING = ['external_write', 'internal_write', 'public_post']

function isGesture({ call, traits }: RequestEvent): boolean {
  return !traits.sensitive && hasWord(toolWords(call.resource), GESTURES)
}

/** What is done to a screen, many times over. */
const GESTURES = wordSet(
  'click scroll press key keys tap swipe hover navigate next back forward refresh reload wait sleep ' +
    'poll screenshot snapshot cursor mouse test tests lint build compile',
)
