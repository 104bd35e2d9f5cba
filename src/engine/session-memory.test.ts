import { describe, expect, it } from 'vitest'
import type { Rule, RuleFinding } from '../core/behavior/rule.ts'
import type { Watch } from '../core/behavior/watch.ts'
import { callOf, mailWith, openEngine, readSecret, ruleOf, step } from './behavior.fixture.ts'
import type { Diagnostic } from './options.ts'
import { groupOf, openTable, watchOf } from './session-table.fixture.ts'
import type { Group } from './session-table.ts'

describe('a session table of several tenants', () => {
  const ofTenant = (tenant: string, id: string, watch?: Watch): Group => {
    const group = groupOf(id, watch)
    return { ...group, sessions: group.sessions.map((session) => ({ ...session, tenant })) }
  }

  it('drops watches of the tenant that holds most, whoever came first', () => {
    const { add } = openTable(10, 100)
    const victim = add(ofTenant('small', 'v', watchOf(30, true)))
    const flood = ['a', 'b', 'c'].map((id) => add(ofTenant('large', id, watchOf(35))))
    expect([victim, ...flood].map(({ watch }) => watch !== undefined)).toEqual([
      true,
      false,
      true,
      true,
    ])
  })

  it('drops sessions of the tenant that holds most, whoever came first', () => {
    const { table, add } = openTable(3, 1_000)
    add(ofTenant('small', 'v'))
    for (const id of ['a', 'b', 'c', 'd']) add(ofTenant('large', id))
    expect(['v', 'a', 'b', 'c', 'd'].filter((id) => table.get(id) !== undefined)).toEqual([
      'v',
      'c',
      'd',
    ])
  })

  it('says which were dropped of whom: the same id of another is under no suspicion', () => {
    const { table, add } = openTable(1, 1_000)
    add(ofTenant('m', 'a', watchOf(10, true)))
    add(ofTenant('m', 'b'))
    const known = ['m', 'v', undefined].map((tenant) => table.hasForgotten('a', { tenant }))
    expect([known, table.hasForgotten('a', { tenant: 'm', user: 'u' })]).toEqual([
      [true, false, false],
      false,
    ])
  })
})

describe('a session whose watch is dropped for want of room', () => {
  const found = { rule: 'r', severity: 'high', confidence: 1, message: 'm', trigger: 1 } as const
  const finding = { ...found, sources: [], action: 'warn', score: 50 } as const

  it('keeps what was found in it, and its sum', () => {
    const { add } = openTable(10, 1_000)
    const watch = watchOf(800)
    watch.ledger.admit([finding])
    const session = add(groupOf('a', watch))
    add(groupOf('b', watchOf(500)))
    expect([session.watch, session.ledger?.risk, session.ledger?.findings.length]).toEqual([
      undefined,
      50,
      1,
    ])
  })

  it('keeps the sum alone where there is no room for the rest either', () => {
    const { add } = openTable(10, 1_000)
    const watch = watchOf(800)
    watch.ledger.admit([finding])
    const session = add(groupOf('a', watch))
    add(groupOf('b', watchOf(2_000)))
    expect([session.ledger?.risk, session.ledger?.bytes]).toEqual([50, 0])
  })

  it('that has seen text which speaks to the model is one that forgot', () => {
    const { add } = openTable(10, 100)
    const watch = Object.defineProperties(watchOf(80), { suspicious: { value: true } })
    const session = add(groupOf('a', watch))
    add(groupOf('b', watchOf(50)))
    expect(session.forgot).toBe(true)
  })

  it('or that goes itself, warned as it was, is one that forgot', () => {
    const { table, add } = openTable(1, 100)
    add(groupOf('a', undefined, 'warn'))
    add(groupOf('b'))
    expect(table.hasForgotten('a', undefined)).toBe(true)
  })

  it('is one that forgot also after it was ended', () => {
    const { table, add } = openTable(10, 1_000)
    const group = groupOf('a', watchOf(10))
    for (const session of group.sessions) session.forgot = true
    add(group)
    table.end('a', () => true)
    expect(table.hasForgotten('a', undefined)).toBe(true)
  })
})

describe('an engine with little room', () => {
  const read = (session: string) => callOf('web.read', {}, { session, subject: { agent: session } })

  it('counts what calls bring that nobody ever finishes', async () => {
    const engine = openEngine({ limits: { maxBehaviorBytes: 200_000 } })
    await readSecret(engine, { session: 'tainted', subject: { agent: 'tainted' } })
    const words = Array.from({ length: 9_000 }, (_, index) => `Val${index * 7919}Qx`).join(' ')
    await engine.begin(callOf('web.read', {}, { session: 'other', task: words }))
    const hello = mailWith('hello', { session: 'tainted', subject: { agent: 'tainted' } })
    const { ticket } = await step(engine, hello)
    expect(ticket.decision.findings[0]?.message).toContain('dropped for want of room')
  })

  it.each<[string, Partial<Rule>]>([
    ['what rules of the host remember', { remember: () => ['x'.repeat(150_000)] }],
    ['what was found', { evaluate: (event) => manyFindings(event.number) }],
  ])('counts %s', async (_, part) => {
    const rule: Rule = { ...ruleOf('request', { score: 0 }), evaluate: () => undefined, ...part }
    const engine = openEngine({ rules: [rule], limits: { maxBehaviorBytes: 200_000 } })
    for (const id of ['tainted', 'other'])
      await readSecret(engine, { session: id, subject: { agent: id } })
    const hello = mailWith('hello', { session: 'tainted', subject: { agent: 'tainted' } })
    const { ticket } = await step(engine, hello)
    const messages = ticket.decision.findings.map(({ message }) => message)
    expect(messages.some((text) => text.includes('dropped for want of room'))).toBe(true)
  })

  it('goes on with the risk that a session had', async () => {
    const rule = ruleOf('request', { score: 30 })
    const engine = openEngine({ rules: [rule], limits: { maxBehaviorBytes: 20_000 } })
    await step(engine, callOf('web.read', {}))
    const filling = { text: 'much to read '.repeat(99) }
    for (const session of ['b', 'c']) await step(engine, read(session), filling)
    await step(engine, callOf('web.read', {}))
    expect([engine.session('s').risk, engine.behavior('s').findings.length]).toEqual([45, 2])
  })

  it('asks about what a session sends that was dropped, and not about what others send', async () => {
    const diagnostics: Diagnostic[] = []
    const engine = openEngine({
      limits: { maxSessions: 2 },
      onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
    })
    await readSecret(engine, { session: 'tainted', subject: { agent: 'tainted' } })
    for (const session of ['b', 'c', 'd']) await step(engine, read(session))
    const reasons = []
    for (const session of ['tainted', 'b', 'new']) {
      const hello = mailWith('hello', { session, subject: { agent: session } })
      reasons.push((await step(engine, hello)).ticket.decision.reason)
    }
    expect([reasons, [...new Set(diagnostics.map(({ code }) => code))]]).toEqual([
      ['approval_required', 'allowed', 'allowed'],
      ['session_forgotten'],
    ])
  })

  it('asks the same of a session whose watch alone was dropped', async () => {
    const engine = openEngine({ limits: { maxBehaviorBytes: 4_096 } })
    await readSecret(engine, { session: 'tainted', subject: { agent: 'tainted' } })
    await step(engine, read('other'), { text: 'much to read '.repeat(99) })
    const { ticket } = await step(
      engine,
      mailWith('hello', { session: 'tainted', subject: { agent: 'tainted' } }),
    )
    expect(ticket.decision.reason).toBe('approval_required')
  })
})

function manyFindings(trigger: number): readonly RuleFinding[] {
  const found = { severity: 'low', confidence: 1, trigger, sources: [], action: 'warn' } as const
  return Array.from({ length: 150 }, (_, index) => ({
    ...found,
    rule: 'host_rule',
    message: 'm'.repeat(400),
    score: 0,
    cause: `${index}`,
  }))
}
