import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../model/json.ts'
import { faults, standing } from '../probe.fixture.ts'

const of = (value: JsonValue) =>
  standing('cidr', ['192.168.4.0/22', '203.0.113.7', 'fd12:3456::/32'], { ip: value })

describe('cidr', () => {
  it.each([
    ['192.168.4.0'],
    ['192.168.7.255'],
    ['203.0.113.7'],
    ['fd12:3456::1'],
    ['FD12:3456:0:0:0:0:0:1'],
    ['fd12:3456::1.2.3.4'],
  ])('takes %s', (address) => {
    expect(of(address)).toBe('inside')
  })

  it.each([['192.168.3.255'], ['192.168.8.0'], ['203.0.113.8'], ['fd12:3457::'], ['::1'], ['::']])(
    'refuses %s',
    (address) => {
      expect(of(address)).toBe('outside')
    },
  )

  it.each<[JsonValue]>([
    ['0192.168.4.1'],
    ['0xc0.168.4.1'],
    ['192.168.1025'],
    ['3232236545'],
    [3232236545],
    ['192.168.4.0/24'],
    ['192.168.4.1:80'],
    [' 192.168.4.1'],
    ['192.168.4.1\n'],
    ['192.168.4.1.'],
    ['192.168.4.256'],
    ['１92.168.4.1'],
    ['[fd12:3456::1]'],
    ['fd12:3456::1%eth0'],
    ['::ffff:192.168.4.1'],
    ['::192.168.4.1'],
    ['64:ff9b::192.168.4.1'],
    ['2002:c0a8:0401::1'],
    ['localhost'],
    [''],
    [null],
  ])('is unsure of %j', (address) => {
    expect(of(address)).toBe('unsure')
  })

  it.each([
    ['10.0.0.1/8'],
    ['10.0.0.0/33'],
    ['10.0.0.0/08'],
    ['10.0.0.0/'],
    ['10.0.0/8'],
    ['2001:db8::/129'],
    ['2001:db8::1/32'],
    ['example.com'],
    ['*'],
  ])('refuses %s in a policy', (range) => {
    expect(faults('cidr', [range])).toEqual(['bad_cidr 0'])
  })

  it('takes networks, whole families and single addresses in a policy', () => {
    expect(
      faults('cidr', ['0.0.0.0/0', '::/0', '10.0.0.0/8', '10.0.0.1', '2001:db8::/32']),
    ).toEqual([])
  })
})
