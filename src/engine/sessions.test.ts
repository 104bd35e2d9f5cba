import { describe, expect, it } from 'vitest'
import type { Watch } from '../core/behavior/watch.ts'
import type { Subject } from '../core/model/call.ts'
import { engineWith, READ } from './engine.fixture.ts'
import { createSessions, type Session, type Sessions } from './sessions.ts'

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
    expect([sessions.resume('a'), sessions.view('a', 0).disposition]).toEqual([true, 'warn'])
    expect(sessions.resume('a')).toBe(false)
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
