import { createTestEngine, type TestEngine } from '../testing/create-test-engine.ts'
import { governedFetch } from './governed-fetch.ts'
import type { GovernedFetchOptions } from './options.ts'
import { completion } from './upstream.fixture.ts'

export const POLICY = `
servers: [db, crm, help]
tools:
  - { name: look__up, server: help }
roles:
  - name: some
    rules:
      - { resources: ['model:openai/gpt-4o', 'model:x/*', openai.web_search, 'crm.*', look__up, db.read], verbs: [invoke] }
      - { effect: deny, resources: ['model:x/no'], verbs: [invoke] }
      - { effect: deny, resources: [crm.drop], verbs: [invoke] }
bindings:
  - { agent: bot, roles: [some] }
`
export const CHAT = 'https://api.openai.com/v1/chat/completions'
export const ASK = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }] }

export interface Asked {
  readonly engine: TestEngine
  readonly sent: { readonly url: string; readonly body: unknown; readonly headers: Headers }[]
  ask(body: unknown, init?: RequestInit, url?: string): Promise<Response>
}

type RequestInit = NonNullable<Parameters<typeof fetch>[1]>

/** A `fetch` that answers the same to everything, governed. */
export function governed(
  answer: unknown = completion({ content: 'hi' }),
  {
    policy = POLICY,
    ...options
  }: GovernedFetchOptions & { policy?: string; mode?: 'observe' } = {},
): Asked {
  const { mode = 'enforce', ...rest } = options as typeof options & { mode?: 'observe' | 'enforce' }
  const engine = createTestEngine({ policy, mode })
  const sent: Asked['sent'] = []
  const inner: typeof fetch = async (url, init) => {
    sent.push({ url: String(url), body: init?.body, headers: new Headers(init?.headers) })
    return answer instanceof Response ? answer.clone() : Response.json(answer)
  }
  const wrapped = governedFetch(inner, engine, { subject: { agent: 'bot' }, session: 's', ...rest })
  return {
    engine,
    sent,
    ask: (body, init = {}, url = CHAT) =>
      wrapped(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...init,
      }),
  }
}

/** Status, code and reason of an answer. */
export const outcome = async (response: Response): Promise<unknown[]> => {
  const body = (await response.json()) as {
    error?: { code?: string; decision?: { reason?: string } }
  }
  return [response.status, body.error?.code, body.error?.decision?.reason]
}
