import { describe, expect, it } from 'vitest'
import { memorySink } from '../audit/memory.ts'
import type { Gate } from '../core/model/ports.ts'
import {
  callOf,
  mailWith,
  openEngine,
  readSecret,
  ruleOf,
  SECRET,
  step,
} from './behavior.fixture.ts'

const OTHER = ['sk', 'live', 'Zt4W8c9LrXv2KpB1nYd3FsQ7'].join('-')
const DENY_CRM = ['- { effect: deny, resources: [crm.note], verbs: [invoke] }']

async function stopped(options: Parameters<typeof openEngine>[0] = {}, rules: string[] = []) {
  const engine = openEngine({ mode: 'observe', ...options }, '', rules)
  await readSecret(engine)
  await step(engine, mailWith(SECRET))
  return engine
}

describe('a session that observing would have stopped', () => {
  it('is denied by its session, and what its later calls do is found all the same', async () => {
    const sink = memorySink()
    const engine = await stopped({ audit: [sink] })
    await step(engine, callOf('db.query', {}), { rows: [{ api_key: OTHER }] })
    const { ticket, outcome } = await step(engine, mailWith(`and ${OTHER}`))
    const { effect, reason, gate, enforced, rule, findings } = ticket.decision
    expect({ effect, reason, gate, enforced, rule, sent: outcome?.ok }).toEqual({
      effect: 'deny',
      reason: 'session_terminated',
      gate: 'session',
      enforced: false,
      rule: null,
      sent: true,
    })
    expect(findings.find((one) => one.rule === 'secret_relay')?.sources).toEqual([6])
    expect(engine.behavior('s').edges.some(({ from, to }) => from === 6 && to === 7)).toBe(true)
    const record = sink.records().findLast(({ kind }) => kind === 'decision')
    expect([record?.reason, record?.findings.map((one) => one.rule)]).toEqual([
      'session_terminated',
      findings.map((one) => one.rule),
    ])
  })

  it('has its responses looked at too', async () => {
    const engine = await stopped({ rules: [ruleOf('response')] })
    const before = engine.behavior('s').findings.length
    await step(engine, callOf('web.read', {}))
    expect(engine.behavior('s').findings.length).toBe(before + 1)
  })

  it('is not judged further where it is enforced', async () => {
    const engine = await stopped({ mode: 'enforce' })
    const { ticket } = await step(engine, mailWith(`again ${SECRET}`))
    expect([ticket.decision.reason, ticket.decision.findings]).toEqual(['session_terminated', []])
  })

  it('shows nothing of a call that RBAC would have denied, as before it was stopped', async () => {
    const engine = await stopped({}, DENY_CRM)
    const { ticket } = await step(engine, callOf('crm.note', { text: SECRET }))
    expect([ticket.decision.reason, ticket.decision.findings]).toEqual(['session_terminated', []])
  })

  it('keeps its own denial where judging further fails', async () => {
    let fails = false
    const gate: Gate = {
      name: 'host',
      check: () => (fails ? Promise.reject(new Error('boom')) : { kind: 'pass' }),
    }
    const engine = await stopped({ gates: [gate], rules: [ruleOf('request')] })
    const before = await step(engine, mailWith('hello'))
    fails = true
    const { ticket } = await step(engine, mailWith('hello'))
    expect(before.ticket.decision.findings.length).toBe(1)
    expect([ticket.decision.reason, ticket.decision.findings]).toEqual(['session_terminated', []])
  })
})
