import { digitAt, weightedSum } from '../../check-digits/weighted.ts'
import { twoDigits } from '../calendar.ts'
import { COMPANY, DRIVER, PASSPORT, POSTAL, VAT, VEHICLE } from '../name-words.ts'
import { CERTAIN, CHECKED, LABELLED, PLAUSIBLE, type Scheme, SHAPED, STRONG } from '../scheme.ts'

/** Where a postcode is: the first one or two letters. */
const AREAS = new Set(
  (
    'AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC ' +
    'EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS ' +
    'LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP ' +
    'SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE'
  ).split(' '),
)

const POSTCODE: Scheme['forms'][number][1] = { bare: 0.4, alone: 0.6, named: 0.9 }

/** Numbers of the United Kingdom. */
export const UNITED_KINGDOM: readonly Scheme[] = [
  {
    kind: 'uk_nino',
    words: ['nino', 'national insurance', 'ni number', 'ni no'],
    forms: [
      ['AA9{6}A', STRONG],
      ['AA 99 99 99 A', CERTAIN],
      ['AA-99-99-99-A', CERTAIN],
      ['AA 999999 A', STRONG],
    ],
    check: (compact) => INSURANCE.test(compact),
  },
  {
    kind: 'uk_nhs_number',
    words: ['nhs', 'national health', 'patient', 'health service'],
    forms: [
      ['999 999 9999', PLAUSIBLE],
      ['999-999-9999', PLAUSIBLE],
      ['9{10}', CHECKED],
    ],
    check: isNhs,
  },
  {
    kind: 'uk_driving_licence',
    words: DRIVER,
    forms: [
      ['A****9{6}***AA', STRONG],
      ['A**** 9{6} ***AA', STRONG],
    ],
    check: isDrivingLicence,
  },
  {
    kind: 'uk_passport',
    words: PASSPORT,
    forms: [
      ['9{9}', LABELLED],
      ['AA9{7}', LABELLED],
    ],
  },
  {
    kind: 'uk_vehicle_registration',
    words: [...VEHICLE, 'reg', 'dvla', 'mot'],
    forms: [
      ['AA99~AAA', SHAPED],
      ['A9{1,3}~AAA', SHAPED],
      ['AAA~9{1,3}A', SHAPED],
    ],
    check: isRegistration,
  },
  {
    kind: 'uk_postcode',
    words: [...POSTAL, 'address'],
    forms: [
      ['A9{1,2} 9AA', POSTCODE],
      ['AA9{1,2} 9AA', POSTCODE],
      ['A9A 9AA', POSTCODE],
      ['AA9A 9AA', POSTCODE],
      ['AAA 9AA', POSTCODE],
      ['A9{2,3}AA', SHAPED],
      ['AA9{2,3}AA', SHAPED],
      ['A9A9AA', SHAPED],
      ['AA9A9AA', SHAPED],
      ['AAA9AA', SHAPED],
    ],
    check: isPostcode,
  },
  {
    kind: 'uk_vat_number',
    words: VAT,
    forms: [
      ['AA9{9}', STRONG],
      ['AA 999 9999 99', CERTAIN],
      ['AA999 9999 99', CERTAIN],
    ],
    check: isVat,
  },
  {
    kind: 'uk_utr',
    words: ['utr', 'unique taxpayer', 'self assessment', 'tax reference'],
    forms: [
      ['9{10}', CHECKED],
      ['99999 99999', CHECKED],
    ],
    check: isUtr,
  },
  {
    kind: 'uk_company_number',
    words: [...COMPANY, 'companies house', 'registered in england', 'crn'],
    forms: [
      ['9{8}', LABELLED],
      ['AA9{6}', LABELLED],
    ],
  },
]

/** @see https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110 */
const INSURANCE =
  /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?!000000)\d{6}[A-D]$/

/** @see https://www.datadictionary.nhs.uk/attributes/nhs_number.html */
function isNhs(digits: string): boolean {
  return weightedSum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
}

/** @see https://en.wikipedia.org/wiki/Driving_licence_in_the_United_Kingdom */
function isDrivingLicence(compact: string): boolean {
  const month = twoDigits(compact, 6) % 50
  const day = twoDigits(compact, 8)
  return (
    /^[A-Z]{1,5}9{0,4}\d{6}[A-Z](?:[A-Z]|9)[A-Z0-9][A-Z]{2}$/.test(compact) &&
    compact.length === 16 &&
    digitAt(compact, 6) % 5 <= 1 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 31
  )
}

/** @see https://www.gov.uk/displaying-number-plates, the three forms since 1963 */
function isRegistration(compact: string): boolean {
  const current = /^[A-HJ-PR-Y][A-HJ-PR-Y](\d\d)[A-HJ-PR-Z]{3}$/.exec(compact)
  if (current !== null) {
    const age = Number(current[1])
    return (age >= 2 && age <= 29) || (age >= 51 && age <= 79)
  }
  return (
    /^[A-HJ-NPR-TV-Y][1-9]\d{0,2}[A-HJ-PR-Y][A-HJ-PR-Z]{2}$/.test(compact) ||
    /^[A-HJ-PR-Z]{3}[1-9]\d{0,2}[A-HJ-NPR-TV-Y]$/.test(compact)
  )
}

/** @see https://en.wikipedia.org/wiki/Postcodes_in_the_United_Kingdom */
function isPostcode(compact: string): boolean {
  if (compact === 'GIR0AA') return true
  const parts = /^([A-Z]{1,2})\d[A-Z0-9]?\d[ABD-HJLNP-UW-Z]{2}$/.exec(compact)
  return parts !== null && AREAS.has(parts[1] ?? '')
}

/** @see https://www.gov.uk/guidance/vat-eu-country-codes-vat-numbers-and-vat-in-other-languages */
function isVat(compact: string): boolean {
  const digits = compact.slice(2)
  const sum = weightedSum(digits, [8, 7, 6, 5, 4, 3, 2, 10, 1])
  return compact.startsWith('GB') && (sum % 97 === 0 || (sum + 55) % 97 === 0)
}

function isUtr(digits: string): boolean {
  const rest = weightedSum(digits, [6, 7, 8, 9, 10, 5, 4, 3, 2], 1) % 11
  return digitAt('21987654321', rest) === digitAt(digits, 0)
}
