import { describe, expect, it } from 'vitest'
import { emailAround } from './email-address.ts'
import { internationalPhoneAt } from './international-phone.ts'
import { ipv4At, ipv6At } from './ip-address.ts'
import { macAddressEnd } from './mac-address.ts'
import { walletKind } from './wallet.ts'

describe('emailAround', () => {
  it.each([
    ['x <a.b@c.de>', 'a.b@c.de'],
    ["'o'neil@c.de", "o'neil@c.de"],
    ['a@b.co.uk.', 'a@b.co.uk'],
    ['user@xn--bcher-kva.example', 'user@xn--bcher-kva.example'],
  ])('reads in `%s` the address %s', (text, address) => {
    const bounds = emailAround(text, text.indexOf('@'))
    expect(text.slice(bounds?.start, bounds?.end)).toBe(address)
  })

  it.each([
    '@b.de',
    'a@',
    'a@b',
    'a@1.2',
    'a.@b.de',
    'a@-b.de',
    'a@b-.de',
    'a@b..de',
    'a@b.d',
    'a@b.de@c',
  ])('reads none in `%s`', (text) => {
    expect(emailAround(text, text.indexOf('@'))).toBeUndefined()
  })
})

describe('network addresses', () => {
  it.each([
    ['203.0.113.64', 12],
    ['198.51.100.255', 14],
    ['10.0.0.1.', 8],
    ['10.0.0.1/8 ', 10],
    ['10.0.0.1-10.0.0.9', 8],
  ])('reads %s up to %i', (text, end) => {
    expect(ipv4At(text, 0)?.end).toBe(end)
  })

  it.each(['1.2.3', '1.2.3.256', '1.2.3.4.5', '01.2.3.4', '1.2.3.4a', '1.2.3.4-beta'])(
    'reads no IPv4 address in %s',
    (text) => {
      expect(ipv4At(text, 0)).toBeUndefined()
    },
  )

  it('is less sure of small numbers, which chapters have as well', () => {
    expect([ipv4At('1.2.3.4', 0)?.confidence, ipv4At('10.2.3.4', 0)?.confidence]).toEqual([
      0.5, 0.9,
    ])
  })

  it.each([
    ['::1', 3],
    ['fe80::4c2:9e', 12],
    ['2001:db8:1:2:3:4:5:6', 20],
    ['::ffff:192.0.2.77', 17],
    ['64:ff9b::10.0.0.1 ', 17],
    ['2001:db8:5a::/48', 16],
    ['2001:db8::1.', 11],
    ['fe80::4c2:9e%en0', 16],
  ])('reads %s up to %i', (text, end) => {
    expect(ipv6At(text, 0)?.end).toBe(end)
  })

  it.each([
    '::',
    '1::2',
    '12:30:45',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    'dead::beef',
    '::ffff:192.0.2.256',
    '12345::1',
  ])('reads no IPv6 address in %s', (text) => {
    expect(ipv6At(text, 0)).toBeUndefined()
  })

  it.each([
    ['00:1a:2B:3c:4D:5e', 17],
    ['00-1a-2b-3c-4d-5e', 17],
    ['001a.2b3c.4d5e', 14],
    ['00:1a-2b:3c:4d:5e', undefined],
    ['00:00:00:00:00:00', undefined],
    ['00:1a:2b:3c:4d:5e:6f', undefined],
    ['00:1a:2b:3c:4d', undefined],
  ])('reads the hardware address %s up to %s', (text, end) => {
    expect(macAddressEnd(text, 0)).toBe(end)
  })
})

describe('internationalPhoneAt', () => {
  it.each([
    ['+442079460018', 13],
    ['+44 20 7946 0018 or', 16],
    ['+49 (0)30 901820', 16],
    ['+12127349876.', 12],
  ])('reads %s up to %i', (text, end) => {
    expect(internationalPhoneAt(text, 0)?.end).toBe(end)
  })

  it.each(['+1234567', '+1 112 734 9876', '+0123456789', '+1234567890123456', '+2821234567'])(
    'reads none in %s',
    (text) => {
      expect(internationalPhoneAt(text, 0)).toBeUndefined()
    },
  )

  it('reads none behind a word, which is a sum', () => {
    expect(internationalPhoneAt('a+442079460018', 1)).toBeUndefined()
  })
})

describe('walletKind', () => {
  it.each([
    ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', 'bitcoin_address'],
    ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', 'bitcoin_address'],
    ['0x52908400098527886E0F7030069857D2E4169EE7', 'ethereum_address'],
    ['TJRabPrwbZy45sbavfcjinPJC18kjpRTv8', 'tron_address'],
    [`0x${'0'.repeat(40)}`, undefined],
    [`0x${'a'.repeat(41)}`, undefined],
    ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5', undefined],
    ['a'.repeat(100), undefined],
  ])('says of %s: %s', (word, kind) => {
    expect(walletKind(word)).toBe(kind)
  })
})
