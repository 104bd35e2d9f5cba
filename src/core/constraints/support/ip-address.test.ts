import { isIP } from 'node:net'
import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import { embedsIpv4, isInRange, parseIp, parseRange } from './ip-address.ts'

const bitsOf = (text: string) => parseIp(text)?.value
// Node says what is an address, WHATWG URL writes IPv6 out (ipaddr.js takes `::1.2.3.4` for a mapped
// address), ipaddr.js gives its bytes.
const byReference = (text: string): bigint | undefined => {
  if (isIP(text) === 0 || text.includes('%')) return undefined
  const plain = isIP(text) === 6 ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text
  return BigInt(`0x${Buffer.from(ipaddr.parse(plain).toByteArray()).toString('hex')}`)
}

describe('parseIp', () => {
  const ipv4 = fc.ipV4()
  const ipv6 = fc.ipV6()

  it('agrees with its reference on addresses', () => {
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), (text) => {
        expect(bitsOf(text)).toBe(byReference(text))
      }),
    )
  })

  it('agrees with its reference on texts that are nearly addresses', () => {
    const near = fc
      .array(fc.constantFrom('0', '1', '9', '255', '256', 'f', 'ffff', '.', ':', '::', 'g'), {
        maxLength: 16,
      })
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(near, (text) => {
        expect(bitsOf(text)).toBe(byReference(text))
      }),
      { numRuns: 2000 },
    )
  })

  it('puts an address into the ranges that ipaddr.js puts it into', () => {
    fc.assert(
      fc.property(ipv4, ipv4, fc.integer({ min: 0, max: 32 }), (text, other, length) => {
        const network = ipaddr.IPv4.networkAddressFromCIDR(`${other}/${length}`).toString()
        const range = parseRange(`${network}/${length}`)
        const address = parseIp(text)
        if (range === undefined || address === undefined) throw new TypeError('not read')
        expect(isInRange(address, range)).toBe(
          ipaddr.IPv4.parse(text).match(ipaddr.IPv4.parse(network), length),
        )
      }),
    )
  })

  it('keeps the families apart', () => {
    const address = parseIp('::1')
    const range = parseRange('0.0.0.0/0')
    expect(address && range && isInRange(address, range)).toBe(false)
  })
})

describe('embedsIpv4', () => {
  it.each<[string, boolean]>([
    ['::ffff:1.2.3.4', true],
    ['::ffff:0:1.2.3.4', true],
    ['::1.2.3.4', true],
    ['64:ff9b::1.2.3.4', true],
    ['64:ff9b:1::1', true],
    ['2002:102:304::', true],
    ['::', false],
    ['::1', false],
    ['2001:db8::1', false],
    ['1.2.3.4', false],
  ])('says of %s %s', (text, wanted) => {
    const address = parseIp(text)
    expect(address && embedsIpv4(address)).toBe(wanted)
  })
})
