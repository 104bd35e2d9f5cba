import { describe, expect, it } from 'vitest'
import { groupOf, openTable, watchOf } from './session-table.fixture.ts'
import { createSessionTable } from './session-table.ts'

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
    const known = ['a', 'b', 'c', 'd', 'e'].filter((id) => table.hasForgotten(id, undefined))
    expect([known, forgotten(), table.size()]).toEqual([['a'], 1, 2])
  })

  it('keeps a dropped session’s taint when it is dropped again', () => {
    const { table, add } = openTable(1, 1_000)
    const group = groupOf('a')
    for (const session of group.sessions) session.forgot = true
    add(group)
    add(groupOf('b'))
    expect(table.hasForgotten('a', undefined)).toBe(true)
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

  it('has less room by what is kept beside the watches', () => {
    let beside = 0
    const table = createSessionTable({
      maxSessions: 10,
      maxWatchBytes: 100,
      bytesBeside: () => beside,
    })
    const sessions = ['a', 'b'].map((id) => {
      const group = groupOf(id, watchOf(40))
      table.used(group)
      for (const session of group.sessions) table.grown(session)
      return group.sessions[0]
    })
    beside = 30
    for (const session of sessions.slice(1)) if (session !== undefined) table.grown(session)
    expect(sessions.map((session) => session?.watch !== undefined)).toEqual([false, true])
  })

  it('never drops the watch that has just grown, however large', () => {
    const { add } = openTable(10, 100)
    expect(add(groupOf('a', watchOf(500))).watch).toBeDefined()
  })

  it('has room again for what was ended', () => {
    const { table, add } = openTable(10, 100)
    add(groupOf('a', watchOf(60)))
    table.end('a', () => true)
    const kept = add(groupOf('b', watchOf(60)))
    add(groupOf('c', watchOf(30)))
    expect(kept.watch).toBeDefined()
  })

  it('does not count what is no longer in it: a response that comes after the end (C05)', () => {
    const { table, add } = openTable(10, 100)
    const late = add(groupOf('a', watchOf(60)))
    table.end('a', () => true)
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
