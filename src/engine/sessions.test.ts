import { describe, expect, it } from 'vitest'
import { engineWith, READ } from './engine.fixture.ts'
import { createSessions } from './sessions.ts'

describe('sessions', () => {
  it('count their calls, those denied apart', async () => {
    const { engine } = engineWith({ clock: { now: () => 7 } })
    await engine.begin(READ)
    await engine.begin({ ...READ, arguments: { table: 'x' } })
    expect(engine.session('s1')).toEqual({
      id: 's1',
      sequence: 2,
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
    const sessions = createSessions(10)
    sessions.raise('a', 'pause', 0)
    expect([sessions.raise('a', 'warn', 0), sessions.view('a', 0).disposition]).toEqual([
      false,
      'pause',
    ])
    expect([sessions.resume('a'), sessions.view('a', 0).disposition]).toEqual([true, 'warn'])
    expect(sessions.resume('a')).toBe(false)
  })

  it('forget the least recently used open one at the bound', () => {
    const sessions = createSessions(2)
    for (const id of ['a', 'b', 'a', 'c']) sessions.begin(id, 0)
    expect([
      sessions.view('a', 0).sequence,
      sessions.view('b', 0).sequence,
      sessions.size(),
    ]).toEqual([2, 0, 2])
  })

  it('never forget one that is held, and refuse new ones when those fill the table', () => {
    const sessions = createSessions(1)
    for (let index = 0; index < 18; index++) sessions.raise(`held${index}`, 'terminate', 0)
    sessions.raise('a', 'terminate', 0)
    for (let index = 0; index < 100; index++) sessions.begin(`open${index}`, 0)
    sessions.raise('b', 'pause', 0)
    expect([
      sessions.view('a', 0).disposition,
      sessions.begin('fresh', 0),
      sessions.begin('a', 0)?.disposition,
    ]).toEqual(['terminate', undefined, 'terminate'])
  })
})
