import { mod97 } from '../../check-digits/iso7064.ts'
import { digitAt, isOneDigitRepeated, weightedSum } from '../../check-digits/weighted.ts'
import { twoDigits } from '../calendar.ts'
import { CERTAIN, CHECKED, LABELLED, PLAUSIBLE, type Scheme, SHAPED, STRONG } from '../scheme.ts'

/**
 * Length of the IBAN by country.
 * @see https://www.swift.com/standards/data-standards/iban-international-bank-account-number
 */
const IBAN_LENGTHS =
  'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 ' +
  'DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 ' +
  'IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 ' +
  'MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 ' +
  'SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'

const LENGTH_BY_COUNTRY: ReadonlyMap<string, number> = new Map(
  IBAN_LENGTHS.split(' ').map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)

const ACCOUNT = [
  'bank account',
  'account number',
  'account no',
  'acct',
  'account',
  'checking',
  'savings',
  'kontonummer',
  'konto',
  'cuenta',
  'compte',
] as const

/** Accounts and banks. */
export const BANK: readonly Scheme[] = [
  {
    kind: 'iban',
    words: ['iban', 'konto', 'account', 'bank', 'compte', 'cuenta'],
    forms: [['AA99*{11,30}', CERTAIN], ...ibanGroups(' '), ...ibanGroups('-')],
    check: isIban,
  },
  {
    kind: 'aba_routing_number',
    words: ['routing', 'aba', 'rtn', 'bank', 'transit', 'ach', 'wire'],
    forms: [
      ['9999-9999-9', STRONG],
      ['9999 9999 9', PLAUSIBLE],
      ['9{9}', CHECKED],
    ],
    check: isRouting,
  },
  { kind: 'us_bank_account', words: ACCOUNT, forms: [['9{8,17}', LABELLED]], check: isVaried },
  { kind: 'uk_sort_code', words: ['sort code', 'sortcode'], forms: [['99~99~99', LABELLED]] },
  {
    kind: 'mx_clabe',
    words: ['clabe', 'cuenta', 'transferencia', 'interbancaria'],
    forms: [['9{18}', PLAUSIBLE]],
    check: isClabe,
  },
  {
    kind: 'ar_cbu',
    words: ['cbu', 'cvu', 'cuenta', 'alias'],
    forms: [['9{22}', { bare: 0.45, alone: 0.6, named: 0.95 }]],
    check: isCbu,
  },
  {
    kind: 'in_ifsc',
    words: ['ifsc', 'bank', 'branch', 'neft', 'rtgs', 'imps'],
    forms: [['AAAA9{7}', SHAPED]],
    check: (compact) => compact.charAt(4) === '0',
  },
]

/** Groups of four after the check digits, the last one shorter where it must be. */
function ibanGroups(separator: string): Scheme['forms'] {
  const forms: (readonly [string, typeof CERTAIN])[] = []
  for (let units = 11; units <= 30; units++) {
    const groups = Math.floor(units / 4)
    const rest = units % 4
    const tail = rest === 0 ? '' : separator + '*'.repeat(rest)
    forms.push([`AA99${`${separator}****`.repeat(groups)}${tail}`, CERTAIN])
  }
  return forms
}

/** @see ISO 13616-1 */
function isIban(compact: string): boolean {
  return (
    LENGTH_BY_COUNTRY.get(compact.slice(0, 2)) === compact.length &&
    mod97(compact.slice(4) + compact.slice(0, 4)) === 1
  )
}

/** @see https://en.wikipedia.org/wiki/ABA_routing_transit_number */
function isRouting(digits: string): boolean {
  const prefix = twoDigits(digits, 0)
  const isKnown =
    prefix <= 12 ||
    (prefix >= 21 && prefix <= 32) ||
    (prefix >= 61 && prefix <= 72) ||
    prefix === 80
  return isKnown && weightedSum(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0
}

function isVaried(digits: string): boolean {
  return !isOneDigitRepeated(digits)
}

/** @see https://en.wikipedia.org/wiki/CLABE */
function isClabe(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < 17; index++)
    sum += (digitAt(digits, index) * ([3, 7, 1][index % 3] ?? 0)) % 10
  return (10 - (sum % 10)) % 10 === digitAt(digits, 17)
}

/** @see https://es.wikipedia.org/wiki/Clave_Bancaria_Uniforme */
function isCbu(digits: string): boolean {
  const bank = weightedSum(digits, [7, 1, 3, 9, 7, 1, 3, 1])
  const account = weightedSum(digits, [3, 9, 7, 1, 3, 9, 7, 1, 3, 9, 7, 1, 3, 1], 8)
  return bank % 10 === 0 && account % 10 === 0
}
