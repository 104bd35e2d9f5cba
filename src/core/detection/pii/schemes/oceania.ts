import { digitAt, weightedSum } from '../../check-digits/weighted.ts'
import { COMPANY, DRIVER, PASSPORT, TAX } from '../name-words.ts'
import { CERTAIN, CHECKED, LABELLED, PLAUSIBLE, type Scheme, STRONG } from '../scheme.ts'

/** Numbers of Australia and New Zealand. */
export const OCEANIA: readonly Scheme[] = [
  {
    kind: 'au_tfn',
    words: ['tfn', 'tax file', ...TAX],
    forms: [
      ['999 999 999', PLAUSIBLE],
      ['999-999-999', PLAUSIBLE],
      ['9{9}', CHECKED],
    ],
    check: (digits) => weightedSum(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0,
  },
  {
    kind: 'au_abn',
    words: ['abn', 'australian business', ...COMPANY],
    forms: [
      ['99 999 999 999', STRONG],
      ['99-999-999-999', STRONG],
      ['9{11}', { bare: 0.38, alone: 0.6, named: 0.97 }],
    ],
    check: isAbn,
  },
  {
    kind: 'au_acn',
    words: ['acn', 'australian company', ...COMPANY],
    forms: [
      ['999 999 999', PLAUSIBLE],
      ['9{9}', CHECKED],
    ],
    check: (digits) => weightedSum(digits, [8, 7, 6, 5, 4, 3, 2, 1, 1]) % 10 === 0,
  },
  {
    kind: 'au_medicare',
    words: ['medicare'],
    forms: [
      ['9999 99999 9', STRONG],
      ['9999-99999-9', STRONG],
      ['9999 99999 9/9', STRONG],
      ['9{10,11}', CHECKED],
    ],
    check: isMedicare,
  },
  {
    kind: 'au_passport',
    words: PASSPORT,
    forms: [
      ['A9{7}', LABELLED],
      ['AA9{7}', LABELLED],
    ],
  },
  { kind: 'au_driver_licence', words: DRIVER, forms: [['9{8,10}', LABELLED]] },
  { kind: 'au_bsb', words: ['bsb', 'bank state branch'], forms: [['999-999', LABELLED]] },
  {
    kind: 'nz_ird',
    words: ['ird', 'inland revenue', ...TAX],
    forms: [
      ['99-999-999', PLAUSIBLE],
      ['999-999-999', CHECKED],
      ['99 999 999', CHECKED],
      ['9{8,9}', CHECKED],
    ],
    check: isIrd,
  },
  {
    kind: 'nz_health_index',
    words: ['nhi', 'national health index'],
    forms: [
      ['AAA9999', { bare: 0, alone: 0, named: 0.9 }],
      ['AAA99A*', { bare: 0, alone: 0, named: 0.9 }],
    ],
    check: (compact) => !/[IO]/.test(compact),
  },
  {
    kind: 'nz_bank_account',
    words: ['account', 'bank'],
    forms: [['99-9999-9{7}-9{2,3}', CERTAIN]],
    check: (digits) => /^(?:0[1-9]|[1-3]\d|8\d)/.test(digits),
  },
  { kind: 'nz_passport', words: PASSPORT, forms: [['AA9{6}', LABELLED]] },
]

/** @see https://abr.business.gov.au/Help/AbnFormat */
function isAbn(digits: string): boolean {
  const sum = weightedSum(digits, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10
  return !digits.startsWith('0') && sum % 89 === 0
}

/** @see https://meteor.aihw.gov.au/content/270101 */
function isMedicare(digits: string): boolean {
  return (
    /^[2-6]/.test(digits) &&
    weightedSum(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === digitAt(digits, 8) &&
    !digits.startsWith('0', 9)
  )
}

/** @see https://www.ird.govt.nz, number format and check digit */
function isIrd(digits: string): boolean {
  const nine = digits.padStart(9, '0')
  const number = Number(nine)
  if (number < 10_000_000 || number > 150_000_000) return false
  const first = (11 - (weightedSum(nine, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11
  const second = (11 - (weightedSum(nine, [7, 4, 3, 2, 5, 2, 7, 6]) % 11)) % 11
  return (first === 10 ? second : first) === digitAt(nine, 8)
}
