import { describe, expect, it } from 'vitest'
import { findingsOver, type RequestParts, requestOf, type ViewParts } from './event.fixture.ts'
import { unproposedCall as rule } from './unproposed-call.ts'

const SEND: RequestParts = { tool: 'mail.send', tags: ['external_write'], arguments: { to: 'ana' } }

describe('unproposed_call', () => {
  it.each<[string, RequestParts, ViewParts['proposal'], readonly string[]]>([
    ['a call as it was proposed', SEND, 'same', []],
    ['one where nothing is known of proposals', SEND, undefined, []],
    ['one with other arguments', SEND, 'changed', ['warn']],
    ['one that was never proposed', SEND, 'none', ['warn']],
    ['a read', { tool: 'db.get_row', tags: ['data_source'] }, 'none', []],
  ])('judges %s', (_, parts, proposal, actions) => {
    const view: ViewParts = proposal === undefined ? {} : { proposal }
    const [found = []] = findingsOver(rule, [[requestOf(parts), view]])
    expect(found.map(({ action }) => action)).toEqual(actions)
  })

  it.each([['automatic'], ['parent']])('leaves alone a call that is %s', (how) => {
    const made = requestOf(SEND)
    const call = { ...made.call, ...(how === 'parent' ? { parent: 'other' } : { automatic: true }) }
    expect(findingsOver(rule, [[{ ...made, call }, { proposal: 'none' }]]).flat()).toEqual([])
  })
})
