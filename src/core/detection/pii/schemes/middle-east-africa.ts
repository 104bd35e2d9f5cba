import { isLuhnValid } from '../../check-digits/luhn.ts'
import { digitAt, isOneDigitRepeated, weightedSum } from '../../check-digits/weighted.ts'
import { isYearMonthDay, twoDigits } from '../calendar.ts'
import { NATIONAL_ID, PASSPORT, TAX, VEHICLE } from '../name-words.ts'
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

/** Numbers of Turkey. */
export const TURKEY: readonly Scheme[] = [
  {
    kind: 'tr_national_id',
    words: ['tckn', 'kimlik', 't c', 'vatandaslik', 'turkish id', ...NATIONAL_ID],
    forms: [['9{11}', { bare: 0.4, alone: 0.6, named: 0.97 }]],
    check: isTurkish,
  },
  {
    kind: 'tr_tax_number',
    words: ['vkn', 'vergi', ...TAX],
    forms: [['9{10}', CHECKED]],
    check: isTurkishTax,
  },
  {
    kind: 'tr_licence_plate',
    words: ['plaka', 'plakasi', 'arac', ...VEHICLE],
    forms: [
      ['99~A{1,3}~9{2,5}', { bare: 0.3, alone: 0.45, named: 0.95 }],
      ['99 A{1,3} 9{2,5}', { bare: 0.4, alone: 0.6, named: 0.97 }],
    ],
    check: isTurkishPlate,
  },
  {
    kind: 'tr_passport',
    words: ['pasaport', ...PASSPORT],
    forms: [['A9{8}', LABELLED]],
  },
]

/** Numbers of Israel, the Gulf, Iran and Egypt. */
export const MIDDLE_EAST: readonly Scheme[] = [
  {
    kind: 'il_identity_number',
    words: ['teudat zehut', 'תעודת זהות', 'מספר זהות', 'israeli', 'tz', ...NATIONAL_ID],
    forms: [
      ['9{9}', CHECKED],
      ['9{8}-9', PLAUSIBLE],
    ],
    check: (digits) => isLuhnValid(digits),
  },
  {
    kind: 'ae_emirates_id',
    words: ['emirates id', 'emirates', 'uae id', 'eid', 'الهوية', ...NATIONAL_ID],
    forms: [
      ['999-9999-9{7}-9', CERTAIN],
      ['999 9999 9{7} 9', CERTAIN],
      ['9{15}', STRONG],
    ],
    check: (digits) => /^784(?:19|20)/.test(digits) && isLuhnValid(digits),
  },
  {
    kind: 'sa_national_id',
    words: ['iqama', 'saudi', 'absher', 'الهوية', 'رقم الهوية', ...NATIONAL_ID],
    forms: [['9{10}', CHECKED]],
    check: (digits) => /^[12]/.test(digits) && isLuhnValid(digits),
  },
  {
    kind: 'kw_civil_id',
    words: ['civil id', 'kuwait', 'الرقم المدني', ...NATIONAL_ID],
    forms: [['9{12}', PLAUSIBLE]],
    check: (digits) =>
      /^[23]/.test(digits) &&
      isYearMonthDay(digits, 1) &&
      11 - (weightedSum(digits, [2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11) === digitAt(digits, 11),
  },
  {
    kind: 'eg_national_id',
    words: ['egypt', 'الرقم القومي', 'بطاقة', ...NATIONAL_ID],
    forms: [['9{14}', FAIR]],
    check: (digits) =>
      /^[23]/.test(digits) && isYearMonthDay(digits, 1) && EGYPT.has(digits.slice(7, 9)),
  },
  {
    kind: 'ir_national_code',
    words: ['کد ملی', 'melli', ...NATIONAL_ID],
    forms: [
      ['9{10}', CHECKED],
      ['999-999999-9', STRONG],
    ],
    check: isIranian,
  },
]

/** Numbers of countries in Africa. */
export const AFRICA: readonly Scheme[] = [
  {
    kind: 'za_id_number',
    words: ['south african', 'sa id', 'rsa id', 'identiteitsnommer', ...NATIONAL_ID],
    forms: [
      ['9{13}', FAIR],
      ['9{6} 9999 99 9', CERTAIN],
      ['9{6} 9999 999', CERTAIN],
    ],
    check: (digits) =>
      isYearMonthDay(digits) && /^\d{10}[012][89]/.test(digits) && isLuhnValid(digits),
  },
  {
    kind: 'za_company_number',
    words: ['cipc', 'company registration', 'registration number', 'reg no'],
    forms: [['9999/9{6}/99', FAIR]],
    check: (digits) => /^(?:19|20)\d{8}(?:0[67-9]|1\d|2[0-6])$/.test(digits),
  },
  {
    kind: 'ng_nin',
    words: ['nin', 'nimc', 'bvn', 'bank verification', ...NATIONAL_ID],
    forms: [['9{11}', LABELLED]],
    check: (digits) => !isOneDigitRepeated(digits),
  },
  {
    kind: 'ng_vehicle_registration',
    words: VEHICLE,
    forms: [
      ['AAA-999AA', { bare: 0.4, alone: 0.6, named: 0.95 }],
      ['AAA 999AA', { bare: 0.35, alone: 0.55, named: 0.95 }],
      ['AAA999AA', SHAPED],
      ['AAA 999 AA', SHAPED],
    ],
  },
  { kind: 'ng_passport', words: PASSPORT, forms: [['A9{8}', LABELLED]] },
  {
    kind: 'gh_card',
    words: ['ghana card', 'ghana', ...NATIONAL_ID],
    forms: [['AAA-9{9}-9', CERTAIN]],
    check: (compact) => /^(?:GHA|[A-Z]{3})/.test(compact) && !isOneDigitRepeated(compact.slice(3)),
  },
  {
    kind: 'ke_national_id',
    words: ['kenya', 'huduma', 'kitambulisho', ...NATIONAL_ID],
    forms: [['9{8}', LABELLED]],
  },
  {
    kind: 'ke_kra_pin',
    words: ['kra', 'pin', ...TAX],
    forms: [['A9{9}A', { bare: 0.3, alone: 0.45, named: 0.9 }]],
    check: (compact) => /^[AP]/.test(compact),
  },
]

const EGYPT = new Set(
  '01 02 03 04 11 12 13 14 15 16 17 18 19 21 22 23 24 25 26 27 28 29 31 32 33 34 35 88'.split(' '),
)

/** @see https://en.wikipedia.org/wiki/Turkish_Identification_Number */
function isTurkish(digits: string): boolean {
  const odd = weightedSum(digits, [1, 0, 1, 0, 1, 0, 1, 0, 1])
  const even = weightedSum(digits, [0, 1, 0, 1, 0, 1, 0, 1])
  const tenth = (((odd * 7 - even) % 10) + 10) % 10
  return (
    !digits.startsWith('0') &&
    tenth === digitAt(digits, 9) &&
    (odd + even + tenth) % 10 === digitAt(digits, 10)
  )
}

function isTurkishTax(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < 9; index++) {
    const shifted = (digitAt(digits, index) + 9 - index) % 10
    const value = (shifted * 2 ** (9 - index)) % 9
    sum += shifted !== 0 && value === 0 ? 9 : value
  }
  return (10 - (sum % 10)) % 10 === digitAt(digits, 9)
}

/** One letter goes with four or five digits, two with three or four, three with two to four. */
function isTurkishPlate(compact: string): boolean {
  const province = twoDigits(compact, 0)
  return (
    province >= 1 &&
    province <= 81 &&
    /^\d\d(?:[A-PR-VYZ]\d{2,5}|[A-PR-VYZ]{2}\d{2,4}|[A-PR-VYZ]{3}\d{2,4})$/.test(compact)
  )
}

/** @see https://fa.wikipedia.org/wiki/کد_ملی */
function isIranian(digits: string): boolean {
  const rest = weightedSum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11
  return (rest < 2 ? rest : 11 - rest) === digitAt(digits, 9)
}
