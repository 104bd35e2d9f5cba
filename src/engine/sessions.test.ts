import { describe, expect, it } from 'vitest'
import type { Watch } from '../core/behavior/watch.ts'
import type { AuditRecord } from '../core/model/audit-record.ts'
import type { Subject } from '../core/model/call.ts'
import { engineWith, READ } from './engine.fixture.ts'
import { createSessions, type Session, type SessionOwner, type Sessions } from './sessions.ts'

describe('sessions', () => {
  it('count their calls, those denied apart', async () => {
    const { engine } = engineWith({ clock: { now: () => 7 } })
    await engine.begin(READ)
    await engine.begin({ ...READ, arguments: { table: 'x' } })
    expect(engine.session('s1')).toEqual({
      id: 's1',
      sequence: 2,
      events: 2,
      disposition: 'allow',
      risk: 0,
      started_at: 7,
      denied: 1,
    })
  })

  it('deny every call once terminated, and cannot be resumed or ended open', async () => {
    const { engine } = engineWith()
    await engine.terminate('s1', { by: 'ops' })
    await engine.resume('s1', { by: 'ops' })
    await engine.endSession('s1')
    const { decision } = await engine.begin(READ)
    expect([decision.reason, decision.gate, decision.disposition]).toEqual([
      'session_terminated',
      'session',
      'terminate',
    ])
  })

  it('never fall by themselves; a person can resume a paused one', () => {
    const sessions = sessionsOf(10)
    const session = begun(sessions, 'a')
    sessions.raise(session, 'pause')
    expect([sessions.raise(session, 'warn'), sessions.view('a', 0).disposition]).toEqual([
      false,
      'pause',
    ])
    expect([sessions.resume('a'), sessions.view('a', 0).disposition]).toEqual([[session], 'warn'])
    expect(sessions.resume('a')).toEqual([])
  })

  it('forget the least recently used open one at the bound', () => {
    const sessions = sessionsOf(2)
    for (const id of ['a', 'b', 'a', 'c']) sessions.begin(id, undefined, 0)
    expect([
      sessions.view('a', 0).sequence,
      sessions.view('b', 0).sequence,
      sessions.size(),
    ]).toEqual([2, 0, 2])
  })

  it('never forget one that is held, and refuse new ones when those fill the table', () => {
    const sessions = sessionsOf(1)
    for (let index = 0; index < 18; index++) sessions.raiseAll(`held${index}`, 'terminate')
    sessions.raiseAll('a', 'terminate')
    for (let index = 0; index < 100; index++) sessions.begin(`open${index}`, undefined, 0)
    sessions.raiseAll('b', 'pause')
    expect([
      sessions.view('a', 0).disposition,
      sessions.begin('fresh', undefined, 0),
      sessions.begin('a', undefined, 0)?.disposition,
    ]).toEqual(['terminate', undefined, 'terminate'])
  })

  it('of one id are as many as there are users and tenants: none is merged, none is lost (C06)', () => {
    const sessions = sessionsOf(10)
    const ana = { agent: 'bot', user: 'ana', tenant: 't1' }
    const first = begun(sessions, 'a', ana)
    const other = begun(sessions, 'a', { ...ana, tenant: 't2' })
    const again = begun(sessions, 'a', { ...ana, agent: 'another bot' })
    sessions.raise(first, 'terminate')
    expect([
      first === again,
      other.disposition,
      begun(sessions, 'a', ana).disposition,
      sessions.view('a', 0).disposition,
    ]).toEqual([true, 'allow', 'terminate', 'terminate'])
  })

  it('that begin after an operator ended their id begin ended, whoever brings it', () => {
    const sessions = sessionsOf(10)
    sessions.raiseAll('a', 'terminate')
    expect(begun(sessions, 'a', { agent: 'bot', user: 'eve' }).disposition).toBe('terminate')
  })

  it('that were dropped with what they had read begin again as ones that forgot', () => {
    let told = 0
    const sessions = createSessions({
      maxSessions: 1,
      maxWatchBytes: 1e9,
      onForgotten: () => told++,
    })
    const read = begun(sessions, 'read')
    read.watch = watchLike({ tainted: true, bytes: 10 })
    begun(sessions, 'idle')
    begun(sessions, 'other')
    expect([begun(sessions, 'read').forgot, begun(sessions, 'idle').forgot, told]).toEqual([
      true,
      false,
      2,
    ])
  })

  it('lose the watches that do not fit together, the least recently used first', () => {
    const sessions = createSessions({ maxSessions: 10, maxWatchBytes: 100 })
    const [a, b, c] = ['a', 'b', 'c'].map((id) => {
      const session = begun(sessions, id)
      session.watch = watchLike({ tainted: id === 'a', bytes: 45 })
      sessions.grown(session)
      return session
    })
    expect([
      a?.watch === undefined,
      a?.forgot,
      b?.watch === undefined,
      c?.watch === undefined,
    ]).toEqual([true, true, false, false])
  })
})

describe('sessions of several principals under one id', () => {
  const ana = { agent: 'bot', user: 'ana', tenant: 'north' }
  const bob = { agent: 'bot', user: 'bob', tenant: 'south' }
  const eve = { agent: 'bot', user: 'eve', tenant: 'south' }
  const three = (to: 'allow' | 'pause' = 'pause') => {
    const sessions = sessionsOf(10)
    const all = [ana, bob, eve].map((subject) => begun(sessions, 'a', subject))
    for (const session of all) sessions.raise(session, to)
    return { sessions, now: () => [ana, bob, eve].map((one) => sessions.look('a', one, 0)) }
  }
  const dispositions = (all: readonly Session[]) => all.map(({ disposition }) => disposition)

  it.each<[string, SessionOwner, string[]]>([
    ['one principal', { subject: bob }, ['pause', 'warn', 'pause']],
    ['one tenant', { tenant: 'south' }, ['pause', 'warn', 'warn']],
    ['nobody’s', { tenant: 'west' }, ['pause', 'pause', 'pause']],
  ])('are resumed for %s alone', (_, owner, expected) => {
    const { sessions, now } = three()
    sessions.resume('a', owner)
    expect(dispositions(now())).toEqual(expected)
  })

  it('are not resumed where nobody says whose: nothing changes', () => {
    const { sessions, now } = three()
    expect(() => sessions.resume('a')).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
    expect(dispositions(now())).toEqual(['pause', 'pause', 'pause'])
  })

  it('are resumed where only one of them is paused', () => {
    const { sessions, now } = three('allow')
    sessions.raise(begun(sessions, 'a', bob), 'pause')
    sessions.resume('a')
    expect(dispositions(now())).toEqual(['allow', 'warn', 'allow'])
  })

  it.each<[string, SessionOwner | undefined, string[]]>([
    ['of all where nobody says whose', undefined, ['terminate', 'terminate', 'terminate']],
    ['of one principal', { subject: bob }, ['allow', 'terminate', 'allow']],
    ['of one tenant', { tenant: 'south' }, ['allow', 'terminate', 'terminate']],
  ])('are terminated, those %s', (_, owner, expected) => {
    const { sessions, now } = three('allow')
    sessions.raiseAll('a', 'terminate', owner)
    expect(dispositions(now())).toEqual(expected)
  })

  it.each<[string, SessionOwner, string[]]>([
    ['principal', { subject: bob }, ['allow', 'terminate', 'allow']],
    ['tenant', { tenant: 'south' }, ['allow', 'terminate', 'terminate']],
  ])('are terminated for a %s before they have begun', (_, owner, expected) => {
    const sessions = sessionsOf(1)
    sessions.raiseAll('a', 'terminate', owner)
    for (const id of ['b', 'c']) sessions.begin(id, undefined, 0)
    const all = [ana, bob, eve].map((subject) => begun(sessions, 'a', subject))
    expect(dispositions(all)).toEqual(expected)
  })

  it('are ended for one of them alone', () => {
    const { sessions, now } = three('allow')
    expect(sessions.end('a', { subject: bob })).toBe(true)
    expect(now().map(({ sequence }) => sequence)).toEqual([1, 0, 1])
  })

  it('are ended also beside one that is stopped, which stays', () => {
    const { sessions, now } = three('allow')
    sessions.raise(begun(sessions, 'a', eve), 'terminate')
    sessions.end('a')
    expect([now().map(({ sequence }) => sequence), dispositions(now())]).toEqual([
      [0, 0, 2],
      ['allow', 'allow', 'terminate'],
    ])
  })

  it('are shown for one of them alone', () => {
    const { sessions } = three()
    expect(sessions.all('a', { tenant: 'south' }).map(({ user }) => user)).toEqual(['bob', 'eve'])
  })
})

describe('an operator', () => {
  it('names whose session is meant, and the record says it', async () => {
    const { engine } = engineWith()
    const records: AuditRecord[] = []
    engine.subscribe((record) => records.push(record))
    const owner = { tenant: 'north', user: 'ana' }
    await engine.terminate('s1', { by: 'ops', subject: owner })
    await engine.begin({ ...READ, subject: { agent: 'bot', ...owner } })
    const last = records.at(-1)
    expect([records[0], last]).toMatchObject([
      { kind: 'session', user_id: 'ops', tenant: 'north', disposition: 'terminate' },
      { kind: 'decision', reason: 'session_terminated' },
    ])
    expect(engine.behavior('s1', { tenant: 'south' }).disposition).toBe('allow')
  })
})

function sessionsOf(maxSessions: number): Sessions {
  return createSessions({ maxSessions, maxWatchBytes: 1e9 })
}

function begun(sessions: Sessions, id: string, subject?: Subject): Session {
  const session = sessions.begin(id, subject, 0)
  if (session === undefined) throw new Error('no room')
  return session
}

/** Only what a session table looks at. */
function watchLike(fields: { tainted: boolean; bytes: number }): Watch {
  const watch: Partial<Watch> = fields
  return watch as Watch
}
