import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findPersonalData } from './find-personal-data.ts'

/** What is found, as kind and text. */
function found(text: string): readonly string[] {
  return findPersonalData(text)
    .filter(({ confidence }) => confidence >= 0.4)
    .map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`)
}

/** The surest match, of several readings of one stretch. */
function confidenceIn(text: string): number {
  return Math.max(0, ...findPersonalData(text).map(({ confidence }) => confidence))
}

describe('numbers with a shape of their own', () => {
  it.each([
    ['pay to GB82 WEST 1234 5698 7654 32 today', 'iban GB82 WEST 1234 5698 7654 32'],
    ['pay to DE89370400440532013000.', 'iban DE89370400440532013000'],
    ['card 4539-6148-0773-5527 was used', 'payment_card 4539-6148-0773-5527'],
    ['{"value":"212-45-3456"}', 'us_ssn 212-45-3456'],
    ['it was AB 12 34 56 C then', 'uk_nino AB 12 34 56 C'],
    ['CPF 529.982.247-25', 'br_cpf 529.982.247-25'],
    ['RSSMRA85T10A562S', 'it_fiscal_code RSSMRA85T10A562S'],
    ['the code is 756.9217.0769.85', 'ch_social_security 756.9217.0769.85'],
    ['HKID A123456(3)', 'hk_identity_card A123456(3)'],
    ['HRB 72518 in Köln', 'de_commercial_register HRB 72518'],
    ['(212) 734-9876', 'phone_number (212) 734-9876'],
    ['ring +49 30 901820 now', 'phone_number +49 30 901820'],
    ['ring +1 (212) 734-9876 now', 'phone_number +1 (212) 734-9876'],
    ['ring 06 12 34 56 70', 'phone_number 06 12 34 56 70'],
    ['mail ann.lee+x@example.co.uk, please', 'email_address ann.lee+x@example.co.uk'],
    ['to <müller@exämple.de>', 'email_address müller@exämple.de'],
    ['host 10.1.20.3:80', 'ip_address 10.1.20.3'],
    ['net 10.1.20.0/24', 'ip_address 10.1.20.0/24'],
    ['host fe80::1ff:fe23:4567:890a%eth2', 'ip_address fe80::1ff:fe23:4567:890a%eth2'],
    ['host [2001:db8::7]:443', 'ip_address 2001:db8::7'],
    ['port 3c-07-71-aa-bb-01 up', 'mac_address 3c-07-71-aa-bb-01'],
    [
      'send 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa 2',
      'bitcoin_address 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
    ],
    [
      'send 0x52908400098527886E0F7030069857D2E4169EE7',
      'ethereum_address 0x52908400098527886E0F7030069857D2E4169EE7',
    ],
  ])('finds in `%s` %s', (text, match) => {
    expect(found(text)).toContain(match)
  })

  it.each([
    ['a wrong check digit', 'pay to GB82 WEST 1234 5698 7654 33 today'],
    ['a wrong check digit', '4539-6148-0773-5522'],
    ['an issuer nobody is', '9012888888881885'],
    ['one digit over and over', '4444 4444 4444 4444'],
    ['a date', 'on 2024-05-11 at 10:20:30'],
    ['a time with its zone', '2024-05-11T10:20:30.123+02:00'],
    ['milliseconds', '{"at":1715423999123}'],
    ['a version', 'version 1.2.30.4 and Chrome/120.0.60.99'],
    ['a price', 'for $123,456,782.00'],
    ['a part of a longer number', '1234-212-45-3456-99'],
    ['a UUID', '5f2b1c7e-1234-4567-8901-123456789012'],
    ['a path', '/orders/44051401359/items'],
    ['scopes of code', 'std::vector a::b MyClass::add'],
    ['a slice', 'x[1::2] and y[::2]'],
    ['a package', 'npm i left-pad@1.3.0'],
    ['a repository', 'git@github.com:owner/name.git'],
    ['a wallet with a wrong sum', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb'],
    ['an octet too large', '10.1.256.3'],
    ['two double colons', '2a02:6f::91c::d3'],
    ['nothing', ''],
  ])('finds nothing in %s: `%s`', (_, text) => {
    expect(found(text)).toEqual([])
  })
})

describe('words near a number', () => {
  it.each([
    ['my SIN is 193456787', 'ca_sin 193456787'],
    ['"ssn": "212453456"', 'us_ssn 212453456'],
    ['userSsn=212453456', 'us_ssn 212453456'],
    ['주민등록번호는 9601211021417입니다', 'kr_rrn 9601211021417'],
    ['passport no. AAB123416', 'passport_number AAB123416'],
    ['Número de pasaporte: AAB123416', 'es_passport AAB123416'],
    ['Kontonummer 4455667701', 'us_bank_account 4455667701'],
    ['193456787 is my social insurance number', 'ca_sin 193456787'],
    ['date_of_birth: 1985-03-15', 'date_of_birth 1985-03-15'],
    ['TCKN 17291716060', 'tr_national_id 17291716060'],
  ])('name it: `%s`', (text, match) => {
    expect(found(text)).toContain(match)
  })

  it.each([
    ['a bare number that passes by chance', 'we saw 193456787 there'],
    ['the word of another value', '{"ssn":null,"order":"212453456"}'],
    ['the word of the next value', '{"order":"212453456","ssn":null}'],
    ['the word of the line before', 'SSN: none\nOrder 212453456'],
    ['a word too far away', `ssn ${'and so on '.repeat(8)} 212453456`],
    ['a word inside another', 'lessness 212453456'],
  ])('do not reach %s', (_, text) => {
    expect(found(text)).toEqual([])
  })

  it('make it surer than standing alone, and that surer than standing in a text', () => {
    const named = confidenceIn('steuer-id 36574261809')
    const alone = confidenceIn(' "36574261809" ')
    const bare = confidenceIn('it was 36574261809 then')
    expect([named > alone, alone > bare, bare >= 0.4]).toEqual([true, true, true])
  })

  it('weaken it where they say that it is nobody’s', () => {
    expect(confidenceIn('order 36574261809 shipped')).toBe(0)
  })
})

describe('findPersonalData', () => {
  const pieces = fc.constantFrom(
    '1',
    '12',
    '123',
    '4567',
    'A',
    'AB',
    'ssn ',
    ' ',
    '-',
    '.',
    '/',
    ':',
    '::',
    '@',
    '+',
    '(',
    ')',
    '\n',
    'GB82WEST12345698765432',
    '212-45-3456',
    'a@b.de',
    '\ud800',
    '\0',
    'ü',
    '여권',
    '0x',
    'fe80',
  )

  it('never throws, and answers matches inside the text', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const text = parts.join('')
        const isInside = findPersonalData(text).every(
          ({ start, end, confidence }) =>
            start >= 0 && start < end && end <= text.length && confidence > 0 && confidence <= 1,
        )
        expect(isInside).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    '1',
    '@',
    'a@',
    '1.',
    '1:',
    '::',
    '12-',
    'AA 99 ',
    '+1 ',
    '9 ',
    '(',
    'a.b@c.',
    '\ud800',
  ])('reads 256 KiB of `%s` in time', (unit) => {
    const text = unit.repeat(Math.ceil(262_144 / unit.length))
    const from = performance.now()
    findPersonalData(text)
    expect(performance.now() - from).toBeLessThan(2000)
  })
})
