import { describe, expect, it } from 'vitest'
import { parsePolicy } from '../core/policy/parse.ts'
import { createTestEngine } from '../testing/create-test-engine.ts'
import { governedFetch } from './governed-fetch.ts'
import { completion } from './upstream.fixture.ts'

const POLICY = `
rate_limits: [{ agent: bot, per_minute: 1 }]
roles:
  - name: some
    rules: [{ resources: ['model:openai/gpt-4o'], verbs: [invoke] }]
bindings:
  - { agent: bot, roles: [some] }
`

/** A client that tries again: the first attempts fail. */
function attempts(failures: number, status = 500) {
  const engine = createTestEngine({ policy: POLICY })
  let left = failures
  let sent = 0
  const inner: typeof fetch = async () => {
    sent++
    return left-- > 0
      ? Response.json({ error: { message: 'busy' } }, { status })
      : Response.json(completion({ content: 'hi' }))
  }
  const governed = governedFetch(inner, engine, {
    subject: { agent: 'bot' },
    session: ({ headers }) => headers['x-session'] ?? 's',
  })
  const attempt = (count: number, content = 'x', session = 's') =>
    governed('https://x/v1/chat/completions', {
      method: 'POST',
      headers: { 'x-stainless-retry-count': String(count), 'x-session': session },
      body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content }] }),
    })
  return {
    engine,
    attempt,
    sent: () => sent,
    statuses: () => engine.records().map((one) => one.status),
  }
}

describe('attempts of a client', () => {
  it('are one call: one record, one piece of each limit', async () => {
    const { attempt, statuses } = attempts(2)
    const got = [await attempt(0), await attempt(1), await attempt(2)].map(({ status }) => status)
    expect([got, statuses()]).toEqual([
      [500, 500, 200],
      ['pending', 'success'],
    ])
  })

  it('are judged again each time', async () => {
    const { engine, attempt, sent, statuses } = attempts(1)
    await attempt(0)
    engine.reload(parsePolicy(POLICY.replace('gpt-4o', 'gpt-5')))
    expect([(await attempt(1)).status, sent(), statuses()]).toEqual([
      403,
      1,
      expect.arrayContaining(['pending', 'failed']),
    ])
  })

  it('are another call where they say something else, or follow none that has failed', async () => {
    const { attempt, sent } = attempts(1)
    const first = await attempt(0)
    expect([first.status, (await attempt(1, 'other')).status, sent()]).toEqual([500, 429, 1])
    const fresh = attempts(0)
    await fresh.attempt(3)
    expect([(await fresh.attempt(4)).status, fresh.statuses()]).toEqual([
      429,
      ['pending', 'success', 'denied'],
    ])
  })

  it('are those of one session alone', async () => {
    const { attempt, statuses } = attempts(1)
    const got = [await attempt(0), await attempt(1, 'x', 'another')].map(({ status }) => status)
    expect([got, statuses()]).toEqual([
      [500, 429],
      ['pending', 'denied'],
    ])
  })

  it('are over where the answer is not to be tried again', async () => {
    const { attempt, statuses } = attempts(1, 400)
    await attempt(0)
    expect(statuses()).toEqual(['pending', 'failed'])
  })
})
