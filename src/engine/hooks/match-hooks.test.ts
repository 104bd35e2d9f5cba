import { describe, expect, it } from 'vitest'
import { HOOK_EVENTS } from '../../core/policy/schema/sections.ts'
import { EVENT_TRAITS, isHookEvent } from './events.ts'
import { policyWith } from './hooks.fixture.ts'
import { allHooks, hasMatch, matchersForEvent } from './match-hooks.ts'

const run = (more: object = {}) => ({ type: 'command', command: 'check', ...more })

describe('events of hooks', () => {
  it('are those of the policy schema', () => {
    expect(Object.keys(EVENT_TRAITS)).toEqual([...HOOK_EVENTS])
  })

  it.each(['pretooluse', 'constructor', '', undefined, 7])('do not have %j among them', (event) => {
    expect(isHookEvent(event)).toBe(false)
  })
})

describe('matchers for an event', () => {
  const policy = policyWith({
    PreToolUse: [
      run(),
      run({ matcher: '*' }),
      run({ matcher: 'db.read' }),
      run({ matcher: 'db.*' }),
      run({ matcher: 'server:mail' }),
      run({ matcher: 'server:*' }),
    ],
    Notification: [run({ matcher: 'idle' }), run()],
  })
  const places = (
    ...given: Parameters<typeof matchersForEvent> extends [unknown, ...infer R] ? R : never
  ) => matchersForEvent(policy, ...given).map(({ place }) => place.split('/').pop())

  it.each<[string, string | undefined, readonly string[]]>([
    ['db.read', 'db', ['0', '1', '2', '3', '5']],
    ['db.write', 'db', ['0', '1', '3', '5']],
    ['mail.send', 'mail', ['0', '1', '4', '5']],
    ['bare', undefined, ['0', '1']],
  ])('name %s as selectors of rules do', (name, server, found) => {
    expect(places('PreToolUse', { name, server })).toEqual(found)
    expect(hasMatch(policy, 'PreToolUse', { name, server })).toBe(true)
  })

  it('mean everything where there is none, and else the name', () => {
    expect(places('Notification')).toEqual(['1'])
    expect(places('Notification', { name: 'idle', server: undefined })).toEqual(['0', '1'])
    expect(places('Stop')).toEqual([])
  })

  it('are found once: the same list comes back where all are meant', () => {
    const plain = policyWith({ Stop: [run(), run()] })
    expect(matchersForEvent(plain, 'Stop')).toBe(matchersForEvent(plain, 'Stop'))
  })
})

describe('a hook of a policy', () => {
  it.each<[object, object]>([
    [run(), { type: 'command', text: 'check', limitMs: 5000, isAsync: false }],
    [run({ timeout: '200ms' }), { limitMs: 200 }],
    [run({ timeout: '2h' }), { limitMs: 600_000 }],
    [run({ async: true }), { isAsync: true }],
    [
      { type: 'prompt', prompt: 'Is it fine?' },
      { type: 'prompt', text: 'Is it fine?' },
    ],
    [
      { type: 'agent', agent: 'reviewer' },
      { type: 'agent', text: 'reviewer' },
    ],
  ])('as %j', (written, hook) => {
    const [found] = allHooks(policyWith({ PostToolUse: [written as never] }))
    expect(found).toMatchObject({ place: 'hooks/PostToolUse/0', ...hook })
  })
})
