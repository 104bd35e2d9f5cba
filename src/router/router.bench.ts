import { compilePolicy } from '../core/policy/parse.ts'
import { createPolicyEngine, type PolicyEngine } from '../engine/create-policy-engine.ts'
import { serve } from '../http/serve.ts'
import { governedFetch } from '../openai/governed-fetch.ts'
import { median, row } from '../scripts/measure.ts'
import { fakeOpenRouter } from '../testing/openrouter/fake-openrouter.ts'
import { createRouter } from './create-router.ts'

const MODEL = 'openai/gpt-4o-mini'
/** `task` asks what a request is about; without it nobody is asked, and nothing is read off the text. */
function engineOf(isTold: boolean): PolicyEngine {
  const task = { name: 'code', if: { task: 'code', complexity: ['high'] }, target: 'openai/gpt-4o' }
  const vision = { capabilities_include: 'vision' }
  return createPolicyEngine({
    policy: compilePolicy({
      roles: [{ name: 'all', rules: [{ resources: ['model:*'], verbs: ['invoke'] }] }],
      bindings: [{ agent: 'bot', roles: ['all'] }],
      limits: { disabled: true },
      router: {
        baseline: { model: 'anthropic/claude-sonnet-4.6' },
        routes: [
          ...(isTold ? [task] : []),
          { name: 'vision', if: vision, target: 'openai/gpt-4o' },
        ],
        default: { target: MODEL, fallback: ['openai/gpt-4o'] },
      },
    }),
    onDiagnostic: () => {},
  })
}

const engine = engineOf(false)
const SUBJECT = { agent: 'bot' }

// A conversation of some 4 KB.
const MESSAGES = Array.from({ length: 8 }, (_, index) => ({
  role: index % 2 === 0 ? 'user' : 'assistant',
  content: `${index}: the parcel is at the depot and goes out on Monday. `.repeat(8),
}))
const ROUNDS = 4_000
const STREAMS = 400

export async function run(print: (line: string) => void): Promise<void> {
  await compareRequests(print)
  await compareFirstBytes(print)
}

async function compareRequests(print: (line: string) => void): Promise<void> {
  print('Requests to a model: governed, and governed and routed, in one process without a network')
  const answer = JSON.stringify({
    id: 'gen-1',
    object: 'chat.completion',
    model: MODEL,
    choices: [
      { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'x'.repeat(500) } },
    ],
    usage: { prompt_tokens: 1_000, completion_tokens: 100, total_tokens: 1_100, cost: 0.0001 },
  })
  const headers = { 'content-type': 'application/json' }
  const bare: typeof fetch = async () => new Response(answer, { headers })
  const options = { subject: SUBJECT, session: 'bench' }
  const ways = [
    ['governed', governedFetch(bare, engine, options)],
    ['routed', governedFetch(bare, engine, { ...options, route: true })],
    ['classified', governedFetch(bare, engineOf(true), { ...options, route: true })],
  ] as const
  const body = JSON.stringify({ model: MODEL, messages: MESSAGES })
  const times: Record<(typeof ways)[number][0], number[]> = {
    governed: [],
    routed: [],
    classified: [],
  }
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, one] of ways) {
      const started = performance.now()
      await (await one('https://x/v1/chat/completions', { method: 'POST', body })).json()
      if (round >= ROUNDS / 2) times[name].push(1e3 * (performance.now() - started))
    }
  const one = median(times.governed)
  const more = (all: readonly number[]): string => `+${(median(all) - one).toFixed(0)}`
  print(row('a request of 4 KB: governed', one, 'us'))
  const goal = `${more(times.routed)}; goal: +60 at most`
  print(row('the same, routed by what it is', median(times.routed), 'us', goal))
  const classified = median(times.classified)
  print(row('the same, routed by what it is about', classified, 'us', more(times.classified)))
}

async function compareFirstBytes(print: (line: string) => void): Promise<void> {
  print('The first byte of a stream over loopback: direct, and through the endpoint, in turn')
  const fake = await fakeOpenRouter()
  const router = createRouter({
    engine,
    subject: SUBJECT,
    upstream: { baseURL: fake.baseURL, apiKey: 'sk-bench' },
  })
  await router.ready()
  const front = await serve((request, info) => router(request, info), { port: 0 })
  const ways = [
    ['direct', `${fake.baseURL}/chat/completions`],
    ['endpoint', `${front.url}/v1/chat/completions`],
  ] as const
  const times: Record<'direct' | 'endpoint', number[]> = { direct: [], endpoint: [] }
  for (let round = 0; round < STREAMS; round++)
    for (const [name, url] of ways) {
      const ms = await firstByte(url, round)
      if (round >= STREAMS / 2) times[name].push(ms)
    }
  await front.close()
  router.close()
  await fake.close()
  const [one, other] = [median(times.direct), median(times.endpoint)]
  print(row('first byte: direct', one, 'ms'))
  const more = `+${(other - one).toFixed(2)}; goal: +1 at most`
  print(row('first byte: through the endpoint', other, 'ms', more))
}

/** Milliseconds to the first event that says something; the rest is read too. */
async function firstByte(url: string, round: number): Promise<number> {
  const messages = [...MESSAGES, { role: 'user', content: `Say hello ${round}.` }]
  const started = performance.now()
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: 'Bearer sk', 'content-type': 'application/json' },
    body: JSON.stringify({ model: MODEL, messages, stream: true }),
  })
  let first: number | undefined
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? [])
    if (first === undefined && /"content":"[^"]/.test(decoder.decode(chunk)))
      first = performance.now() - started
  return first ?? Number.NaN
}
