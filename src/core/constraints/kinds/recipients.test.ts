import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import { faults, standing } from '../probe.fixture.ts'

const ALLOW = ['corp.test', 'boss@else.test', '#general', 'DE89370400440532013000', 'Ann Lee']
const of = (to: JsonValue) => standing('recipients', ALLOW, { to })

describe('recipients', () => {
  it.each<[JsonValue]>([
    ['ann@corp.test'],
    ['ann@corp.test, Bob <bob@corp.test>; boss@else.test'],
    ['ann@corp.test,bob@corp.test'],
    [['ann@corp.test', '#general']],
    ['#general'],
    ['DE89370400440532013000'],
    ['Ann Lee'],
  ])('takes %j', (to) => {
    expect(of(to)).toBe('inside')
  })

  it.each<[JsonValue, string]>([
    ['eve@evil.test', 'outside'],
    ['#random', 'outside'],
    ['#General', 'outside'],
    ['ann@corp.test,eve@evil.test', 'inside outside'],
    ['ann@corp.test;#random', 'inside outside'],
    [['ann@corp.test', 'eve@evil.test'], 'inside outside'],
    ['ann@corp.test eve@evil.test', 'unsure'],
    ['"Lee, Ann" <ann@corp.test>', 'unsure'],
    ['ann@corp.test,', 'inside unsure'],
    ['ann@corp.test,\neve@evil.test', 'inside unsure'],
    ['', 'unsure'],
    [12, 'unsure'],
    [{ name: 'Ann' }, 'unsure'],
    [`ann@corp.test${','.repeat(65_536)}`, 'unsure'],
  ])('%j is %s', (to, wanted) => {
    expect(of(to)).toBe(wanted)
  })

  it.each<[JsonObject, string]>([
    [{ to: 'ann@corp.test', bcc: 'eve@evil.test' }, 'inside outside'],
    [{ message: { cc: ['eve@evil.test'] } }, 'outside'],
    [{ ReplyTo: 'eve@evil.test' }, 'outside'],
    [{ to: [], cc: 'ann@corp.test' }, 'inside'],
    [{ to: [] }, 'unsure'],
    [{ subject: 'x' }, 'unsure'],
  ])('of %j it makes %s', (args, wanted) => {
    expect(standing('recipients', ALLOW, args)).toBe(wanted)
  })

  it.each<[string, string[]]>([
    ['a*@corp.test', ['bad_glob 0']],
    ['a@b@c.test', ['bad_name 0']],
    ['a,b', ['bad_name 0']],
    ['*.corp.test', []],
    ['U012AB3CD', []],
    ['*@corp.test', []],
  ])('of %s in a policy it reports %j', (entry, wanted) => {
    expect(faults('recipients', [entry])).toEqual(wanted)
  })
})
