import { memorySink } from '../audit/memory.ts'
import type { CallRequest } from '../core/model/call.ts'
import type { JsonObject } from '../core/model/json.ts'
import { compilePolicy } from '../core/policy/parse.ts'
import { median, medianNs, row } from '../scripts/measure.ts'
import { createPolicyEngine } from './create-policy-engine.ts'
import type { Ticket } from './ticket.ts'

const BASE: JsonObject = {
  servers: ['crm'],
  tools: [
    { name: 'crm.note', server: 'crm' },
    { name: 'crm.get', server: 'crm', tags: ['data_source'] },
  ],
  roles: [{ name: 'all', rules: [{ resources: ['crm.*'], verbs: ['invoke'] }] }],
  bindings: [{ agent: 'bot', roles: ['all'] }],
}

// What each gate asks, beside one another: a call that passes meets them all.
const GATES: JsonObject = {
  ...BASE,
  secrets: {},
  blocklist: {
    tools: ['*.drop_*'],
    users: ['mallory'],
    domains: ['evil.test', '*.exfil.test'],
    actions: ['drop'],
  },
  limits: {
    base: { mcp: 1e9 },
    per_session: { per_second: 1_000_000_000, concurrent: 1_000 },
    budgets: [{ name: 'all', per: 'agent', calls: 1_000_000_000_000 }],
  },
}

// 0.2 KB to a tool, 2 KB back, as a record of a customer has it.
const argumentsOf = (number: number): JsonObject => ({
  customer: `C-${48_291 + number}`,
  note: 'Called back about the delivery window; the parcel is at the depot and goes out on Monday. Nothing else is open.',
  options: { urgent: false, label: 'call-back' },
})
const RESPONSE = {
  content: [
    {
      type: 'text',
      text: JSON.stringify({
        rows: Array.from({ length: 12 }, (_, index) => ({
          id: 48_000 + index * 37,
          status: index % 3 === 0 ? 'open' : 'closed',
          created_at: '2026-05-14T08:30:00Z',
          note: `The parcel of order ${7_000 + index} was handed over at the depot and is on its way.`,
        })),
      }),
    },
  ],
}

export async function run(print: (line: string) => void): Promise<void> {
  print(
    'One call through the line: 0.2 KB to the tool, 2 KB back, memory sink without chain, median; what the caller waits for, and in brackets with what is learnt after that',
  )
  const bare = (args: JsonObject): unknown => (args['customer'] === '' ? undefined : RESPONSE)
  print(
    row(
      'the bare call',
      medianNs((index) => bare(argumentsOf(index)), { calls: 20_000 }),
      'ns',
    ),
  )
  const rows: readonly (readonly [string, JsonObject, boolean])[] = [
    ['default gates, judged only', BASE, false],
    ['all gates, judged only', GATES, false],
    ['default gates, response looked at', BASE, true],
    ['all gates, response looked at', GATES, true],
    ['all gates and redaction of the response', { ...GATES, redaction: {} }, true],
  ]
  for (const [name, document, isFinished] of rows) {
    const { waited, whole } = await measure(document, isFinished)
    const goal = isFinished ? ', goal 25,000 ns' : ''
    print(row(name, waited, 'ns', `(${Math.round(whole)})${goal}`))
  }
}

const CALLS = 6_000

/** A tool takes longer than a turn of the event loop, and an agent thinks before it calls again. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

async function measure(
  document: JsonObject,
  isFinished: boolean,
): Promise<{ readonly waited: number; readonly whole: number }> {
  const engine = createPolicyEngine({
    policy: compilePolicy(document),
    audit: [memorySink({ maxRecords: 1_000 })],
    onDiagnostic: () => {},
  })
  const value = isFinished ? RESPONSE : null
  const waits: number[] = []
  const wholes: number[] = []
  for (let count = 0; count < 2 * CALLS; count++) {
    const request: CallRequest = {
      session: `s${count % 64}`,
      subject: { agent: 'bot', user: 'u' },
      resource: 'crm.note',
      // No two alike: calls that repeat themselves are put before a person.
      arguments: argumentsOf(count),
    }
    const started = performance.now()
    const ticket = engine.begin(request) as Ticket
    const outcome = ticket.finish({ ok: true, value })
    const waited = performance.now()
    // Asking after a session has everything learnt that waits.
    engine.session('none')
    const learnt = performance.now()
    await Promise.all([outcome, turn()])
    if (count < CALLS) continue
    waits.push(1e6 * (waited - started))
    wholes.push(1e6 * (learnt - started))
  }
  return { waited: median(waits), whole: median(wholes) }
}
