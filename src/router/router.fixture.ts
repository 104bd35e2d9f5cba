import { afterEach } from 'vitest'
import type { AuditRecord } from '../core/model/audit-record.ts'
import { type Served, serve } from '../http/serve.ts'
import {
  createTestEngine,
  type TestEngine,
  type TestEngineOptions,
} from '../testing/create-test-engine.ts'
import {
  type FakeOpenRouter,
  type FakeOpenRouterOptions,
  fakeOpenRouter,
} from '../testing/openrouter/fake-openrouter.ts'
import { createRouter, type Router } from './create-router.ts'
import { hashKey } from './keys.ts'
import type { RouterOptions } from './options.ts'

export const MINI = 'openai/gpt-4o-mini'
export const SONNET = 'anthropic/claude-sonnet-4.6'
export const HAIKU = 'anthropic/claude-haiku-4.5'

/** The key that a caller of these tests shows, and whose it is. */
export const KEY = 'cg-key-of-ana'
export const ANA = { agent: 'support-bot', user: 'ana' } as const

/** Ana may use every model but that of `forbidden`; all go to the first of `models`, then to the others. */
export function policyOf(
  models: readonly string[],
  {
    forbidden = [],
    more = '',
  }: { readonly forbidden?: readonly string[]; readonly more?: string } = {},
): string {
  const [target, ...fallback] = models
  const deny = forbidden.map((name) => `"model:${name}"`).join(', ')
  return `
roles:
  - name: models
    rules:
      - { effect: allow, resources: ["model:*"], verbs: [invoke] }
${deny === '' ? '' : `      - { effect: deny, resources: [${deny}], verbs: [invoke] }`}
bindings:
  - { agent: support-bot, roles: [models] }
limits: { disabled: true }
router:
  baseline: { model: ${SONNET} }
  default: { target: ${target}, fallback: [${fallback.join(', ')}] }
${more}`
}

export interface Setup {
  readonly fake: FakeOpenRouter
  readonly engine: TestEngine
  readonly router: Router
}

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

export interface SetupOptions {
  readonly policy?: string
  readonly fake?: FakeOpenRouterOptions
  readonly engine?: Partial<TestEngineOptions>
  readonly router?: Partial<RouterOptions>
}

/** A router before a fake of OpenRouter, until the test is over. It never waits between attempts. */
export async function setUp(options: SetupOptions = {}): Promise<Setup> {
  const fake = await fakeOpenRouter(options.fake)
  ends.push(() => fake.close())
  const engine = createTestEngine({ policy: options.policy ?? policyOf([MINI]), ...options.engine })
  ends.push(() => engine.close())
  const router = createRouter({
    engine,
    upstream: { baseURL: fake.baseURL, apiKey: 'sk-of-the-router' },
    keys: [{ hash: hashKey(KEY), subject: ANA }],
    ...options.router,
    attempts: { pauseMs: 0, ...options.router?.attempts },
  })
  ends.push(() => router.close())
  await router.ready()
  return { fake, engine, router }
}

/** The same by HTTP. */
export async function served({ router }: Setup): Promise<Served> {
  const one = await serve((request, info) => router(request, info), { port: 0 })
  ends.push(() => one.close())
  return one
}

export function post(
  router: Router,
  body: object,
  {
    path = '/chat/completions',
    key = KEY,
    headers = {},
    signal,
  }: {
    readonly path?: string
    readonly key?: string | null
    readonly headers?: Readonly<Record<string, string>>
    readonly signal?: AbortSignal
  } = {},
): Promise<Response> {
  return router(`http://router.test/v1${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  })
}

export function chatBody(text = 'Say hello.', more: object = {}): object {
  return { model: 'auto', messages: [{ role: 'user', content: text }], ...more }
}

/** Requests for inference that have reached the fake: which model each was for, and what it was answered. */
export function reached(
  fake: FakeOpenRouter,
): readonly (readonly [model: unknown, status: number])[] {
  return fake.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body, status }) => [(body as { model?: unknown }).model, status])
}

/** What is recorded of calls, in order, without those of other kinds. */
export function recorded(
  engine: TestEngine,
): readonly Pick<AuditRecord, 'kind' | 'status' | 'model' | 'cost_nusd'>[] {
  return engine
    .records()
    .filter(({ kind }) => kind === 'decision' || kind === 'outcome' || kind === 'route')
    .map(({ kind, status, model, cost_nusd }) => ({ kind, status, model, cost_nusd }))
}
