import { digitAt, isOneDigitRepeated, weightedSum } from '../../check-digits/weighted.ts'
import { isDay, isYearMonthDay, twoDigits } from '../calendar.ts'
import { COMPANY, NATIONAL_ID, PASSPORT, TAX, VEHICLE } from '../name-words.ts'
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

/** Numbers of Singapore, Malaysia, Thailand, the Philippines, Indonesia and Vietnam. */
export const SOUTH_EAST_ASIA: readonly Scheme[] = [
  {
    kind: 'sg_nric_fin',
    words: ['nric', 'fin', 'singapore', ...NATIONAL_ID],
    forms: [['A9{7}A', STRONG]],
    check: isNric,
  },
  {
    kind: 'sg_uen',
    words: ['uen', 'unique entity', ...COMPANY],
    forms: [
      ['9{8,9}A', { bare: 0.45, alone: 0.65, named: 0.97 }],
      ['A99AA9999A', STRONG],
    ],
    check: isUen,
  },
  {
    kind: 'my_nric',
    words: ['mykad', 'nric', 'kad pengenalan', 'ic number', 'ic no', ...NATIONAL_ID],
    forms: [
      ['9{6}-99-9999', STRONG],
      ['9{12}', CHECKED],
    ],
    check: isMyKad,
  },
  {
    kind: 'th_national_id',
    words: ['thai', 'เลขประจำตัวประชาชน', 'บัตรประชาชน', 'ประชาชน', 'tnin', ...NATIONAL_ID],
    forms: [
      ['9 9999 99999 99 9', CERTAIN],
      ['9-9999-99999-99-9', CERTAIN],
      ['9{13}', { bare: 0.3, alone: 0.5, named: 0.97 }],
    ],
    check: isThai,
  },
  {
    kind: 'ph_tin',
    words: ['bir', ...TAX],
    forms: [
      ['999-999-999', CHECKED],
      ['999-999-999-999', STRONG],
      ['999-999-999-99999', STRONG],
      ['9{9}', CHECKED],
      ['9{12}', CHECKED],
    ],
    check: (digits) =>
      !isOneDigitRepeated(digits.slice(0, 9)) &&
      weightedSum(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11 === digitAt(digits, 8),
  },
  {
    kind: 'ph_philhealth',
    words: ['philhealth', 'phic'],
    forms: [
      ['99-9{9}-9', FAIR],
      ['9{12}', LABELLED],
    ],
  },
  {
    kind: 'ph_sss',
    words: ['sss', 'social security', 'umid', 'crn', 'gsis'],
    forms: [
      ['99-9{7}-9', FAIR],
      ['9999-9{7}-9', FAIR],
      ['9{10}', LABELLED],
      ['9{12}', LABELLED],
    ],
  },
  {
    kind: 'ph_passport',
    words: ['pasaporte', ...PASSPORT],
    forms: [
      ['A9{7}A', LABELLED],
      ['AA9{7}', LABELLED],
    ],
  },
  {
    kind: 'ph_licence_plate',
    words: ['plaka', ...VEHICLE],
    forms: [
      ['AAA~9{3,4}', LABELLED],
      ['AA~9{5}', LABELLED],
    ],
  },
  {
    kind: 'id_nik',
    words: ['nik', 'ktp', 'kependudukan', 'npwp', ...NATIONAL_ID],
    forms: [['9{16}', { bare: 0.3, alone: 0.45, named: 0.9 }]],
    check: isNik,
  },
  {
    kind: 'id_npwp',
    words: ['npwp', ...TAX],
    forms: [['99.999.999.9-999.999', CERTAIN]],
  },
  {
    kind: 'vn_national_id',
    words: ['cccd', 'cmnd', 'can cuoc', 'chung minh', ...NATIONAL_ID],
    forms: [
      ['9{12}', LABELLED],
      ['9{9}', LABELLED],
    ],
    check: (digits) => digits.length === 9 || digits.startsWith('0'),
  },
  {
    kind: 'my_passport',
    words: ['pasport', ...PASSPORT],
    forms: [['A9{8}', LABELLED]],
    check: (compact) => /^[AHK]/.test(compact),
  },
  {
    kind: 'my_licence_plate',
    words: VEHICLE,
    forms: [['A{1,3} 9{1,4}', LABELLED]],
  },
  {
    kind: 'vn_tax_number',
    words: ['ma so thue', 'mst', ...TAX],
    forms: [
      ['9{10}-999', PLAUSIBLE],
      ['9{10}', CHECKED],
    ],
    check: (digits) =>
      10 - (weightedSum(digits, [31, 29, 23, 19, 17, 13, 7, 5, 3]) % 11) === digitAt(digits, 9),
  },
  {
    kind: 'sg_licence_plate',
    words: VEHICLE,
    forms: [['AAA~9{1,4}~A', SHAPED]],
    check: (compact) => /^[SEGFPTQ][A-Z]{2}/.test(compact),
  },
]

/** Letters by the remainder, for each first letter. @see https://en.wikipedia.org/wiki/National_Registration_Identity_Card */
function isNric(compact: string): boolean {
  const first = compact.charAt(0)
  const sum = weightedSum(compact, [2, 7, 6, 5, 4, 3, 2], 1)
  const last = compact.charAt(8)
  if (first === 'M') return 'XWUTRQPNJLK'.charAt((sum + 3) % 11) === last
  const shifted = (sum + (first === 'T' || first === 'G' ? 4 : 0)) % 11
  if (first === 'S' || first === 'T') return 'JZIHGFEDCBA'.charAt(shifted) === last
  return (first === 'F' || first === 'G') && 'XWUTRQPNMLK'.charAt(shifted) === last
}

const UEN_ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWX0123456789'

/** @see https://www.uen.gov.sg */
function isUen(compact: string): boolean {
  const last = compact.charAt(compact.length - 1)
  if (compact.length === 9)
    return 'XMKECAWLJDB'.charAt(weightedSum(compact, [10, 4, 9, 3, 8, 2, 7, 1]) % 11) === last
  if (/^\d/.test(compact))
    return (
      /^(?:1[89]|20)/.test(compact) &&
      'ZKCMDNERGWH'.charAt(weightedSum(compact, [10, 8, 6, 4, 9, 7, 5, 3, 1]) % 11) === last
    )
  if (!/^[RST]/.test(compact)) return false
  const weights = [4, 3, 5, 3, 10, 2, 2, 5, 7]
  let sum = 0
  for (let index = 0; index < 9; index++)
    sum += UEN_ALPHABET.indexOf(compact.charAt(index)) * (weights[index] ?? 0)
  return UEN_ALPHABET.charAt((((sum - 5) % 11) + 11) % 11) === last
}

/** Places of birth that have a code. @see https://www.jpn.gov.my/en/kod-negeri */
function isMyKad(digits: string): boolean {
  const place = twoDigits(digits, 6)
  const isPlace =
    (place >= 1 && place <= 16) ||
    (place >= 21 && place <= 59) ||
    (place >= 60 && place <= 68) ||
    [71, 72, 98, 99].includes(place) ||
    (place >= 74 && place <= 93)
  return isPlace && isYearMonthDay(digits)
}

/** The second and third digit name the province. @see https://en.wikipedia.org/wiki/Thai_identity_card */
function isThai(digits: string): boolean {
  const rest = weightedSum(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11
  return (
    /^[1-8](?:1\d|2[0-7]|[34]\d|5[0-8]|6[0-7]|7[0-7]|8[0-6]|9[0-6])/.test(digits) &&
    (11 - rest) % 10 === digitAt(digits, 12)
  )
}

/** Province, district, date of birth with 40 more days for women, and a running number. */
function isNik(digits: string): boolean {
  const day = twoDigits(digits, 6)
  return (
    /^[1-9][1-9]/.test(digits) &&
    isDay(twoDigits(digits, 8), day > 40 ? day - 40 : day) &&
    !digits.endsWith('0000')
  )
}
