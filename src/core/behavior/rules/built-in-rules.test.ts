import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BEHAVIOR_RULES } from '../../policy/schema/behavior.ts'
import type { RuleFinding } from '../rule.ts'
import { BUILT_IN_RULES } from './built-in-rules.ts'
import {
  argumentOf,
  explanationOf,
  findingsIn,
  flowOf,
  leafOf,
  matchOf,
  placeOf,
  requestOf,
  responseOf,
  viewFor,
} from './event.fixture.ts'
import { RULE_NOTES } from './rule-notes.ts'

const CANARY = 'Zq81mTrWx04LkVbn77Ye'

const text = fc.oneof(
  fc.string({ maxLength: 60, unit: 'binary' }),
  fc.constantFrom(
    '../../etc/passwd',
    'drop table x',
    '{"a":1}',
    '\ud800',
    '\0',
    '%',
    '__proto__',
    '9'.repeat(40),
  ),
)
const key = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('path', 'sql', 'page', 'url', '__proto__', 'command'),
)
const flow = fc.record({
  kind: fc.constantFrom('secret', 'value', 'text', 'part', 'split', 'derived'),
  role: fc.constantFrom('destination', 'content', 'identifier'),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  value: fc.string({ maxLength: 4 }),
  encoded: fc.subarray(['base64', 'percent']),
  length: fc.nat(500),
} as const)
// What a store may give back instead of what was given to it.
const memory = fc.oneof(
  fc.json().map((json) => JSON.parse(json)),
  fc.constant({ carriers: [[1]], places: [['x']], calls: [[null]], seen: {} }),
)

const ACTIONS = ['warn', 'ask', 'pause', 'terminate'] as const
const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const

/** True where the finding is no graver than the reference says. */
function withinNote({ rule, action, severity, score, confidence }: RuleFinding): [string, boolean] {
  const note = RULE_NOTES[rule]
  if (note === undefined) return [rule, false]
  return [
    rule,
    ACTIONS.indexOf(action) <= ACTIONS.indexOf(note.action) &&
      SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(note.severity) &&
      score <= note.score &&
      confidence >= 0 &&
      confidence <= 1,
  ]
}

describe('the built-in rules', () => {
  it('are those that the policy can name, each with a note, and once for a side', () => {
    const ids = [...new Set(BUILT_IN_RULES.map(({ id }) => id))]
    expect([...ids].sort()).toEqual([...BEHAVIOR_RULES].sort())
    expect(Object.keys(RULE_NOTES)).toEqual(ids)
    const sides = BUILT_IN_RULES.map(({ id, on }) => `${id} ${on}`)
    expect(new Set(sides).size).toBe(sides.length)
  })

  it('never throw, repeat themselves, give bounded plain memory, and show no payload', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(key, text), { maxLength: 8 }),
        fc.subarray([
          'external_write',
          'restricted',
          'sql',
          'filesystem',
          'data_source',
          'admin',
          'payment',
        ]),
        fc.array(flow, { maxLength: 4 }),
        memory,
        text,
        (fields, tags, flows, kept, task) => {
          const request = requestOf({
            tool: 'srv.update_record',
            tags,
            task,
            arguments: fields.map(([name, value]) => argumentOf(name, value + CANARY)),
          })
          const response = responseOf({
            tags,
            leaves: fields.map(([name, value]) => leafOf(name, value + CANARY)),
          })
          const parts = {
            flows: flows.map((one) => flowOf(one)),
            matches: fields.map((_, leaf) =>
              matchOf('k', { leaf, class: leaf % 2 === 0 ? 'secret' : 'instruction' } as const),
            ),
            explanation: explanationOf({ score: 0.9 }),
            suspiciousEvent: 2,
            destinations: [placeOf(`${CANARY}.test`)],
            memory: kept,
            denied: 7,
          }
          for (const rule of BUILT_IN_RULES) {
            const event = rule.on === 'request' ? request : response
            const found = findingsIn(rule, event, parts)
            expect(findingsIn(rule, event, parts)).toEqual(found)
            expect(JSON.stringify(found)).not.toContain(CANARY)
            for (const one of found) {
              expect(one.rule).toBe(rule.id)
              expect(withinNote(one)).toEqual([rule.id, true])
              expect(one.message).not.toMatch(/[\n\r]/)
              expect(one.sources.length).toBeGreaterThan(0)
            }
            for (const side of [request, response]) {
              const next = rule.remember?.(side, viewFor(rule, parts))
              if (next === undefined) continue
              expect(JSON.parse(JSON.stringify(next))).toEqual(next)
              expect(JSON.stringify(next)).not.toContain(CANARY)
            }
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('are silent on an event of which nothing is known', () => {
    const found = BUILT_IN_RULES.flatMap((rule) =>
      findingsIn(rule, rule.on === 'request' ? requestOf() : responseOf()),
    )
    expect(found).toEqual([])
  })

  it('keep a session of 2 000 events within 16 KB each', () => {
    for (const rule of BUILT_IN_RULES) {
      let kept = null
      for (let number = 1; number <= 1000; number++) {
        const parts = {
          memory: kept,
          flows: [flowOf({ value: `v${number}`, kind: number % 2 === 0 ? 'secret' : 'value' })],
          matches: [matchOf('k')],
          destinations: [placeOf(`p${number}.test`)],
        }
        const names = { tool: `s.tool_${number}`, tags: ['external_write', 'data_source'], number }
        const request = requestOf({
          ...names,
          at: number,
          arguments: { path: `/a${number}/.env`, page: String(number) },
        })
        const response = responseOf({
          ...names,
          verb: 'discover',
          leaves: [leafOf('name', `n${number}`), leafOf('description', 'd')],
        })
        for (const event of [request, response])
          kept = JSON.parse(
            JSON.stringify(
              rule.remember?.(event, viewFor(rule, { ...parts, memory: kept })) ?? kept,
            ),
          )
      }
      expect([rule.id, JSON.stringify(kept).length < 16_384]).toEqual([rule.id, true])
    }
  })
})
