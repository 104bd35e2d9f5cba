import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../core/model/json.ts'
import type { Approval } from '../../core/model/ports.ts'
import { hashOf } from '../record.ts'
import { callNamed } from './call.fixture.ts'
import { approvalText } from './text.ts'

const textOf = (args: JsonObject, changes: Parameters<typeof callNamed>[1] = {}): string =>
  approvalText({
    id: 'a',
    call: callNamed('a', changes),
    decision: { reason: 'approval_required', gate: 'rbac', detail: 'a person must approve' },
    arguments: args,
    expires_at: Date.UTC(2026, 0, 1),
  } as Approval)

const lineOf = (args: JsonObject): string =>
  textOf(args)
    .split('\n')
    .find((line) => line.startsWith('  ')) ?? ''

describe('the text of an approval', () => {
  it('A12 says who asks for what, why, with which arguments, and until when', () => {
    expect(textOf({ to: 'a@b.c', list: [1, null, {}] }).split('\n')).toEqual([
      'agent "bot", user "ben" asks to invoke "mail.send"',
      'server: "mail"',
      'session: "s1"',
      'because: approval_required (rbac): a person must approve',
      'arguments (plain text, not HTML):',
      '  /to = "a@b.c"',
      '  /list/0 = 1',
      '  /list/1 = null',
      '  /list/2 = {}',
      `arguments hash: ${hashOf({ to: 'a@b.c', list: [1, null, {}] })}`,
      'expires: 2026-01-01T00:00:00.000Z',
    ])
  })

  it.each([
    ['direction marks', 'pay \u202e001\u202c', '"pay \\u{202e}001\\u{202c}"'],
    ['isolates', '\u2066x\u2069', '"\\u{2066}x\\u{2069}"'],
    ['zero-width characters', 'a\u200bb\u200dc\ufeff', '"a\\u{200b}b\\u{200d}c\\u{feff}"'],
    ['ANSI', '\u001b[2K\u001b[1A ok', '"\\u{1b}[2K\\u{1b}[1A ok"'],
    ['the one-byte form of ANSI', '\u009b31m', '"\\u{9b}31m"'],
    ['lines', 'a\r\nexpires: never\t', '"a\\u{d}\\nexpires: never\\t"'],
    ['line separators', 'a\u2028b\u2029\u0085', '"a\\u{2028}b\\u{2029}\\u{85}"'],
    ['quotes', 'a" = "b', '"a\\" = \\"b"'],
    ['what looks like an escape', '\\u{202e}', '"\\\\u{202e}"'],
    ['other blanks', 'a\u00a0b\u3000', '"a\\u{a0}b\\u{3000}"'],
    ['tags', 'a\u{e0041}\u{e007f}', '"a\\u{e0041}\\u{e007f}"'],
    ['selectors', 'a\ufe0f\u{e0100}', '"a\\u{fe0f}\\u{e0100}"'],
    ['lone surrogates', 'a\ud800', '"a\\u{d800}"'],
    ['piles of marks', `a${'\u0301'.repeat(5)}`, '"a\u0301\u0301\u0301\\u{301}\\u{301}"'],
    ['HTML, which stays text', '<img src=x onerror=alert(1)>', '"<img src=x onerror=alert(1)>"'],
  ])('A12 shows %s as what they are', (_what, value, shown) => {
    expect(lineOf({ v: value })).toBe(`  /v = ${shown}`)
    expect(lineOf({ [`k ${value}`]: 1 })).toBe(
      `  "/k ${shown.slice(1)} = 1`.replaceAll('/x', '~1x'),
    )
  })

  it('A12 cuts what is long, says so, and still shows the whole hash', () => {
    const args = { note: `${'x'.repeat(300)}${'y'.repeat(10_000_000)}` }
    const text = textOf(args)

    expect(text).toContain(`"${'x'.repeat(300)}… [cut: `)
    expect(text).not.toContain('y')
    expect(text).toContain(hashOf(args))
    expect(text.length).toBeLessThan(2_000)
  })

  it('A12 counts the values that are left out', () => {
    const many = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, index) => [`k${index}`, index]),
    )
    const text = textOf(many)

    expect(text).toContain('[cut: 4960 more values]')
    expect(text).toContain(hashOf(many))
  })

  it('masks secrets, wherever they stand', () => {
    const key = ['gh', `p_${'Ab3dEf6hIj9lMn2pQr5tUv8xYz1bCd4fGh7j'}`].join('')
    const long = `${'x'.repeat(290)} ${key}`
    for (const args of [{ a: key }, { a: { b: [`see ${key} there`] } }, { [key]: 1 }, { a: long }])
      expect([textOf(args).includes(key.slice(4, 20)), textOf(args).includes('secret')]).toEqual([
        false,
        true,
      ])
  })

  it('holds nothing unseen, and stays small, whatever it is made from', () => {
    const unseen = /[^\P{C}\n]|\p{Zl}|\p{Zp}|[\ufe00-\ufe0f]/u
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' })),
        fc.string({ unit: 'binary' }),
        (args, name) => {
          const text = textOf(args as JsonObject, { session: name, subject: { agent: name } })
          expect(unseen.test(text)).toBe(false)
          expect(text.length).toBeLessThan(30_000)
        },
      ),
      { numRuns: 300 },
    )
  })
})
