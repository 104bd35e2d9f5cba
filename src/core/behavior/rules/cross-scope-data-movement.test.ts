import { describe, expect, it } from 'vitest'
import { crossScopeDataMovement as rule } from './cross-scope-data-movement.ts'
import {
  findingsIn,
  flowOf,
  type RequestParts,
  requestOf,
  type ViewParts,
} from './event.fixture.ts'

const NOTE: RequestParts = { tool: 'wiki.add_page', tags: ['internal_write'], scope: 'wiki' }
const crm = flowOf({}, { scope: 'crm', server: 'crm', resource: 'crm.get_customer' })
const tenant = (from: string) => [flowOf({}, { scope: from, server: 'crm' })]

describe('cross_scope_data_movement', () => {
  it('notes restricted content of one scope in a call of another', () => {
    expect(findingsIn(rule, requestOf(NOTE), { flows: [crm] })).toMatchObject([
      {
        message:
          'restricted data from `crm.get_customer` (event 2) of scope `crm` is used by `wiki.add_page` in scope `wiki`',
        action: 'warn',
        score: 20,
        sources: [2],
        cause: 'crm>wiki',
      },
    ])
  })

  it.each<[string, RequestParts, ViewParts, string[]]>([
    [
      'data of another tenant',
      { ...NOTE, scope: 'tenant:b' },
      { flows: tenant('tenant:a') },
      ['ask'],
    ],
    [
      'data of another tenant from the same server',
      { tool: 'crm.add_note', tags: ['internal_write'], scope: 'tenant:b' },
      { flows: tenant('tenant:a') },
      ['ask'],
    ],
    ['data of a tenant in a scope that is none', NOTE, { flows: tenant('tenant:a') }, ['warn']],
    [
      'data of a scope that is none in a tenant’s',
      { ...NOTE, scope: 'tenant:a' },
      { flows: [crm] },
      ['warn'],
    ],
    [
      'a secret as an identifier',
      NOTE,
      { flows: [{ ...crm, kind: 'secret', role: 'identifier' }] },
      ['warn'],
    ],
    ['the same scope', { ...NOTE, scope: 'crm' }, { flows: [crm] }, []],
    [
      'a call of no scope',
      { tool: 'wiki.add_page', tags: ['internal_write'] },
      { flows: [crm] },
      [],
    ],
    ['a source of no scope', NOTE, { flows: [flowOf({}, { server: 'crm' })] }, []],
    [
      'an id that a server gave and gets back',
      { tool: 'crm.get_orders', scope: 'orders', tags: ['data_source'] },
      { flows: [crm] },
      [],
    ],
    ['an identifier for another server', NOTE, { flows: [{ ...crm, role: 'identifier' }] }, []],
    [
      'data of no restricted source',
      NOTE,
      { flows: [flowOf({}, { scope: 'crm', restricted: false })] },
      [],
    ],
    ['a value that the user knows', NOTE, { flows: [{ ...crm, trusted: true }] }, []],
    [
      'egress, which is another rule’s',
      { ...NOTE, tags: ['external_write'] },
      { flows: [crm] },
      [],
    ],
  ])('judges %s', (_, parts, view, actions) => {
    expect(findingsIn(rule, requestOf(parts), view).map(({ action }) => action)).toEqual(actions)
  })

  it('finds twenty-five values of one movement once', () => {
    const flows = Array.from({ length: 25 }, (_, index) => ({ ...crm, value: `h${index}` }))
    expect(findingsIn(rule, requestOf(NOTE), { flows })).toHaveLength(1)
  })
})
