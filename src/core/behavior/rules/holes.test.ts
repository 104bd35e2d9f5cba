import { describe, expect, it } from 'vitest'
import type { Rule } from '../rule.ts'
import { crossScopeDataMovement } from './cross-scope-data-movement.ts'
import { encodedExfiltration } from './encoded-exfiltration.ts'
import {
  actionsOf,
  findingsOver,
  flowOf,
  leafOf,
  matchOf,
  placeOf,
  requestOf,
  responseOf,
  type Step,
  type ViewParts,
} from './event.fixture.ts'
import { filesystemTraversalSequence } from './filesystem-traversal-sequence.ts'
import { paginationExfiltration } from './pagination-exfiltration.ts'
import { restrictedReadExternalWrite } from './restricted-read-external-write.ts'
import { secretRelay } from './secret-relay.ts'
import { toolPoisoningIndicator } from './tool-poisoning-indicator.ts'

/**
 * What a known detector of this kind gets wrong, as far as rules can do it better: each fault with its
 * benign twin. The engine's share of them is tested where the engine is.
 */

const secret = flowOf({ kind: 'secret', value: 's1' })
const post = (view: ViewParts, tags: readonly string[] = ['external_write']): Step => [
  requestOf({ tool: 'support.post_reply', tags }),
  view,
]
const unlisted = (tool: string, view: ViewParts): Step => [requestOf({ tool, listed: false }), view]
const read = (path: string): Step => [
  requestOf({ tool: 'fs.read_file', tags: ['filesystem'], arguments: { path } }),
]
const pages = (...positions: string[]): Step[] =>
  positions.map((page) => [
    requestOf({ tool: 'crm.list', tags: ['data_source'], arguments: { page } }),
  ])
const move = (to: string): Step => [
  requestOf({ tool: 'wiki.add', tags: ['internal_write'], scope: to }),
  { flows: [flowOf({}, { scope: 'crm' })] },
]
const text = (...matches: ReturnType<typeof matchOf>[]): Step => [
  responseOf({ tool: 'web.fetch', leaves: [leafOf('body', 'x')] }),
  { matches },
]

describe('known holes', () => {
  it.each<[string, Rule, readonly Step[], readonly Step[]]>([
    [
      'H7 a secret within a sentence, by its field and not by its form',
      secretRelay,
      [post({ flows: [secret] })],
      [post({ flows: [] })],
    ],
    [
      'H8 a secret in base64',
      secretRelay,
      [post({ flows: [{ ...secret, encoded: ['base64'] }] })],
      [post({ flows: [{ ...secret, encoded: ['base64'] }] }, ['internal_write'])],
    ],
    [
      'H8 restricted data in reverse',
      encodedExfiltration,
      [post({ flows: [flowOf({ encoded: ['reversed'] })] })],
      [
        post({
          flows: [flowOf({ encoded: ['reversed'] })],
          destinations: [placeOf('a@b.test', { known: true })],
        }),
      ],
    ],
    [
      'H10 the name of an author is no secret',
      secretRelay,
      [post({ flows: [secret] })],
      [post({ flows: [flowOf({ value: 'author' })] })],
    ],
    [
      'H11 the id of a ticket is no content',
      restrictedReadExternalWrite,
      [post({ flows: [flowOf()] })],
      [post({ flows: [flowOf({ role: 'identifier', length: 11 })] })],
    ],
    [
      'H12 a tool that no catalogue lists',
      secretRelay,
      [unlisted('notes.publish', { flows: [secret] })],
      [unlisted('notes.search', { flows: [secret] })],
    ],
    [
      'H13 page numbers as text',
      paginationExfiltration,
      pages('1', '2', '3'),
      pages('1', '1', '1'),
    ],
    [
      'H18 a private key that goes out',
      secretRelay,
      [post({ flows: [{ ...secret, length: 1600 }] })],
      [post({ flows: [{ ...secret, trusted: true }] })],
    ],
    ['H35 scopes are compared', crossScopeDataMovement, [move('wiki')], [move('crm')]],
    [
      'H36 text that speaks to the model, not a word of markup',
      toolPoisoningIndicator,
      [text(matchOf('override', { class: 'instruction' }))],
      [text()],
    ],
    [
      'H37 a relative path of credentials',
      filesystemTraversalSequence,
      [read('.kube/config')],
      [read('.github/config.yml')],
    ],
  ])('%s', (_, rule, attack, benign) => {
    const found = [attack, benign].map((steps) => findingsOver(rule, steps).flat().length)
    expect(found).toEqual([1, 0])
  })

  it('H13 a reset within ten pages silences nothing', () => {
    const steps = pages(
      '1',
      '2',
      '3',
      '1',
      ...Array.from({ length: 25 }, (_, index) => `${index + 2}`),
    )
    expect(actionsOf(findingsOver(paginationExfiltration, steps))).toEqual(['warn', 'ask'])
  })

  it('H14 finds ten pages once', () => {
    const steps = pages(...Array.from({ length: 10 }, (_, index) => `${index}`))
    expect(findingsOver(paginationExfiltration, steps).flat()).toHaveLength(1)
  })

  it('H15 finds one cause once, however many values and rules it has', () => {
    const flows = [secret, { ...secret, role: 'identifier' as const }, flowOf({ kind: 'text' })]
    const found = [secretRelay, restrictedReadExternalWrite, encodedExfiltration].flatMap((rule) =>
      findingsOver(rule, [post({ flows })]).flat(),
    )
    expect(found.map(({ rule }) => rule)).toEqual(['secret_relay'])
  })
})
