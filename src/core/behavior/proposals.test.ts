import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../model/json.ts'
import { Proposals, type ProposedCall } from './proposals.ts'
import { callOf } from './rules/event.fixture.ts'

const call = (tool: string, args: JsonObject = {}, toolCall?: string): ProposedCall => ({
  ...callOf({ tool }),
  arguments: args,
  ids: toolCall === undefined ? {} : { toolCall },
})

describe('what models have proposed in a session', () => {
  it('is not known before any model has proposed something', () => {
    expect(new Proposals().match(call('mail.send'))).toBeUndefined()
  })

  const proposed = (): Proposals => {
    const proposals = new Proposals()
    proposals.add(call('mail.send', { to: 'a', text: 'x' }, 'call_1'))
    proposals.add(call('mail.send', { to: 'b', text: 'y' }, 'call_2'))
    return proposals
  }
  it.each<[string, ProposedCall, string]>([
    ['as proposed', call('mail.send', { to: 'a', text: 'x' }, 'call_1'), 'same'],
    ['with its fields in another order', call('mail.send', { text: 'x', to: 'a' }), 'same'],
    ['under an id that nobody knows', call('mail.send', { to: 'b', text: 'y' }, 'mine'), 'same'],
    ['with other arguments', call('mail.send', { to: 'eve', text: 'x' }), 'changed'],
    [
      'under the id of another proposal',
      call('mail.send', { to: 'a', text: 'x' }, 'call_2'),
      'changed',
    ],
    ['of another tool', call('mail.delete', { to: 'a', text: 'x' }), 'none'],
    ['with text that has no canonical form', call('mail.send', { to: '\ud800' }), 'changed'],
  ])('knows a call %s', (_, made, match) => {
    expect(proposed().match(made)).toBe(match)
  })

  it('keeps the latest 256', () => {
    const proposals = new Proposals()
    for (let index = 0; index < 300; index++) proposals.add(call('t.x', { index }))
    expect(proposals.match(call('t.x', { index: 43 }))).toBe('changed')
    expect(proposals.match(call('t.x', { index: 44 }))).toBe('same')
    expect(proposals.bytes).toBe(256 * 200)
  })
})
