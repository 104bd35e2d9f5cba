import { isVerhoeffValid } from '../../check-digits/verhoeff.ts'
import { base36At, digitAt, weightedSum } from '../../check-digits/weighted.ts'
import { DRIVER, NATIONAL_ID, PASSPORT, TAX, VEHICLE } from '../name-words.ts'
import {
  CERTAIN,
  CHECKED,
  FAIR,
  LABELLED,
  PLAUSIBLE,
  type Scheme,
  SHAPED,
  STRONG,
} from '../scheme.ts'

const GST = ['gst', 'gstin', 'goods and services'] as const

/** Numbers of India. */
export const INDIA: readonly Scheme[] = [
  {
    kind: 'in_aadhaar',
    words: ['aadhaar', 'aadhar', 'adhaar', 'uidai', 'uid', 'आधार'],
    forms: [
      ['9999 9999 9999', FAIR],
      ['9999-9999-9999', FAIR],
      ['9999:9999:9999', FAIR],
      ['9{12}', { bare: 0.3, alone: 0.45, named: 0.97 }],
    ],
    check: isAadhaar,
  },
  {
    kind: 'in_pan',
    words: ['pan', 'permanent account', 'income tax'],
    forms: [['AAAAA9999A', { bare: 0.6, alone: 0.75, named: 0.97 }]],
    check: (compact) => PAN.test(compact),
  },
  { kind: 'in_pan', words: ['pan', 'permanent account'], forms: [['AAAAA9999A', SHAPED]] },
  {
    kind: 'in_gstin',
    words: GST,
    forms: [['99AAAAA9999A*A*', CERTAIN]],
    check: (compact) => GSTIN.test(compact) && isGstinChecked(compact),
  },
  {
    // The permanent account number inside is a person's, and has no check digit of its own.
    kind: 'in_gstin',
    words: GST,
    forms: [['99AAAAA9999A*A*', { bare: 0.4, alone: 0.5, named: 0.75 }]],
    check: (compact) => GSTIN.test(compact),
  },
  {
    kind: 'in_voter_id',
    words: ['voter', 'epic', 'election', 'vote'],
    forms: [
      ['AAA9{7}', SHAPED],
      ['AAA/9{7}', SHAPED],
    ],
  },
  {
    kind: 'in_passport',
    words: PASSPORT,
    forms: [
      ['A9{7}', LABELLED],
      ['A 9{7}', LABELLED],
    ],
    check: (compact) => /^[A-PR-WY][1-9]\d{5}[1-9]$/.test(compact),
  },
  {
    kind: 'in_vehicle_registration',
    words: VEHICLE,
    forms: [
      ['AA99~A{1,3}~9999', { bare: 0.5, alone: 0.65, named: 0.95 }],
      ['AA-99-A{1,3}-9999', { bare: 0.6, alone: 0.7, named: 0.95 }],
      ['AA 99 A{1,3} 9999', { bare: 0.6, alone: 0.7, named: 0.95 }],
      ['AA9~A{1,3}~9999', { bare: 0.3, alone: 0.45, named: 0.9 }],
    ],
    check: (compact) => STATES.has(compact.slice(0, 2)) && !compact.endsWith('0000'),
  },
  {
    kind: 'in_driving_licence',
    words: DRIVER,
    forms: [
      ['AA9{13}', FAIR],
      ['AA99 9{11}', STRONG],
      ['AA-9{13}', STRONG],
      ['AA-99-9999-9{7}', STRONG],
      ['AA99-9{11}', STRONG],
    ],
    check: (compact) =>
      STATES.has(compact.slice(0, 2)) && /^[A-Z]{2}\d\d(?:19[5-9]\d|20[0-3]\d)/.test(compact),
  },
  {
    kind: 'in_company_number',
    words: ['cin', 'corporate identification'],
    forms: [['A9{5}AA9{4}AAA9{6}', STRONG]],
    check: (compact) => /^[LU]/.test(compact) && STATES.has(compact.slice(6, 8)),
  },
]

/** Numbers of Pakistan, Sri Lanka and Bangladesh. */
export const SOUTH_ASIA: readonly Scheme[] = [
  {
    kind: 'pk_cnic',
    words: ['cnic', 'nadra', 'nicop', ...NATIONAL_ID],
    forms: [
      ['9{5}-9{7}-9', STRONG],
      ['9{13}', LABELLED],
    ],
    check: (digits) => /^[1-8]/.test(digits),
  },
  {
    kind: 'lk_nic',
    words: ['nic', ...NATIONAL_ID],
    forms: [
      ['9{9}A', FAIR],
      ['9{12}', LABELLED],
    ],
    check: isSriLankan,
  },
  {
    kind: 'bd_national_id',
    words: ['nid', 'জাতীয়', ...NATIONAL_ID],
    forms: [
      ['9{10}', LABELLED],
      ['9{13}', LABELLED],
      ['9{17}', LABELLED],
    ],
  },
  {
    kind: 'lk_tax_number',
    words: TAX,
    forms: [['9{9}', CHECKED]],
    check: (digits) => weightedSum(digits, [8, 7, 6, 5, 4, 3, 2, 1]) % 10 === digitAt(digits, 8),
  },
  {
    kind: 'np_citizenship',
    words: ['citizenship', 'नागरिकता'],
    forms: [['99-99-99-99999', PLAUSIBLE]],
  },
]

/** The fourth letter says whose it is: P a person's, C a company's. @see https://incometaxindia.gov.in */
const PAN = /^[A-Z]{3}[ABCFGHJLPT][A-Z](?!0000)\d{4}[A-Z]$/
const GSTIN = /^(?:0[1-9]|[12]\d|3[0-8]|9[79])[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]$/
const STATES = new Set(
  (
    'AN AP AR AS BH BR CG CH DD DL DN GA GJ HP HR JH JK KA KL LA LD MH ML MN MP MZ NL OD OR PB PY ' +
    'RJ SK TG TN TR TS UK UP UA WB'
  ).split(' '),
)

/** @see https://uidai.gov.in; a number reads differently backwards and does not begin with 0 or 1 */
function isAadhaar(digits: string): boolean {
  return (
    /^[2-9]/.test(digits) &&
    isVerhoeffValid(digits) &&
    digits !== Array.from(digits).reverse().join('')
  )
}

/** @see https://en.wikipedia.org/wiki/Goods_and_Services_Tax_(India) */
function isGstinChecked(compact: string): boolean {
  let sum = 0
  for (let index = 0; index < 14; index++) {
    const product = base36At(compact, index) * (index % 2 === 0 ? 1 : 2)
    sum += Math.floor(product / 36) + (product % 36)
  }
  return (36 - (sum % 36)) % 36 === base36At(compact, 14)
}

/** The third to fifth digit count the days of the year, 500 more for women. */
function isSriLankan(compact: string): boolean {
  const isOld = compact.length === 10
  const day = Number(isOld ? compact.slice(2, 5) : compact.slice(4, 7)) % 500
  const isShaped = isOld ? /[VX]$/.test(compact) : /^(?:19|20)/.test(compact)
  return isShaped && day >= 1 && day <= 366
}
