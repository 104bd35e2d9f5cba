import { byName } from '../../by-name.ts'
import type { Flow } from '../../flow.ts'
import { wordsOf } from '../../name-words.ts'
import type { Destination, RequestEvent, RuleView } from '../../rule.ts'
import type { Encoding } from '../../views/encodings.ts'
import { byView } from './by-event.ts'
import { taskSpeaksOf } from './task-words.ts'
import { hasWord, toolWords, wordSet } from './words.ts'

/**
 * True where restricted data leaves what is trusted with this flow: out of a restricted source, not
 * known to the user anyway, and to a place that neither the task nor the policy names.
 */
export function leavesTrust(flow: Flow, event: RequestEvent, view: RuleView): boolean {
  if (!event.traits.egress || !flow.origin.restricted || flow.trusted) return false
  return goesToStranger(event, view) && !isRoundTrip(flow, event, view)
}

/**
 * True where a place of the request is not known. Where it names no place, the tool is the place: not
 * known, unless it keeps the user's own things, or the task speaks of it and it passes no message on.
 */
export const goesToStranger = byView(
  ['destinations'],
  (event, { destinations }: RuleView): boolean => {
    const places = destinations.filter(({ text }) => !isFile(text, event))
    return places.length === 0 ? !isKnownTool(event) : places.some(isStranger)
  },
)

// A file that is attached, or where a file is put, is not whom it goes to, unless it is that as well.
function isFile(place: string, event: RequestEvent): boolean {
  if (LOCAL_PATH.test(place)) return true
  let isNamed = false
  for (const { key, text, role } of event.arguments) {
    if (isFileKey(key)) isNamed ||= text === place
    else if (role === 'destination' && text.includes(place)) return false
  }
  return isNamed
}

/** `~ana@x.test` and `/ana@x.test` are addresses, `//x.test` a host. */
const LOCAL_PATH = /^(?:\.{0,2}\/(?!\/)|~[\w-]{0,32}\/|[a-z]:\\)[^@,;|\n]{0,2048}$/i
const isFileKey = byName((key) =>
  /(?:path|file|filename|attachment|dir|directory|folder)s?$/i.test(key),
)

function isKnownTool({ call, traits }: RequestEvent): boolean {
  if (traits.has('public_post') || traits.has('network_egress')) return false
  const words = toolWords(call.resource)
  if (hasWord(words, TELLS)) return false
  return hasWord(wordsOf(call.resource.name), OWN_THINGS) || taskSpeaksOf(call)
}

const TELLS = wordSet(
  'send post reply respond answer message mail email comment tweet publish share forward notify ' +
    'announce broadcast upload push submit webhook export',
)
const OWN_THINGS = wordSet(
  'calendar note notes draft drafts todo todos reminder reminders bookmark cart',
)

export function isStranger(destination: Destination): boolean {
  return destination.denied || !(destination.known || destination.allowed)
}

/**
 * What a server gave it may get back: it has it. Not so where the request has it passed on, to an
 * address that the same server did not give, or to one that a stranger may have written there.
 */
export function isRoundTrip(flow: Flow, event: RequestEvent, view: RuleView): boolean {
  const { server } = event.call.resource
  if (server === undefined || flow.origin.server !== server) return false
  return !event.traits.has('public_post') && returnsToServer(event, view)
}

const returnsToServer = byView(['flows', 'destinations'], (event, view: RuleView): boolean => {
  const { server } = event.call.resource
  const strangers = view.destinations.filter(isStranger)
  if (strangers.length === 0) return true
  // A number of an account means something to that server only; an address reaches anybody.
  const reachAnybody = strangers.some(({ text }) => /[@.]|^\+\d/.test(text))
  const returned = new Set<string>()
  for (const { role, origin, value } of view.flows)
    if (role === 'destination' && origin.server === server && !(reachAnybody && origin.outside))
      returned.add(value)
  return returned.size >= strangers.length
})

/** What is no longer as it was: encoded for more than transport, in pieces, or made of by a call. */
export function isHidden(flow: Flow): boolean {
  if (flow.kind === 'derived' || flow.kind === 'split') return true
  return flow.encoded.some((encoding) => !TRANSPORT.has(encoding))
}

// What a URL, a form, a page or a JSON text does to any value, and what a writer does to a name.
const TRANSPORT: ReadonlySet<string> = new Set<Encoding>([
  'percent',
  'entities',
  'escapes',
  'quoted_printable',
  'punycode',
  'compatibility',
])

/**
 * True where a flow is what is told, not who is told: content, and running text in whatever part. An
 * identifier or an address that is handed on is neither, nor is a link that is opened as it was given.
 */
export function isContent(flow: Flow, event: RequestEvent, view: RuleView): boolean {
  if (flow.role === 'destination') return isInLabels(flow, view)
  if (flow.role === 'identifier') return flow.kind === 'text' || flow.length > LONGEST_IDENTIFIER
  return flow.length <= longestBesideLink(event, view)
}

const LONGEST_IDENTIFIER = 64

/** True where a host is named by a sentence: whoever serves the domain is asked for it. */
function isInLabels({ kind, length }: Flow, { destinations }: RuleView): boolean {
  if (kind === 'value' || kind === 'secret' || length < LEAST_SENTENCE) return false
  return destinations.some((place) => isStranger(place) && SENTENCE.test(place.text))
}

const LEAST_SENTENCE = 24
/** A label of six words or more. */
const SENTENCE = /^(?:[^\s@/.]{1,63}\.){0,20}(?:[^\s@/.-]{1,63}-){5}[^\s@/.]{1,63}\./

// What is longer than all that did not come as one piece with the link stands within that piece.
const longestBesideLink = byView(['flows'], (event, view: RuleView): number => {
  const link = event.arguments.find(
    ({ role, text }) => role === 'destination' && text.includes('://'),
  )
  if (link === undefined) return Number.POSITIVE_INFINITY
  let length = link.text.length
  // A long host is an argument of its own as well.
  for (const { text } of event.arguments) if (!link.text.includes(text)) length += text.length
  const given = longestLink(view.flows)
  return given > 0 ? length - given : Number.POSITIVE_INFINITY
})

function longestLink(flows: readonly Flow[]): number {
  let longest = 0
  for (const { role, length, encoded } of flows)
    if (role === 'destination' && encoded.length === 0 && length > longest) longest = length
  return longest
}
