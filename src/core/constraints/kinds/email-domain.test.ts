import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../model/json.ts'
import { faults, standing } from '../probe.fixture.ts'

const ALLOW = ['corp.test', '*.dept.test', 'boss@else.test', '@at.test']
const of = (value: JsonValue) => standing('email_domain', ALLOW, { to: value })

describe('email_domain', () => {
  it.each<[JsonValue]>([
    ['ann@corp.test'],
    ['Ann.O-Hara+tag@CORP.test'],
    ["o'neil@corp.test"],
    ['josé@corp.test'],
    ['ann@it.dept.test'],
    ['ann@a.b.dept.test'],
    ['boss@else.test'],
    ['Boss@Else.test'],
    ['x@at.test'],
    ['Ann Lee <ann@corp.test>'],
    ['<ann@corp.test>'],
    [['ann@corp.test', 'bob@corp.test']],
  ])('takes %j', (address) => {
    expect(of(address)).toBe('inside')
  })

  it.each([
    ['ann@corp.test.evil.test'],
    ['ann@evilcorp.test'],
    ['ann@mail.corp.test'],
    ['ann@dept.test'],
    ['staff@else.test'],
    ['ann@xn--crp-uqa.test'],
    ['Ann <ann@evil.test>'],
    ['corp.test@evil.test'],
  ])('refuses %s', (address) => {
    expect(of(address)).toBe('outside')
  })

  it.each<[JsonValue]>([
    ['ann@corp.test,eve@evil.test'],
    ['ann@corp.test;eve@evil.test'],
    ['ann@corp.test eve@evil.test'],
    ['ann@corp.test\nBcc: eve@evil.test'],
    ['ann@corp.test\r\n'],
    ['ann@corp.test%0aBcc:eve@evil.test'],
    ['eve@evil.test (ann@corp.test)'],
    ['eve@evil.test@corp.test'],
    ['"eve@evil.test"@corp.test'],
    ['"ann@corp.test" <eve@evil.test>'],
    ['ann@corp.test <eve@evil.test>'],
    ['=?utf-8?q?ann=40corp.test?= <eve@evil.test>'],
    ['=?utf-8?q?eve=40evil.test=3e?=@corp.test'],
    ['Friends: ann@corp.test, eve@evil.test;'],
    ['evil.test!ann@corp.test'],
    ['eve%evil.test@corp.test'],
    ['|pipe@corp.test'],
    ['<@evil.test:ann@corp.test>'],
    ['mailto:ann@corp.test'],
    ['eve＠evil.test@corp.test'],
    ['ann@[10.0.0.1]'],
    ['ann@corp.test.'],
    ['ann@corp..test'],
    ['ann@сorp\u00ad.test'],
    ['ann@ｃorp.test'],
    ['.ann@corp.test'],
    ['ann.@corp.test'],
    ['a..n@corp.test'],
    ['@corp.test'],
    ['ann@'],
    ['corp.test'],
    [' ann@corp.test'],
    [`${'a'.repeat(65)}@corp.test`],
    ['ann\u202e@corp.test'],
    [''],
    [1],
    [{ email: 'ann@corp.test', x: 1 }],
  ])('is unsure of %j', (address) => {
    expect(of(address)).toContain('unsure')
  })

  it.each<[string, string]>([
    ['a*@corp.test', 'bad_glob 0'],
    ['*', 'bad_glob 0'],
    ['a@b@corp.test', 'bad_name 0'],
    ['Ann <ann@corp.test>', 'bad_name 0'],
    ['corp test', 'bad_name 0'],
    ['@', 'bad_name 0'],
  ])('refuses %s in a policy', (entry, fault) => {
    expect(faults('email_domain', [entry])).toEqual([fault])
  })

  it('agrees with its reference: whatever is inside has one @ and the listed domain behind it', () => {
    const piece = fc.constantFrom(
      'ann',
      'eve',
      '@',
      'corp.test',
      'evil.test',
      ',',
      ';',
      ' ',
      '<',
      '>',
      '"',
      '(',
      ')',
      '.',
      '\n',
      ':',
      '%40',
      '=?',
      '?=',
      '!',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('')
        if (standing('email_domain', ['corp.test'], { to: text }) !== 'inside') return
        expect(text).toMatch(/^(?:[a-z .]*<)?[a-z.]+@corp\.test>?$/)
      }),
      { numRuns: 3000 },
    )
  })
})
