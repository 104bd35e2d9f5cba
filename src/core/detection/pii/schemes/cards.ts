import { isLuhnValid } from '../../check-digits/luhn.ts'
import { CERTAIN, FAIR, PLAUSIBLE, type Scheme, STRONG } from '../scheme.ts'

const WORDS = [
  'card',
  'credit',
  'debit',
  'cc',
  'pan',
  'visa',
  'mastercard',
  'amex',
  'american express',
  'discover',
  'diners',
  'maestro',
  'kreditkarte',
  'carte bancaire',
  'carte bleue',
  'tarjeta',
  'carta di credito',
  'cartao',
  'kredi karti',
  '카드',
  'カード',
  '信用卡',
] as const

interface Range {
  /** First digits, both ends included; as many digits as they have are compared. */
  readonly from: number
  readonly to: number
  readonly lengths: readonly number[]
}

/**
 * Who issues which first digits, and how long the numbers are.
 * @see https://en.wikipedia.org/wiki/Payment_card_number
 */
const RANGES: readonly Range[] = [
  { from: 4, to: 4, lengths: [13, 16, 19] },
  { from: 51, to: 55, lengths: [16] },
  { from: 2221, to: 2720, lengths: [16] },
  { from: 34, to: 34, lengths: [15] },
  { from: 37, to: 37, lengths: [15] },
  { from: 300, to: 305, lengths: [14, 16, 19] },
  { from: 3095, to: 3095, lengths: [14, 16, 19] },
  { from: 36, to: 36, lengths: [14, 16, 19] },
  { from: 38, to: 39, lengths: [14, 16, 19] },
  { from: 3528, to: 3589, lengths: [16, 19] },
  { from: 6011, to: 6011, lengths: [16, 19] },
  { from: 622126, to: 622925, lengths: [16, 17, 18, 19] },
  { from: 62, to: 62, lengths: [16, 17, 18, 19] },
  { from: 81, to: 81, lengths: [16, 17, 18, 19] },
  { from: 644, to: 659, lengths: [16, 19] },
  { from: 60, to: 60, lengths: [16] },
  { from: 5018, to: 5020, lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
  { from: 5038, to: 5038, lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
  { from: 5893, to: 5893, lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
  { from: 6304, to: 6304, lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
  { from: 6759, to: 6763, lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
  { from: 2200, to: 2204, lengths: [16, 17, 18, 19] },
  { from: 5060, to: 5061, lengths: [16, 18, 19] },
  { from: 9792, to: 9792, lengths: [16] },
  { from: 1, to: 1, lengths: [15] },
]

/** Payment cards: issuer, length, and Luhn's check digit. */
export const CARDS: readonly Scheme[] = [
  {
    kind: 'payment_card',
    words: WORDS,
    forms: [
      ['9999 9999 9999 9999', CERTAIN],
      ['9999-9999-9999-9999', CERTAIN],
      ['9999.9999.9999.9999', STRONG],
      ['9999 999999 99999', CERTAIN],
      ['9999-999999-99999', CERTAIN],
      ['9999 999999 9999', STRONG],
      ['9999-999999-9999', STRONG],
      ['9999 9999 9999 9999 999', CERTAIN],
      ['9999-9999-9999-9999-999', CERTAIN],
      ['9{16}', { bare: 0.65, alone: 0.85, named: 0.99 }],
      ['9{15}', FAIR],
      ['9{14}', FAIR],
      ['9{19}', PLAUSIBLE],
      ['9{17,18}', { bare: 0.3, alone: 0.45, named: 0.95 }],
      ['9{12,13}', { bare: 0.3, alone: 0.45, named: 0.95 }],
    ],
    check: isCard,
  },
]

function isCard(digits: string): boolean {
  if (!isLuhnValid(digits)) return false
  for (const { from, to, lengths } of RANGES) {
    const prefix = Number(digits.slice(0, String(from).length))
    if (prefix >= from && prefix <= to && lengths.includes(digits.length)) return true
  }
  return false
}
