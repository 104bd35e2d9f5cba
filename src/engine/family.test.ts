import { describe, expect, it } from 'vitest'
import type { Subject } from '../core/model/call.ts'
import { createFamily } from './family.ts'

describe('whom a call that names a parent is charged to', () => {
  it.each<[string, Subject, Subject, boolean]>([
    ['the same user', { agent: 'a', user: 'u' }, { agent: 'b', user: 'u' }, true],
    ['another user', { agent: 'a', user: 'u' }, { agent: 'a', user: 'v' }, false],
    ['another tenant', { agent: 'a', tenant: 't' }, { agent: 'a' }, false],
    ['the same agent without a user', { agent: 'a' }, { agent: 'a' }, true],
    ['another agent without a user', { agent: 'a' }, { agent: 'b' }, false],
    ['an agent without the user', { agent: 'a', user: 'u' }, { agent: 'a' }, false],
  ])('%s', (_name, parent, child, isCharged) => {
    const family = createFamily(10)
    family.note('call', { session: 'parent', subject: parent }, [])

    const ancestors = family.ancestorsOf('call', { session: 'child', subject: child })

    expect(ancestors.map(({ session }) => session)).toEqual(isCharged ? ['parent'] : [])
  })
})
