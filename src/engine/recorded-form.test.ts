import { describe, expect, it } from 'vitest'
import { memorySink } from '../audit/memory.ts'
import { parsePolicy } from '../core/policy/parse.ts'
import { createPolicyEngine } from './create-policy-engine.ts'

// Put together so that no scanner takes it for a real one.
const KEY = ['AKIA', 'Q3EGRZ7VNB5XKT2M'].join('')
const base64 = (value: string): string => Buffer.from(value).toString('base64')

function engineWith(redaction: string) {
  const sink = memorySink()
  const policy = parsePolicy(`
redaction: ${redaction}
tools:
  - { name: cloud.keys, tags: [restricted, data_source] }
  - { name: mail.send, tags: [external_write] }
roles: [{ name: r, rules: [{ resources: ["*"], verbs: [invoke] }] }]
bindings: [{ agent: a, roles: [r] }]`)
  const engine = createPolicyEngine({ policy, audit: [sink], onDiagnostic: () => {} })
  return { sink, engine }
}

const from = { session: 's', subject: { agent: 'a' } }

describe('the arguments of a record', () => {
  it.each([
    ['base64', base64],
    ['hexadecimal', (value: string) => Buffer.from(value).toString('hex')],
    ['letters backwards', (value: string) => [...value].reverse().join('')],
  ])('hold no secret in %s', async (_form, encode) => {
    const { sink, engine } = engineWith('{ on: [record] }')
    const args = { to: 'ops', body: `see ${encode(KEY)} there` }
    await engine.begin({ ...from, resource: 'x.y', arguments: args })
    expect(sink.records()[0]?.arguments).toEqual({
      to: 'ops',
      body: 'see [encoded_secret] there',
    })
  })

  it('are left out where a secret that the session has read is recognized in them', async () => {
    const { sink, engine } = engineWith('{ on: [record] }')
    await engine.guard({ ...from, resource: 'cloud.keys', arguments: {} }, () => ({
      password: 'hunter2-Correct-horse-77',
    }))
    const args = { to: 'x@example.com', body: `use ${base64('hunter2-Correct-horse-77')} today` }
    await engine.begin({ ...from, resource: 'mail.send', arguments: args })
    expect(sink.records().at(-1)).toMatchObject({
      reason: 'behavior_blocked',
      arguments: { omitted: 'secret_found' },
    })
  })
})

describe('the record of a call over a limit', () => {
  it.each([
    ['per_session: { per_hour: 1 }', 'rate_limited', 'per_session.per_hour'],
    ['principals: [{ agent: a, per_hour: 1 }]', 'rate_limited', 'principals[0].per_hour'],
    ['budgets: [{ name: few, calls: 1 }]', 'budget_exceeded', 'budgets.few.calls'],
    ['budgets: [{ calls: 1 }]', 'budget_exceeded', 'budgets[0].calls'],
    ['budgets: [{ calls: 1, action: escalate }]', 'approval_required', 'budgets[0].calls'],
  ])('says which, and no rule: %s', async (limits, reason, constraint) => {
    const sink = memorySink()
    const policy = parsePolicy(`
limits: { ${limits} }
roles: [{ name: r, rules: [{ resources: ["*"], verbs: [invoke] }] }]
bindings: [{ agent: a, roles: [r] }]`)
    const engine = createPolicyEngine({ policy, audit: [sink], onDiagnostic: () => {} })
    for (const _ of [1, 2])
      await engine.guard({ ...from, resource: 'x.y', arguments: {} }, () => 1).catch(() => {})
    const denied = sink.records().find(({ status }) => status === 'denied')
    expect(denied).toMatchObject({ reason, constraint, gate: 'rate_limit', rule: null })
  })
})

describe('a redacted response', () => {
  it.each([
    ['{}', '[encoded_secret]'],
    ['{ kinds: [npm_token] }', base64(KEY)],
    ['{ classes: [pii] }', base64(KEY)],
  ])('under `redaction: %s` holds %s for a secret in base64', async (redaction, note) => {
    const { engine } = engineWith(redaction)
    const call = { ...from, resource: 'x.y', arguments: {} }
    expect(await engine.guard(call, () => ({ note: base64(KEY) }))).toEqual({ note })
  })
})
