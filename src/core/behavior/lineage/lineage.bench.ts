import { inTime, median, row } from '../../../scripts/measure.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Origin } from '../flow.ts'
import { readArguments } from '../payload/read-arguments.ts'
import { readLeaves } from '../payload/read-leaves.ts'
import { createLineage } from './create-lineage.ts'
import type { Lineage, LineageRequest, LineageResponse } from './lineage.ts'

const KEY = new Uint8Array(16).fill(7)

/** The same numbers in every run. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (state >>> 8) % below
  }
}

/** Five thousand words that can be spoken. */
const WORDS = wordsOf(numbersFrom(5))

function wordsOf(pick: (below: number) => number): readonly string[] {
  const syllable = () => `${'bdfgklmnprstvz'[pick(14)]}${'aeiou'[pick(5)]}${'nrslt'[pick(9)] ?? ''}`
  return Array.from({ length: 5000 }, () => Array.from({ length: 2 + pick(2) }, syllable).join(''))
}

/** About 2 KB of JSON: records with an id, an address, a number, a date, a status and a note. */
function payload(pick: (below: number) => number): Record<string, unknown> {
  const word = () => WORDS[pick(WORDS.length)] ?? ''
  const name = () => Array.from({ length: 7 }, () => String.fromCharCode(97 + pick(26))).join('')
  const rows = Array.from({ length: 8 }, () => ({
    id: `ord-${pick(1e6)}-${name().slice(0, 3)}`,
    email: `${name()}.${name()}@${name()}.example`,
    total: pick(1e7) / 100,
    created: `2031-0${1 + pick(9)}-1${pick(9)}T${10 + pick(13)}:${10 + pick(49)}:${10 + pick(49)}Z`,
    status: pick(2) === 0 ? 'shipped' : 'pending',
    note: Array.from({ length: 12 }, word).join(' '),
  }))
  return { rows, next: null }
}

function mail(pick: (below: number) => number): JsonObject {
  const text = (words: number) =>
    Array.from({ length: words }, () => WORDS[pick(WORDS.length)] ?? '').join(' ')
  return { to: `${text(1)}@${text(1)}.example`, subject: text(6), body: text(290) }
}

const origin = (event: number, restricted: boolean): Origin => ({
  event,
  resource: restricted ? 'crm.read' : 'shop.list',
  server: restricted ? 'crm' : 'shop',
  scope: 'internal',
  restricted,
  outside: !restricted,
})

interface Turn {
  readonly request: LineageRequest
  readonly response: LineageResponse
}

function turn(pick: (below: number) => number, event: number): Turn {
  const egress = pick(10) === 0
  const restricted = pick(10) === 0
  // What leaves is a mail, what does not is JSON.
  const sent = egress ? mail(pick) : (payload(pick) as never) // plain JSON, as built below
  const args = readArguments(sent, egress ? 'mail.send' : 'shop.list')
  const leaves = readLeaves(payload(pick) as never) // the same
  return {
    request: { event, arguments: args, egress },
    response: {
      event: event + 1,
      origin: origin(event + 1, restricted),
      leaves,
      secrets: [],
      sources: [],
    },
  }
}

interface Figures {
  readonly match: number
  readonly egress: number
  readonly received: number
  readonly restricted: number
  readonly sent: number
}

/** Medians in microseconds of the turns after so many events. */
function measure(lineage: Lineage, from: number, turns: number): Figures {
  const pick = numbersFrom(from + 1)
  const times = { match: [], egress: [], received: [], restricted: [], sent: [] } as Record<
    keyof Figures,
    number[]
  >
  for (let at = 0; at < turns; at++) {
    const { request, response } = turn(pick, from + 2 * at)
    const started = process.hrtime.bigint()
    const flows = lineage.match(request)
    const matched = process.hrtime.bigint()
    lineage.sent(request, flows)
    const sent = process.hrtime.bigint()
    lineage.received(response)
    const done = process.hrtime.bigint()
    times[request.egress ? 'egress' : 'match'].push(Number(matched - started) / 1000)
    times.sent.push(Number(sent - matched) / 1000)
    const kind = response.origin.restricted ? 'restricted' : 'received'
    times[kind].push(Number(done - sent) / 1000)
  }
  return {
    match: median(times.match),
    egress: median(times.egress),
    received: median(times.received),
    restricted: median(times.restricted),
    sent: median(times.sent),
  }
}

export async function run(print: (line: string) => void): Promise<void> {
  print('Lineage, 2 KB of JSON each way, one in ten restricted, one in ten leaving; median')
  measure(createLineage({ key: KEY }), 1, 4000)
  const lineage = createLineage({ key: KEY })
  let first: Figures | undefined
  let event = 1
  for (const goal of inTime([10, 1000, 10_000, 100_000])) {
    const room = Math.max(0, (goal - event) >> 1)
    if (goal > 10) measure(lineage, event, room)
    event += 2 * room
    const figures = measure(lineage, event, goal === 10 ? 200 : 1000)
    event += goal === 10 ? 400 : 2000
    first ??= figures
    print(row(`after ${goal} events: match`, figures.match, 'us', 'goal 6'))
    print(row('  match of a request that leaves, with views', figures.egress, 'us', 'goal 25'))
    print(row('  sent', figures.sent, 'us'))
    print(row('  received', figures.received, 'us', 'goal 6'))
    print(row('  received, restricted', figures.restricted, 'us'))
    print(row('  held', lineage.bytes / 1e6, 'MB', `goal 10${lineage.forgot ? ', forgot' : ''}`))
    const sum = (found: Figures) => found.match + found.received + found.sent
    print(row('  growth of match, sent and received', sum(figures) / sum(first), 'x', 'goal 1.3'))
  }
}
