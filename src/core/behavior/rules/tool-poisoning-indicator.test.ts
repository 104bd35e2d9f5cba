import { describe, expect, it } from 'vitest'
import {
  findingsIn,
  leafOf,
  matchOf,
  type ResponseParts,
  responseOf,
  type ViewParts,
} from './event.fixture.ts'
import { toolPoisoningIndicator as rule } from './tool-poisoning-indicator.ts'

const cue = matchOf('override', { class: 'instruction', confidence: 0.8 })
const page: ResponseParts = { tool: 'web.fetch', leaves: [leafOf('body', 'some text')] }

describe('tool_poisoning_indicator', () => {
  it('warns once of all text in a response that speaks to the model', () => {
    const matches = [
      cue,
      { ...cue, confidence: 0.6 },
      { ...cue, kind: 'role_marker', confidence: 0.5 },
    ]
    expect(findingsIn(rule, responseOf(page), { matches })).toEqual([
      {
        rule: 'tool_poisoning_indicator',
        severity: 'high',
        confidence: expect.closeTo(0.9),
        message:
          'the response of `web.fetch` has text that speaks to the model (`override`, `role_marker`)',
        trigger: 2,
        sources: [2],
        action: 'warn',
        score: 25,
        cause: 'web.fetch:override,role_marker',
      },
    ])
  })

  it.each<[string, ResponseParts, ViewParts, number]>([
    ['an error', { ...page, isError: true }, { matches: [cue] }, 1],
    [
      'the answer of a write',
      { ...page, tool: 'git.push', tags: ['external_write'] },
      { matches: [cue] },
      1,
    ],
    ['the list of tools', { ...page, verb: 'discover' }, { matches: [cue] }, 1],
    ['a text that speaks to nobody', page, { matches: [] }, 0],
    ['a secret, which is another rule’s', page, { matches: [matchOf('aws_key')] }, 0],
    [
      'a tool whose output is a person’s answer',
      page,
      { matches: [cue], policy: { trusted_tools: ['web.fetch'] } },
      0,
    ],
    [
      'a field that no stranger writes',
      page,
      { matches: [cue], policy: { trusted_fields: ['web.fetch.body'] } },
      0,
    ],
    [
      'another field beside it',
      { ...page, leaves: [leafOf('title', 'x')] },
      { matches: [cue], policy: { trusted_fields: ['body'] } },
      1,
    ],
  ])('counts findings for %s', (_, parts, view, count) => {
    expect(findingsIn(rule, responseOf(parts), view)).toHaveLength(count)
  })

  it('calls one more page of the same the same cause', () => {
    const causes = [2, 4].map(
      (number) => findingsIn(rule, responseOf({ ...page, number }), { matches: [cue] })[0]?.cause,
    )
    expect(causes[0]).toBe(causes[1])
  })
})
