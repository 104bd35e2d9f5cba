import { median, row } from '../../scripts/measure.ts'
import type { Call } from '../model/call.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import type { SessionView } from '../model/ports.ts'
import { compilePolicy } from '../policy/parse.ts'
import { behaviorSettings } from './behavior-settings.ts'
import { createWatch } from './create-watch.ts'
import { BUILT_IN_RULES } from './rules/built-in-rules.ts'
import type { Watch } from './watch.ts'

// Requests and responses by turns, about 2 KB each, eight tools; one request in ten carries a value
// that was seen before. The load of the published figures of the original.
const TOOLS = [
  { name: 'crm.customers', tags: ['data_source', 'restricted'], payload_class: 'restricted' },
  { name: 'db.query', tags: ['data_source', 'sql'] },
  { name: 'support.tickets', tags: ['data_source', 'external_data'] },
  { name: 'web.read', tags: ['data_source', 'external_data'] },
  { name: 'files.read', tags: ['data_source', 'filesystem'] },
  { name: 'crm.note', tags: ['internal_write'] },
  { name: 'support.reply', tags: ['external_write'] },
  { name: 'mail.send', tags: ['external_write', 'network_egress'] },
] as const

const WORDS =
  'order invoice delivery window customer report quarter region product contract number status update meeting notes shipment warehouse review signed pending closed total account manager'.split(
    ' ',
  )

export function run(print: (line: string) => void): void {
  const policy = compilePolicy({
    servers: [...new Set(TOOLS.map(({ name }) => name.split('.')[0] ?? ''))],
    tools: TOOLS.map((tool) => ({
      ...tool,
      tags: [...tool.tags],
      server: tool.name.split('.')[0] ?? '',
    })),
    roles: [{ name: 'all', rules: [{ resources: ['*'], verbs: ['invoke'] }] }],
    bindings: [{ agent: 'a', roles: ['all'] }],
  } as JsonObject)
  const entries = TOOLS.map(({ name }) => {
    const entry = policy.index.resolve(name)
    if ('fault' in entry) throw new Error(entry.fault)
    return entry
  })
  print('The behavioural layer, all rules, 2 KB an event, median of the events up to there')
  const medians: number[] = []
  for (const events of [10, 100, 1_000, 10_000, 100_000]) {
    const { times, watch } = play(entries, events)
    const half = median(times.slice(times.length >> 1))
    medians.push(half)
    print(
      row(
        `${events} events`,
        half,
        'us',
        `p99 ${percentile(times, 0.99).toFixed(0)} us, ${(watch.bytes / 2 ** 20).toFixed(2)} MB, goal 20 us`,
      ),
    )
  }
  const [, hundred = 1] = medians
  print(row('growth from 100 to 100,000 events', (medians.at(-1) ?? 0) / hundred, 'x', 'goal 1.3'))
}

function play(
  entries: readonly Call['resource'][],
  events: number,
): { readonly times: readonly number[]; readonly watch: Watch } {
  const settings = behaviorSettings({})
  const random = randomOf(7)
  // A short session is played often enough for its code to be compiled, as in a process that runs.
  let times: number[] = []
  let watch = makeWatch()
  for (let round = 0; round < Math.max(1, 4_000 / events); round++) {
    times = []
    watch = makeWatch()
    const seen: string[] = []
    for (let number = 1; number <= events; number += 2) {
      const resource = entries[Math.floor(random() * entries.length)]
      if (resource === undefined) continue
      const args = argumentsOf(random, seen)
      const payload = responseOf(random, seen)
      const context = { settings, session: viewOf(number) }
      const call = callOf(resource, args, number)
      const started = performance.now()
      const assessment = watch.judge(call, number, context)
      watch.admit(assessment)
      watch.sent(assessment, context, false)
      const between = performance.now()
      const response = { number: number + 1, payload, isError: false, at: number }
      const answer = watch.inspect(assessment, response, context)
      watch.admit(answer)
      watch.received(answer, context)
      times.push((between - started) * 1000, (performance.now() - between) * 1000)
    }
  }
  return { times, watch }
}

function makeWatch(): Watch {
  return createWatch({
    key: new Uint8Array(16).fill(7),
    rules: BUILT_IN_RULES,
    maxBytes: 10 * 2 ** 20,
  })
}

function callOf(resource: Call['resource'], args: JsonObject, sequence: number): Call {
  return {
    id: `c${sequence}`,
    trace: 't',
    session: 's',
    sequence,
    subject: { agent: 'a' },
    verb: 'invoke',
    resource,
    scope: undefined,
    arguments: args,
    at: sequence * 1_000,
    task: undefined,
    ids: {},
    parent: undefined,
  }
}

function viewOf(events: number): SessionView {
  return {
    id: 's',
    sequence: events,
    events,
    disposition: 'allow',
    risk: 0,
    started_at: 0,
    denied: 0,
  }
}

function argumentsOf(random: () => number, seen: readonly string[]): JsonObject {
  const carried = random() < 0.1 ? (seen[Math.floor(random() * seen.length)] ?? '') : ''
  return {
    id: Math.floor(random() * 1e6),
    to: `someone${Math.floor(random() * 1e4)}@partner.test`,
    subject: textOf(random, 6),
    body: `${textOf(random, 240)} ${carried}`,
    options: { urgent: random() < 0.5, label: textOf(random, 2) },
  }
}

/** As servers answer: JSON in a text block. */
function responseOf(random: () => number, seen: string[]): JsonValue {
  const rows = Array.from({ length: 8 }, () => {
    const mail = `${textOf(random, 1)}.${Math.floor(random() * 1e6)}@customer.test`
    if (seen.length < 1_000) seen.push(mail)
    return {
      id: Math.floor(random() * 1e9),
      customer: `${textOf(random, 2)} ${Math.floor(random() * 1e4)}`,
      email: mail,
      amount: Math.floor(random() * 1e6) / 100,
      status: random() < 0.5 ? 'open' : 'closed',
      note: textOf(random, 14),
      created_at: '2026-05-14T08:30:00Z',
    }
  })
  return { content: [{ type: 'text', text: JSON.stringify({ rows, total: rows.length }) }] }
}

function textOf(random: () => number, words: number): string {
  let text = ''
  for (let index = 0; index < words; index++)
    text += `${index === 0 ? '' : ' '}${WORDS[Math.floor(random() * WORDS.length)] ?? ''}`
  return text
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0
}

/** Mulberry32: the same load in every run. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
