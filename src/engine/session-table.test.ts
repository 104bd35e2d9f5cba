import { describe, expect, it } from 'vitest'
import { createWatch } from '../core/behavior/create-watch.ts'
import type { Watch } from '../core/behavior/watch.ts'
import { callOf, mailWith, openEngine, readSecret, step } from './behavior.fixture.ts'
import type { Diagnostic } from './options.ts'
import { createSessionTable, type Group, type SessionTable } from './session-table.ts'
import type { Session } from './sessions.ts'

function watchOf(bytes: number, tainted = false): Watch {
  const watch = createWatch({ key: new Uint8Array(16), rules: [], maxBytes: 1 })
  return Object.defineProperties(watch, { bytes: { value: bytes }, tainted: { value: tainted } })
}

function groupOf(id: string, watch?: Watch, disposition: Session['disposition'] = 'allow'): Group {
  const session: Session = {
    id,
    tenant: undefined,
    user: undefined,
    started_at: 0,
    sequence: 0,
    events: 0,
    disposition,
    risk: 0,
    denied: 0,
    watch,
    forgot: false,
  }
  return { id, sessions: [session], floor: 'allow' }
}

interface Opened {
  readonly table: SessionTable
  readonly forgotten: () => number
  add(group: Group): Session
}

function openTable(maxSessions: number, maxWatchBytes: number): Opened {
  let forgotten = 0
  const onForgotten = (): void => {
    forgotten++
  }
  const table = createSessionTable({ maxSessions, maxWatchBytes, onForgotten })
  return {
    table,
    forgotten: () => forgotten,
    add(group) {
      const [session] = group.sessions
      if (session === undefined) throw new Error('a group has a session')
      if (session.disposition === 'allow') table.used(group)
      else table.settle(group)
      table.grown(session)
      return session
    },
  }
}

describe('a session table', () => {
  it('says which sessions were dropped with what they had read, and of no others', () => {
    const { table, add, forgotten } = openTable(2, 1_000)
    for (const [id, tainted] of [
      ['a', true],
      ['b', false],
      ['c', true],
      ['d', false],
    ] as const)
      add(groupOf(id, watchOf(10, tainted)))
    const known = ['a', 'b', 'c', 'd', 'e'].filter((id) => table.hasForgotten(id))
    expect([known, forgotten(), table.size()]).toEqual([['a'], 1, 2])
  })

  it('keeps a dropped session’s taint when it is dropped again', () => {
    const { table, add } = openTable(1, 1_000)
    const group = groupOf('a')
    for (const session of group.sessions) session.forgot = true
    add(group)
    add(groupOf('b'))
    expect(table.hasForgotten('a')).toBe(true)
  })

  it('drops watches, least recently used first, and not the sessions', () => {
    const { table, add, forgotten } = openTable(10, 100)
    const sessions = ['a', 'b', 'c'].map((id) => add(groupOf(id, watchOf(40, id === 'a'))))
    expect([sessions.map(({ watch }) => watch !== undefined), table.size(), forgotten()]).toEqual([
      [false, true, true],
      3,
      1,
    ])
    expect(sessions.map(({ forgot }) => forgot)).toEqual([true, false, false])
  })

  it('never drops the watch that has just grown, however large', () => {
    const { add } = openTable(10, 100)
    expect(add(groupOf('a', watchOf(500))).watch).toBeDefined()
  })

  it('has room again for what was ended', () => {
    const { table, add } = openTable(10, 100)
    add(groupOf('a', watchOf(60)))
    table.end('a')
    const kept = add(groupOf('b', watchOf(60)))
    add(groupOf('c', watchOf(30)))
    expect(kept.watch).toBeDefined()
  })

  it('does not count what is no longer in it: a response that comes after the end (C05)', () => {
    const { table, add } = openTable(10, 100)
    const late = add(groupOf('a', watchOf(60)))
    table.end('a')
    table.grown(late)
    const kept = add(groupOf('b', watchOf(60)))
    add(groupOf('c', watchOf(30)))
    expect(kept.watch).toBeDefined()
  })

  it('lets the watches of stopped sessions go before it is too large, after the open ones', () => {
    const { table, add } = openTable(10, 100)
    const stopped = ['p', 'q'].map((id) => add(groupOf(id, watchOf(60, true), 'terminate')))
    const open = add(groupOf('a', watchOf(30)))
    const now = [...stopped, open].map(({ watch }) => watch !== undefined)
    expect([now, table.get('p')?.sessions[0]?.disposition]).toEqual([
      [false, true, true],
      'terminate',
    ])
  })

  it('holds stopped sessions apart until they are resumed', () => {
    const { table, add } = openTable(1, 100)
    const group = groupOf('a', undefined, 'pause')
    const session = add(group)
    for (const id of ['b', 'c']) add(groupOf(id))
    const held = table.get('a') === group
    session.disposition = 'warn'
    table.settle(group)
    add(groupOf('d'))
    expect([held, table.get('a')]).toEqual([true, undefined])
  })

  it('is full once too many are held', () => {
    const { table, add } = openTable(1, 100)
    for (let index = 0; index < 19; index++) add(groupOf(`${index}`, undefined, 'pause'))
    const before = table.isFull()
    add(groupOf('last', undefined, 'pause'))
    expect([before, table.isFull(), table.size()]).toEqual([false, true, 20])
  })
})

describe('an engine with little room', () => {
  const read = (session: string) => callOf('web.read', {}, { session, subject: { agent: session } })

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
