import { compilePolicy } from '../core/policy/parse.ts'
import { createPolicyEngine } from '../engine/create-policy-engine.ts'
import { median, row } from '../scripts/measure.ts'
import { governedFetch } from './governed-fetch.ts'
import { call, chunk, completion, event, streamed } from './upstream.fixture.ts'

const engine = createPolicyEngine({
  policy: compilePolicy({
    roles: [{ name: 'some', rules: [{ resources: ['model:openai/*', 'get'], verbs: ['invoke'] }] }],
    bindings: [{ agent: 'bot', roles: ['some'] }],
  }),
  onDiagnostic: () => {},
})

// A conversation of some 4 KB.
const MESSAGES = Array.from({ length: 8 }, (_, index) => ({
  role: index % 2 === 0 ? 'user' : 'assistant',
  content: `${index}: the parcel is at the depot and goes out on Monday. `.repeat(8),
}))
const CHUNKS = 20_000

export async function run(print: (line: string) => void): Promise<void> {
  print('Requests to a model, bare and governed in turn, in one process without a network')
  const answer = JSON.stringify(
    completion({ content: 'x'.repeat(500), tool_calls: [call('get', { a: 1 })] }),
  )
  await compareRequests(print, answer)
  const text = chunk({ content: 'token ' })
  await compareStreams(print, 'text', () => text.repeat(10))
  await compareStreams(print, 'text, several choices', (index) =>
    chunk({ content: 'token ' }, null, index % 3).repeat(10),
  )
}

async function compareRequests(print: (line: string) => void, answer: string): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const bare: typeof fetch = async () => new Response(answer, { headers })
  const governed = governedFetch(bare, engine, { subject: { agent: 'bot' }, session: 'bench' })
  const body = JSON.stringify({ model: 'gpt-4o', messages: MESSAGES })
  const times: Record<'bare' | 'governed', number[]> = { bare: [], governed: [] }
  for (let round = 0; round < 4_000; round++)
    for (const [name, one] of [
      ['bare', bare],
      ['governed', governed],
    ] as const) {
      const started = performance.now()
      await (await one('https://x/v1/chat/completions', { method: 'POST', body })).json()
      if (round >= 2_000) times[name].push(1e3 * (performance.now() - started))
    }
  const [one, other] = [median(times.bare), median(times.governed)]
  print(row('a request of 4 KB, an answer with one call: bare', one, 'us'))
  print(row('the same, governed', other, 'us', `+${(other - one).toFixed(0)}`))
}

async function compareStreams(
  print: (line: string) => void,
  what: string,
  piece: (index: number) => string,
): Promise<void> {
  const bytes = Array.from({ length: CHUNKS / 10 }, (_, index) =>
    new TextEncoder().encode(piece(index)),
  )
  const end = new TextEncoder().encode(streamed({}).slice(1).join('') + event('[DONE]'))
  const bare: typeof fetch = async () => {
    let at = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const next = bytes[at++]
        controller.enqueue(next ?? end)
        if (next === undefined) controller.close()
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
  const governed = governedFetch(bare, engine, { subject: { agent: 'bot' }, session: 'bench' })
  const rates: Record<'bare' | 'governed', number[]> = { bare: [], governed: [] }
  for (let round = 0; round < 12; round++)
    for (const [name, one] of [
      ['bare', bare],
      ['governed', governed],
    ] as const) {
      const started = performance.now()
      const body = JSON.stringify({ model: 'gpt-4o', messages: [], stream: true })
      const { body: stream } = await one('https://x/v1/chat/completions', { method: 'POST', body })
      if (stream !== null) for await (const _ of stream);
      if (round >= 4) rates[name].push(CHUNKS / ((performance.now() - started) / 1e3))
    }
  const note = 'goal: 100,000 or more'
  print(row(`${what}, chunks a second: a bare pipe`, median(rates.bare), '/s'))
  print(row(`${what}, chunks a second: parsed and governed`, median(rates.governed), '/s', note))
}
