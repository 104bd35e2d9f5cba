import { describe, expect, it } from 'vitest'
import type { Subject } from '../core/model/call.ts'
import { callOf, mailWith, openEngine, readSecret, SECRET, step } from './behavior.fixture.ts'
import { createCarry } from './carry.ts'

const MINUTE = 60_000
const HARMLESS = callOf('web.read', { page: 1 })

interface World {
  readonly engine: ReturnType<typeof openEngine>
  pass(minutes: number): void
}

function openWorld(): World {
  let now = Date.UTC(2026, 0, 1)
  return {
    engine: openEngine({ clock: { now: () => now } }),
    pass(minutes) {
      now += minutes * MINUTE
    },
  }
}

async function reasonOf(
  { engine }: World,
  session: string,
  subject: Subject = { agent: 'bot' },
): Promise<string> {
  const { ticket } = await step(engine, mailWith(`key ${SECRET}`, { session, subject }))
  return ticket.decision.reason
}

describe('what a principal has read', () => {
  it.each<[string, Subject, Subject, string]>([
    ['is held against the same agent', { agent: 'a' }, { agent: 'a' }, 'behavior_blocked'],
    ['is not another agent’s', { agent: 'a' }, { agent: 'b' }, 'allowed'],
    [
      'is held against the same agent of the same user',
      { agent: 'a', user: 'u' },
      { agent: 'a', user: 'u' },
      'behavior_blocked',
    ],
    [
      'is held against another agent of the same user, for they share sessions',
      { agent: 'a', user: 'u', tenant: 't' },
      { agent: 'b', user: 'u', tenant: 't' },
      'behavior_blocked',
    ],
    ['is not the agent’s without its user', { agent: 'a', user: 'u' }, { agent: 'a' }, 'allowed'],
    ['is not another user’s', { agent: 'a', user: 'u' }, { agent: 'a', user: 'v' }, 'allowed'],
    ['is not another tenant’s', { agent: 'a', tenant: 'm' }, { agent: 'a' }, 'allowed'],
    [
      'is told by parts, and not by their sum',
      { agent: 'a', user: 'b","c' },
      { agent: 'c', user: 'a","b' },
      'allowed',
    ],
  ])('%s in another session', async (_, reader, sender, reason) => {
    const world = openWorld()
    await readSecret(world.engine, { session: 'one', subject: reader })
    expect(await reasonOf(world, 'two', sender)).toBe(reason)
  })

  it('is the reading agent’s, also where another began the session', async () => {
    const world = openWorld()
    await step(world.engine, { ...HARMLESS, session: 'one', subject: { agent: 'first' } })
    await readSecret(world.engine, { session: 'one', subject: { agent: 'second' } })
    const reasons = []
    for (const agent of ['first', 'second'])
      reasons.push(await reasonOf(world, `of ${agent}`, { agent }))
    expect(reasons).toEqual(['allowed', 'behavior_blocked'])
  })

  it('is not washed off by ending the session and beginning it again', async () => {
    const world = openWorld()
    await readSecret(world.engine, { session: 'one' })
    await world.engine.endSession('one')
    expect(await reasonOf(world, 'one')).toBe('behavior_blocked')
  })

  it.each([
    [0, 'behavior_blocked'],
    [29, 'behavior_blocked'],
    [31, 'behavior_blocked'],
    [59, 'behavior_blocked'],
    [61, 'allowed'],
    [600, 'allowed'],
  ])('is held against a session that begins %i minutes later: %s', async (minutes, reason) => {
    const world = openWorld()
    await readSecret(world.engine, { session: 'one' })
    world.pass(minutes)
    expect(await reasonOf(world, 'two')).toBe(reason)
  })

  it('is kept for half an hour at least, however busy its principal is', async () => {
    const world = openWorld()
    for (let hour = 0; hour < 4; hour++) {
      await step(world.engine, { ...HARMLESS, session: `at ${hour}` })
      world.pass(17)
    }
    await readSecret(world.engine, { session: 'one' })
    for (let minutes = 0; minutes < 29; minutes += 7) {
      world.pass(7)
      await step(world.engine, mailWith('hello', { session: `later ${minutes}` }))
    }
    expect(await reasonOf(world, 'two')).toBe('behavior_blocked')
  })

  it('grows old while its sessions go on', async () => {
    const world = openWorld()
    await step(world.engine, { ...HARMLESS, session: 'two' })
    await readSecret(world.engine, { session: 'one' })
    world.pass(90)
    expect(await reasonOf(world, 'two')).toBe('allowed')
  })

  it('is held only against what it clearly matches: prose that is alike is not', async () => {
    const world = openWorld()
    const note = { rows: [{ note: 'The order of March was delivered to the warehouse on time.' }] }
    await step(world.engine, callOf('db.query', {}, { session: 'one' }), note)
    const body = 'The order of April will be delivered to the customer on time.'
    const { ticket } = await step(world.engine, mailWith(body, { session: 'two' }))
    expect(ticket.decision.reason).toBe('allowed')
  })
})

describe('a carry', () => {
  const bounds = {
    key: new Uint8Array(16).fill(1),
    maxBytes: 1024 * 1024,
    maxPrincipalBytes: 64 * 1024,
    maxDropped: 100,
    generationMs: 30 * MINUTE,
    isolated: false,
  }
  const read = (agent: string, minutes = 0) => ({ subject: { agent }, at: minutes * MINUTE })
  const leaf = { key: 'api_key', text: SECRET, record: 1, kind: 'field' } as const
  const response = {
    event: 0,
    origin: {
      event: 0,
      resource: 'db.query',
      server: 'db',
      scope: undefined,
      restricted: true,
      outside: true,
    },
    leaves: [leaf],
    secrets: [{ leaf: 0, start: 0, end: SECRET.length }],
    sources: [],
    unread: false,
  }
  const request = { event: 1, arguments: [{ ...leaf, role: 'content' as const }], egress: true }

  /** The bytes of one principal that has read once. */
  const one = (() => {
    const carry = createCarry(bounds)
    carry.received(response, read('a'), {})
    return carry.bytes
  })()
  /** Room for two such. */
  const narrow = { ...bounds, maxBytes: Math.round(2.5 * one) }
  const AGENTS = ['a', 'b', 'c'] as const
  const knownTo = (carry: ReturnType<typeof createCarry>, minutes = 0): readonly string[] =>
    AGENTS.filter((agent) => carry.match(request, read(agent, minutes), {}).length > 0)
  const forgottenBy = (
    carry: ReturnType<typeof createCarry>,
    minutes = 0,
    reader = {},
  ): readonly string[] =>
    [...AGENTS, 'x'].filter((agent) => carry.forgot(read(agent, minutes), reader))

  it('keeps the principals that were active last, and none for merely asking', () => {
    const carry = createCarry(narrow)
    for (const agent of ['a', 'b']) carry.received(response, read(agent), {})
    for (const agent of ['x', 'y', 'z']) carry.match(request, read(agent), {})
    carry.match(request, read('a'), {})
    carry.received(response, read('c'), {})
    expect(knownTo(carry)).toEqual(['a', 'c'])
  })

  it('stays within its bytes, but for the principal that read last', () => {
    const carry = createCarry({ ...bounds, maxBytes: 10 * one })
    const text = (at: number): string => `${SECRET}${at}`
    for (let at = 0; at < 300; at++) {
      const leaves = [{ ...leaf, text: text(at) }]
      const secrets = [{ leaf: 0, start: 0, end: text(at).length }]
      carry.received({ ...response, leaves, secrets }, read(`agent ${at % 60}`, at / 60), {})
    }
    expect([carry.bytes > 5 * one, carry.bytes <= 12 * one + 100 * 512]).toEqual([true, true])
  })

  it('says whose readings it dropped, but not to the watch that alone had read them', () => {
    let told = 0
    const carry = createCarry({ ...narrow, onForgotten: () => told++ })
    const readers = AGENTS.map((agent) => {
      const reader = {}
      carry.received(response, read(agent), reader)
      return reader
    })
    expect([forgottenBy(carry), forgottenBy(carry, 0, readers[0]), told]).toEqual([['a'], [], 1])
  })

  it('says it to both once a second watch has had its readings dropped', () => {
    const carry = createCarry(narrow)
    const readers = [{}, {}]
    for (const reader of readers) {
      carry.received(response, read('a'), reader)
      for (const agent of ['b', 'c']) carry.received(response, read(agent), {})
    }
    expect(readers.map((reader) => forgottenBy(carry, 0, reader).includes('a'))).toEqual([
      true,
      true,
    ])
  })

  it.each([
    [0, ['a']],
    [60, ['a']],
    [61, []],
  ])('says so as long as it might have known them: after %i minutes', (minutes, names) => {
    const carry = createCarry(narrow)
    for (const agent of AGENTS) carry.received(response, read(agent), {})
    expect(forgottenBy(carry, minutes)).toEqual(names)
  })

  it('drops what is too old to count without a word', () => {
    const carry = createCarry(narrow)
    carry.received(response, read('a'), {})
    for (const agent of ['b', 'c']) carry.received(response, read(agent, 61), {})
    expect(forgottenBy(carry, 61)).toEqual([])
  })

  it('says so however many were dropped since', () => {
    const carry = createCarry({ ...narrow, maxDropped: 2 })
    for (const agent of AGENTS) carry.received(response, read(agent), {})
    for (let at = 0; at < 50; at++) carry.received(response, read(`agent ${at}`), {})
    expect([forgottenBy(carry), forgottenBy(carry, 500)]).toEqual([['a', 'b', 'c'], []])
  })

  it('says so of a principal that has read more than there is room for', () => {
    const carry = createCarry({ ...bounds, maxPrincipalBytes: 4_096 })
    const reader = {}
    for (let at = 0; at < 500; at++) {
      const text = `${SECRET}${at}`
      const secrets = [{ leaf: 0, start: 0, end: text.length }]
      carry.received({ ...response, leaves: [{ ...leaf, text }], secrets }, read('a'), reader)
    }
    expect([forgottenBy(carry), forgottenBy(carry, 0, reader)]).toEqual([['a'], []])
  })

  it('says so of what could not be looked at', () => {
    const carry = createCarry(bounds)
    const reader = {}
    carry.received({ ...response, unread: true }, read('a'), reader)
    expect([forgottenBy(carry), forgottenBy(carry, 0, reader)]).toEqual([['a'], []])
  })

  it('says nothing to the only watch that has read, and everything once there are two', () => {
    const [carry, one, other] = [createCarry(bounds), {}, {}]
    const known = (): boolean[] =>
      [one, other].map((reader) => carry.match(request, read('a'), reader).length > 0)
    carry.received(response, read('a'), one)
    const first = known()
    carry.received(response, read('a'), other)
    expect([first, known()]).toEqual([
      [false, true],
      [true, true],
    ])
  })

  it('says nothing at all where sessions are to be apart', () => {
    const carry = createCarry({ ...bounds, isolated: true })
    carry.received({ ...response, unread: true }, read('a'), {})
    expect([carry.match(request, read('a'), {}), forgottenBy(carry), carry.bytes]).toEqual([
      [],
      [],
      0,
    ])
  })
})

describe('an engine with little room for what outlives sessions', () => {
  it('asks about what a principal sends from another session whose readings were dropped', async () => {
    const said: string[] = []
    const engine = openEngine({
      limits: { maxBehaviorBytes: 128 * 1024 },
      onDiagnostic: ({ code }) => said.push(code),
    })
    const agents = Array.from({ length: 9 }, (_, index) => `agent ${index}`)
    for (const agent of agents) await readSecret(engine, { session: agent, subject: { agent } })
    const reasonOf = async (agent: string): Promise<string> => {
      const hello = mailWith('hello', { session: `next of ${agent}`, subject: { agent } })
      return (await step(engine, hello)).ticket.decision.reason
    }
    expect([await reasonOf('agent 0'), await reasonOf('agent 8'), await reasonOf('new')]).toEqual([
      'approval_required',
      'allowed',
      'allowed',
    ])
    expect(said).toContain('principal_forgotten')
  })
})
