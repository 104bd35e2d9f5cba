import { afterEach, describe, expect, it } from 'vitest'
import { eventsOf, type ReceivedEvent, take } from '../audit/stream/stream.fixture.ts'
import type { AuditRecord } from '../core/model/audit-record.ts'
import type { Subject } from '../core/model/call.ts'
import type { IdentityProvider } from '../core/model/ports.ts'
import { serve } from '../http/serve.ts'
import { createTestEngine, type TestEngineOptions } from '../testing/create-test-engine.ts'
import { createGatewayEvents } from './events.ts'
import { httpFront } from './http-front.ts'
import { createReloads } from './reloads.ts'
import { sidePort } from './side-port.ts'

const POLICY = `
roles: [{ name: reader, rules: [{ resources: [db.read], verbs: [invoke] }] }]
bindings: [{ agent: bot, roles: [reader] }]
`
const CALL = { session: 's', resource: 'db.read', arguments: {} }
const ADA: Subject = { agent: 'bot', user: 'ada', tenant: 'acme' }
const BEN: Subject = { agent: 'bot', user: 'ben', tenant: 'acme' }
const TOKENS = new Map([
  ['Bearer ada', ADA],
  ['Bearer ben', BEN],
])

/** Knows who has which token; who has none is anonymous, who has another is nobody. */
const byToken: IdentityProvider = {
  identify({ headers = {} }) {
    const token = headers['authorization']
    if (token === undefined) return undefined
    const subject = TOKENS.get(token)
    if (subject === undefined) throw new Error('no such token')
    return subject
  },
}

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function setUp(
  options: Partial<TestEngineOptions> = {},
  subject?: Subject,
  maxAgeMs?: number,
) {
  const engine = createTestEngine({ policy: POLICY, identity: byToken, ...options })
  const events = createGatewayEvents(engine, subject, maxAgeMs)
  const notMcp = async () => new Response(null, { status: 500 })
  const measure = (): never => {
    throw new Error('nobody asks')
  }
  const reloads = createReloads(
    engine,
    () => Promise.reject(new Error('no')),
    () => undefined,
  )
  const front = await serve(httpFront(engine, notMcp, events), { port: 0 })
  const side = await serve(sidePort({ measure, reloads, isDraining: () => false, events }), {
    port: 0,
  })
  cleanups.push(() => Promise.all([front.close(), side.close(), engine.close()]))
  cleanups.push(() => events.close())
  const listen = (base: string, token?: string) =>
    fetch(`${base}/events`, token === undefined ? {} : { headers: { authorization: token } })
  return { engine, events, front: front.url, side: side.url, listen }
}

const framesOf = (response: Response): AsyncGenerator<ReceivedEvent> => {
  if (response.body === null) throw new Error(`the answer has no body: ${response.status}`)
  return eventsOf(response.body)
}
const userOf = ({ data }: ReceivedEvent): string | null =>
  (data as { record?: AuditRecord }).record?.user_id ?? null

describe('events of a gateway', () => {
  it('tell each caller what is about their user, and operators everything', async () => {
    const { engine, events, front, side, listen } = await setUp()
    const [ada, ben, all] = (
      await Promise.all([listen(front, 'Bearer ada'), listen(front, 'Bearer ben'), listen(side)])
    ).map(framesOf)
    if (ada === undefined || ben === undefined || all === undefined) throw new Error('three')
    for (const token of ['ada', 'ben', 'ada'])
      await engine.guard(
        { ...CALL, session: token, credentials: { headers: { authorization: `Bearer ${token}` } } },
        () => 1,
      )
    events.print('reloaded')
    const families = ['system', 'analytics', 'system']
    expect((await take(ada, 5)).map(({ event }) => event)).toEqual([
      ...families,
      'system',
      'system',
    ])
    expect((await take(ben, 3)).map(userOf)).toEqual(['ben', null, 'ben'])
    const seen = await take(all, 9)
    expect(seen.filter(({ event }) => event === 'system').map(userOf)).toEqual([
      ...['ada', 'ada', 'ben', 'ben', 'ada', 'ada'],
    ])
    expect(seen.at(-1)).toMatchObject({
      event: 'cli',
      data: { type: 'cli', command: 'gateway', stream: 'stderr', text: 'reloaded' },
    })
  })

  it.each([
    ['a token that nobody has', 'Bearer eve', 401],
    ['no token', undefined, 403],
  ])('tell nothing to %s', async (_who, token, status) => {
    const { front, listen } = await setUp()
    const answer = await listen(front, token)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      status,
      'text/plain; charset=utf-8',
    ])
  })

  it('leave a record of each who is not known, and a word of the scanner where there are many', async () => {
    const { engine, front, listen } = await setUp({
      policy: `${POLICY}\nscanner: { enabled: true }`,
    })
    for (let round = 0; round < 3; round++) await (await listen(front, 'Bearer eve')).text()
    const tried = engine.records().filter(({ resource }) => resource === 'gateway.events')
    expect(tried.map(({ status, reason }) => `${status} ${reason}`)).toEqual(
      Array.from({ length: 3 }, () => 'denied token_invalid'),
    )
  })

  it('end after a while, so that their reader proves again who they are', async () => {
    const { front, listen } = await setUp({}, undefined, 50)
    expect(await take(framesOf(await listen(front, 'Bearer ada')), 1)).toEqual([])
    TOKENS.set('Bearer old', { ...ADA, proof: { method: 'jwt', expires_at: Date.now() + 50 } })
    const { front: other } = await setUp()
    expect(await take(framesOf(await listen(other, 'Bearer old')), 1)).toEqual([])
    TOKENS.delete('Bearer old')
  })

  it('tell whom the gateway was started for what is theirs, where nobody proves who calls', async () => {
    const { engine, front, listen } = await setUp({ identity: 'host' }, ADA)
    const frames = framesOf(await listen(front))
    await engine.guard({ ...CALL, subject: BEN }, () => 1)
    await engine.guard({ ...CALL, session: 'other', subject: ADA }, () => 1)
    expect((await take(frames, 1)).map(userOf)).toEqual(['ada'])
  })

  it('are asked for with GET, on either port', async () => {
    const { front, side } = await setUp()
    const headers = { authorization: 'Bearer ada' }
    const answers = [
      await fetch(`${front}/events`, { method: 'POST', headers }),
      await fetch(`${side}/events`, { method: 'POST' }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([405, 405])
  })

  it('end when they are closed, and nothing is listened to any more', async () => {
    const { engine, events, side, listen } = await setUp({ identity: 'host' })
    const frames = framesOf(await listen(side))
    events.close()
    expect(await take(frames, 1)).toEqual([])
    await engine.guard({ ...CALL, subject: ADA }, () => 1)
    expect([engine.diagnostics(), (await listen(side)).status]).toEqual([[], 503])
  })

  it('do not count as a place where records are kept', async () => {
    const { engine, front, listen } = await setUp({
      audit: [{ name: 'broken', write: () => Promise.reject(new Error('full')) }],
    })
    const frames = framesOf(await listen(front, 'Bearer ada'))
    const credentials = { headers: { authorization: 'Bearer ada' } }
    await engine.guard({ ...CALL, credentials }, () => 1)
    expect((await take(frames, 1)).map(userOf)).toEqual(['ada'])
  })

  it('are not there where nobody has asked for them', async () => {
    const engine = createTestEngine({ policy: POLICY })
    const reloads = createReloads(
      engine,
      () => Promise.reject(new Error('no')),
      () => undefined,
    )
    const measure = (): never => {
      throw new Error('nobody asks')
    }
    const ports = [
      await serve(
        httpFront(engine, async () => new Response(null)),
        { port: 0 },
      ),
      await serve(sidePort({ measure, reloads, isDraining: () => false }), { port: 0 }),
    ]
    cleanups.push(() => Promise.all(ports.map((port) => port.close())))
    const answers = await Promise.all(ports.map(({ url }) => fetch(`${url}/events`)))
    expect(answers.map(({ status }) => status)).toEqual([404, 404])
    expect(await answers[1]?.text()).not.toContain('/events')
  })
})
