import { isLuhnValid } from '../../check-digits/luhn.ts'
import {
  digitAt,
  isOneDigitRepeated,
  isSequential,
  weightedSum,
} from '../../check-digits/weighted.ts'
import { twoDigits } from '../calendar.ts'
import { DRIVER, NATIONAL_ID, PASSPORT, POSTAL, TAX } from '../name-words.ts'
import { CHECKED, FAIR, LABELLED, PLAUSIBLE, type Scheme, SHAPED, STRONG } from '../scheme.ts'

/** Numbers of the United States. */
export const UNITED_STATES: readonly Scheme[] = [
  {
    kind: 'us_ssn',
    words: ['ssn', 'ssns', 'social security', 'soc sec', 'social sec', 'seguro social'],
    forms: [
      ['999-99-9999', STRONG],
      ['999 99 9999', FAIR],
      ['999.99.9999', FAIR],
      ['9{9}', CHECKED],
    ],
    check: isSsn,
  },
  {
    kind: 'us_itin',
    words: ['itin', 'individual taxpayer', 'taxpayer', 'tax id', 'tin'],
    forms: [
      ['999-99-9999', STRONG],
      ['999 99 9999', FAIR],
      ['9{9}', CHECKED],
    ],
    check: isItin,
  },
  {
    kind: 'us_ein',
    words: ['ein', 'fein', 'employer identification', ...TAX],
    forms: [['99-9999999', LABELLED]],
  },
  {
    kind: 'us_passport',
    words: PASSPORT,
    forms: [
      ['9{9}', LABELLED],
      ['A9{8}', LABELLED],
    ],
  },
  {
    kind: 'us_driver_license',
    words: DRIVER,
    forms: [
      ['A9{5,14}', LABELLED],
      ['AA9{5,7}', LABELLED],
      ['9{7,9}', LABELLED],
      ['A999-9999-9999', LABELLED],
      ['A999-999-99-999-9', LABELLED],
    ],
  },
  {
    kind: 'us_npi',
    words: ['npi', 'national provider', 'provider', 'physician', 'prescriber'],
    forms: [
      ['9{10}', { bare: 0.3, alone: 0.45, named: 0.95 }],
      ['9999 999 999', FAIR],
      ['9999-999-999', FAIR],
    ],
    check: isNpi,
  },
  {
    kind: 'us_medicare_beneficiary',
    words: ['mbi', 'medicare', 'beneficiary', 'cms'],
    forms: [
      ['9A*9A*9AA99', STRONG],
      ['9A*9-A*9-AA99', STRONG],
      ['9A*9 A*9 AA99', STRONG],
    ],
    check: (compact) => BENEFICIARY.test(compact),
  },
  {
    kind: 'us_dea_number',
    words: ['dea', 'drug enforcement', 'prescriber', 'controlled substance'],
    forms: [
      ['AA9{7}', { bare: 0.4, alone: 0.6, named: 0.97 }],
      ['A99999999', PLAUSIBLE],
    ],
    check: isDea,
  },
  {
    kind: 'us_zip_code',
    words: POSTAL,
    forms: [
      ['9{5}', LABELLED],
      ['9{5}-9{4}', LABELLED],
    ],
  },
]

/** Numbers of Canada. */
export const CANADA: readonly Scheme[] = [
  {
    kind: 'ca_sin',
    words: ['sin', 'social insurance', 'nas', 'assurance sociale'],
    forms: [
      ['999 999 999', PLAUSIBLE],
      ['999-999-999', PLAUSIBLE],
      ['9{9}', CHECKED],
    ],
    check: isSin,
  },
  {
    kind: 'ca_passport',
    words: [...PASSPORT, 'passeport'],
    forms: [
      ['AA9{6}', LABELLED],
      ['A9{6}AA', LABELLED],
    ],
  },
  {
    kind: 'ca_postal_code',
    words: [...POSTAL, 'code postal'],
    forms: [
      ['A9A 9A9', SHAPED],
      ['A9A9A9', LABELLED],
    ],
    check: (compact) => CANADIAN_POSTAL.test(compact),
  },
  {
    kind: 'ca_health_card',
    words: ['health card', 'ohip', 'health insurance', 'carte sante', 'ramq', ...NATIONAL_ID],
    forms: [
      ['9999-999-999-AA', SHAPED],
      ['9999-999-999', LABELLED],
      ['AAAA 9999 9999', SHAPED],
    ],
  },
]

/** @see https://www.cms.gov/medicare/new-medicare-card/understanding-the-mbi-format */
const BENEFICIARY =
  /^[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y]{2}\d{2}$/

/** @see https://www.canadapost-postescanada.ca, addressing guidelines */
const CANADIAN_POSTAL = /^[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z]\d[ABCEGHJ-NPRSTV-Z]\d$/

/** Numbers that stood in advertising and are nobody's. */
const ADVERTISED_SSN = new Set(['078051120', '219099999', '457555462'])

/** @see https://www.ssa.gov/employer/randomization.html */
function isSsn(digits: string): boolean {
  const area = digits.slice(0, 3)
  return (
    area !== '000' &&
    area !== '666' &&
    area < '900' &&
    digits.slice(3, 5) !== '00' &&
    digits.slice(5) !== '0000' &&
    !isSequential(digits) &&
    !ADVERTISED_SSN.has(digits)
  )
}

/** @see https://www.irs.gov/individuals/individual-taxpayer-identification-number */
function isItin(digits: string): boolean {
  const group = twoDigits(digits, 3)
  return (
    digits.startsWith('9') &&
    ((group >= 50 && group <= 65) ||
      (group >= 70 && group <= 88) ||
      (group >= 90 && group <= 92) ||
      (group >= 94 && group <= 99))
  )
}

/** @see https://www.cms.gov/Regulations-and-Guidance/Administrative-Simplification/NationalProvIdentStand/Downloads/NPIcheckdigit.pdf */
function isNpi(digits: string): boolean {
  const isPrefixed = digits.startsWith('1') || digits.startsWith('2')
  return isPrefixed && !isOneDigitRepeated(digits.slice(0, 9)) && isLuhnValid(`80840${digits}`)
}

/** @see https://en.wikipedia.org/wiki/DEA_number */
function isDea(compact: string): boolean {
  const digits = compact.slice(2)
  const sum = weightedSum(digits, [1, 2, 1, 2, 1, 2])
  return (
    'ABCDEFGHJKLMPRSTUX'.includes(compact.charAt(0)) &&
    /[A-Z9]/.test(compact.charAt(1)) &&
    sum % 10 === digitAt(digits, 6)
  )
}

/** @see https://en.wikipedia.org/wiki/Social_Insurance_Number; no number begins with 0 or 8 */
function isSin(digits: string): boolean {
  return !/^[08]/.test(digits) && isLuhnValid(digits)
}
