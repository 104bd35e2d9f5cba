import { inTime, median, row } from '../../scripts/measure.ts'
import type { Call } from '../model/call.ts'
import type { JsonObject } from '../model/json.ts'
import type { SessionView } from '../model/ports.ts'
import { compilePolicy } from '../policy/parse.ts'
import { behaviorSettings } from './behavior-settings.ts'
import { createWatch } from './create-watch.ts'
import { BUILT_IN_RULES } from './rules/built-in-rules.ts'
import type { Watch } from './watch.ts'
import { type Load, representativeLoad, worstLoad } from './watch-load.fixture.ts'

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

export function run(print: (line: string) => void): void {
  const entries = entriesOf()
  print('The behavioural layer, all rules, 2 KB an event, median of the later half of the events')
  for (const load of [representativeLoad(), worstLoad()]) {
    print(` ${load.name}`)
    const medians: number[] = []
    for (const events of inTime([10, 100, 1_000, 10_000, 100_000])) {
      const { times, bytes } = play(entries, events, load)
      const all = KINDS.flatMap((kind) => times[kind])
      const half = median(all)
      medians.push(half)
      const parts = KINDS.map((kind) => `${kind} ${median(times[kind]).toFixed(0)}`).join(', ')
      const p99 = percentile(all, 0.99).toFixed(0)
      const megabytes = (bytes / 2 ** 20).toFixed(2)
      const note = `goal 20 us; ${parts}; p99 ${p99} us, ${megabytes} MB`
      print(row(`${events} events`, half, 'us', note))
    }
    const [, hundred = 1] = medians
    print(
      row('growth from 100 to the most events', (medians.at(-1) ?? 0) / hundred, 'x', 'goal 1.3'),
    )
  }
}

function entriesOf(): readonly Call['resource'][] {
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
  return TOOLS.map(({ name }) => {
    const entry = policy.index.resolve(name)
    if ('fault' in entry) throw new Error(entry.fault)
    return entry
  })
}

/** `plain`: requests that send nothing out. `egress`: requests that do. */
const KINDS = ['plain', 'egress', 'responses'] as const
type Times = Readonly<Record<(typeof KINDS)[number], number[]>>

/** A short session is played often enough for its code to be compiled, as in a process that runs. */
function play(
  entries: readonly Call['resource'][],
  events: number,
  load: Load,
): { readonly times: Times; readonly bytes: number } {
  const random = randomOf(7)
  const rounds = Math.max(1, 4_000 / events)
  let times: Times = { plain: [], egress: [], responses: [] }
  let bytes = 0
  for (let round = 0; round < rounds; round++) {
    // Of one short session there are too few events for a median of each kind.
    if (round <= rounds / 2) times = { plain: [], egress: [], responses: [] }
    const watch = makeWatch()
    playOnce(watch, entries, events, load, random, times)
    bytes = watch.bytes
  }
  return { times, bytes }
}

function playOnce(
  watch: Watch,
  entries: readonly Call['resource'][],
  events: number,
  load: Load,
  random: () => number,
  times: Times,
): void {
  const settings = behaviorSettings({})
  const seen: string[] = []
  for (let number = 1; number <= events; number += 2) {
    const resource = entries[Math.floor(random() * entries.length)]
    if (resource === undefined) continue
    const args = load.request(random, seen)
    const payload = load.response(random, seen)
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
    const ended = performance.now()
    if (2 * number < events) continue
    const kind = assessment.event.traits.egress ? 'egress' : 'plain'
    times[kind].push((between - started) * 1000)
    times.responses.push((ended - between) * 1000)
  }
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
