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
    maxPrincipals: 2,
    maxBytes: 64 * 1024,
    generationMs: 30 * MINUTE,
    isolated: false,
  }
  const read = (agent: string) => ({ subject: { agent }, at: 0 })
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
  }
  const request = { event: 1, arguments: [{ ...leaf, role: 'content' as const }], egress: true }

  it('keeps the principals that were active last, and none for merely asking', () => {
    const carry = createCarry(bounds)
    for (const agent of ['a', 'b']) carry.received(response, read(agent), {})
    for (const agent of ['x', 'y', 'z']) carry.match(request, read(agent), {})
    carry.match(request, read('a'), {})
    carry.received(response, read('c'), {})
    const known = ['a', 'b', 'c'].filter(
      (agent) => carry.match(request, read(agent), {}).length > 0,
    )
    expect(known).toEqual(['a', 'c'])
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
    carry.received(response, read('a'), {})
    expect(carry.match(request, read('a'), {})).toEqual([])
  })
})
