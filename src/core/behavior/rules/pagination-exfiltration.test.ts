import { describe, expect, it } from 'vitest'
import {
  actionsOf,
  findingsIn,
  findingsOver,
  type RequestParts,
  requestOf,
  type Step,
  type ViewParts,
  viewFor,
} from './event.fixture.ts'
import { paginationExfiltration as rule } from './pagination-exfiltration.ts'

const LIST: RequestParts = { tool: 'crm.list_customers', tags: ['data_source'] }
const pages = (
  positions: readonly (string | number)[],
  key = 'page',
  parts: RequestParts = LIST,
  view: ViewParts = {},
): Step[] =>
  positions.map((position, index) => [
    requestOf({
      ...parts,
      number: 1 + 2 * index,
      arguments: { [key]: String(position), limit: '20' },
    }),
    view,
  ])
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

describe('pagination_exfiltration', () => {
  it('notes the third page of a list, once', () => {
    const found = findingsOver(rule, pages(upTo(10)))
    expect(found.flatMap((one, index) => one.map(({ action }) => [index, action]))).toEqual([
      [2, 'warn'],
    ])
  })

  it('asks once at many pages, and at each doubling of very many', () => {
    const found = findingsOver(rule, pages(upTo(401)))
    expect(found.flatMap((one, index) => one.map(({ action }) => [index, action]))).toEqual([
      [2, 'warn'],
      [24, 'ask'],
      [99, 'ask'],
      [199, 'ask'],
      [399, 'ask'],
    ])
  })

  it.each<[string, readonly Step[], string[]]>([
    ['numbers as text', pages(['1', '2', '3']), ['warn']],
    ['an offset', pages([0, 50, 100], 'offset'), ['warn']],
    ['a token that changes', pages(['dG9r', 'bmV4', 'bW9y'], 'page_token'), ['warn']],
    ['a camel-case cursor', pages(['aa1', 'aa2', 'aa3'], 'nextCursor'), ['warn']],
    [
      'a URL’s query',
      pages(['https://x.test/?page=1', 'https://x.test/?page=2', 'https://x.test/?page=3'], ''),
      ['warn'],
    ],
    [
      'an offset in SQL',
      pages(
        [
          'select * from t limit 9 offset 0',
          'select * from t limit 9 offset 9',
          'select * from t limit 9 offset 18',
        ],
        '',
      ),
      ['warn'],
    ],
    ['pages from the last to the first', pages([9, 8, 7, 6]), ['warn']],
    [
      'a reset in between, which silences nothing',
      pages([...upTo(5), 0, ...upTo(30).slice(1)]),
      ['warn', 'ask'],
    ],
    ['pages in any order', pages([3, 1, 7, 2]), ['warn']],
    [
      'many pages of a restricted source',
      pages(upTo(12), 'page', { ...LIST, tags: ['data_source', 'restricted'] }),
      ['warn', 'ask'],
    ],
    [
      'a tool that no catalogue lists',
      pages([1, 2, 3], 'page', { tool: 'crm.list_all', listed: false }),
      ['warn'],
    ],
    // The benign twins.
    ['two pages', pages([1, 2]), []],
    ['searches that stay on their page', pages([1, 1, 1, 1, 1, 1]), []],
    ['two pages read in turn', pages([1, 2, 1, 2, 1, 2]), []],
    [
      'a tool that writes',
      pages([1, 2, 3], 'page', { tool: 'cms.publish', tags: ['external_write'] }),
      [],
    ],
    ['dates', pages(['2024-01-01', '2024-02-01', '2024-03-01'], 'after'), []],
    ['names in a field called from', pages(['Oslo', 'Bergen', 'Bodo'], 'from'), []],
    ['amounts', pages([1, 2, 3], 'amount'), []],
    [
      'more calls than the policy lets go',
      pages([1, 2, 3, 4], 'page', LIST, {
        policy: { rules: { pagination_exfiltration: { min_calls: 5 } } },
      }),
      [],
    ],
  ])('judges %s', (_, steps, expected) => {
    expect(actionsOf(findingsOver(rule, steps))).toEqual(expected)
  })

  it('asks where few pages hold many rows of a restricted source', () => {
    const steps = [0, 500, 1000].map(
      (offset): Step => [
        requestOf({
          ...LIST,
          tags: ['data_source', 'restricted'],
          arguments: { offset: String(offset), page_size: '500' },
        }),
      ],
    )
    expect(actionsOf(findingsOver(rule, steps))).toEqual(['ask'])
  })

  it('asks at ten pages and at a thousand rows of a restricted source', () => {
    const parts = { ...LIST, tags: ['data_source', 'restricted'] }
    const first = findingsOver(rule, pages(upTo(12), 'page', parts))
    const rows = [0, 1, 2, 3].map(
      (page): Step => [requestOf({ ...parts, arguments: { page: String(page), limit: '250' } })],
    )
    const at = (found: readonly (readonly unknown[])[]) =>
      found.flatMap((one, index) => (one.length > 0 ? [index] : []))
    expect([at(first), at(findingsOver(rule, rows))]).toEqual([
      [2, 9],
      [2, 3],
    ])
  })

  it('names the first and the last page', () => {
    const found = findingsOver(rule, pages(upTo(3)))
    expect(found[2]).toMatchObject([{ sources: [1, 5], trigger: 5, score: 20, severity: 'high' }])
  })

  it('goes on to ask where a person refused, since the page did not go out', () => {
    const steps = pages(upTo(25))
    const last = steps.at(-1)
    const before = steps.slice(0, -1)
    const memory = before.reduce<ViewParts>(
      (view, [event]) => ({ memory: rule.remember?.(event, viewFor(rule, view)) ?? null }),
      {},
    )
    const ask = () => (last === undefined ? [] : findingsIn(rule, last[0], memory))
    expect([ask()[0]?.action, ask()[0]?.action]).toEqual(['ask', 'ask'])
  })
})
