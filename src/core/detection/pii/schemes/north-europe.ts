import { isLuhnValid } from '../../check-digits/luhn.ts'
import { digitAt, isOneDigitRepeated, weightedSum } from '../../check-digits/weighted.ts'
import { isDay, isDayMonthYear, twoDigits } from '../calendar.ts'
import { COMPANY, DRIVER, NATIONAL_ID, TAX, VAT } from '../name-words.ts'
import { CERTAIN, CHECKED, FAIR, LABELLED, type Scheme, STRONG } from '../scheme.ts'

const SWEDISH = ['personnummer', 'pnr', 'samordningsnummer', 'personal number', ...NATIONAL_ID]
const SWEDISH_COMPANY = ['organisationsnummer', 'orgnummer', 'org nr', 'orgnr', ...COMPANY]
const DANISH = ['cpr', 'personnummer', ...NATIONAL_ID]
const NORWEGIAN = ['fodselsnummer', 'personnummer', 'fnr', 'd nummer', ...NATIONAL_ID]

/** Numbers of the Nordic and Baltic countries and of Ireland. */
export const NORTH_EUROPE: readonly Scheme[] = [
  {
    kind: 'se_personnummer',
    words: SWEDISH,
    forms: [
      ['9{6}-9999', STRONG],
      ['9{6}+9999', STRONG],
      ['9{8}-9999', CERTAIN],
      ['9{8}+9999', CERTAIN],
      ['9{12}', FAIR],
      ['9{10}', { bare: 0.35, alone: 0.6, named: 0.97 }],
    ],
    check: isPersonnummer,
  },
  {
    kind: 'se_organisation_number',
    words: SWEDISH_COMPANY,
    forms: [
      ['9{6}-9999', { bare: 0.4, alone: 0.6, named: 0.97 }],
      ['9{10}', CHECKED],
      ['AA9{12}', STRONG],
    ],
    check: isOrganisation,
  },
  {
    kind: 'fi_hetu',
    words: ['hetu', 'henkilotunnus', 'personbeteckning', ...NATIONAL_ID],
    forms: [
      ['9{6}-999*', CERTAIN],
      ['9{6}+999*', CERTAIN],
      ['9{6}A999*', CERTAIN],
    ],
    check: isHetu,
  },
  {
    kind: 'fi_business_id',
    words: ['y tunnus', 'ytunnus', 'fo nummer', 'business id', ...VAT],
    forms: [
      ['9{7}-9', FAIR],
      ['AA9{8}', STRONG],
    ],
    check: (compact) =>
      (compact.length === 8 || compact.startsWith('FI')) &&
      weightedSum(compact.slice(-8), [7, 9, 10, 5, 8, 4, 2, 1]) % 11 === 0 &&
      !isOneDigitRepeated(compact.slice(-8)),
  },
  {
    kind: 'dk_cpr',
    words: DANISH,
    forms: [
      ['9{6}-9999', FAIR],
      ['9{10}', LABELLED],
    ],
    check: (digits) => isDayMonthYear(digits) && !digits.endsWith('0000'),
  },
  {
    kind: 'dk_cvr',
    words: ['cvr', 'se nummer', ...VAT],
    forms: [
      ['9{8}', CHECKED],
      ['AA9{8}', STRONG],
    ],
    check: (compact) =>
      (compact.length === 8 || compact.startsWith('DK')) &&
      /[1-9]\d{7}$/.test(compact) &&
      weightedSum(compact.slice(-8), [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
  },
  {
    kind: 'no_birth_number',
    words: NORWEGIAN,
    forms: [
      ['9{11}', STRONG],
      ['9{6} 9{5}', CERTAIN],
    ],
    check: isNorwegianBirth,
  },
  {
    kind: 'no_organisation_number',
    words: ['organisasjonsnummer', 'orgnr', 'org nr', 'foretak', ...COMPANY],
    forms: [
      ['9{9}', CHECKED],
      ['999 999 999', CHECKED],
    ],
    check: (digits) =>
      /^[89]/.test(digits) && weightedSum(digits, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
  },
  {
    kind: 'is_kennitala',
    words: ['kennitala', 'kt', ...NATIONAL_ID],
    forms: [
      ['9{6}-9999', STRONG],
      ['9{10}', { bare: 0.4, alone: 0.6, named: 0.97 }],
    ],
    check: (digits) =>
      isDay(twoDigits(digits, 2), twoDigits(digits, 0) % 40) &&
      /[089]$/.test(digits) &&
      weightedSum(digits, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
  },
  {
    kind: 'ee_lt_personal_code',
    words: ['isikukood', 'asmens kodas', 'personal code', ...NATIONAL_ID],
    forms: [['9{11}', FAIR]],
    check: isBalticCode,
  },
  {
    kind: 'lv_personal_code',
    words: ['personas kods', 'personal code', ...NATIONAL_ID],
    forms: [
      ['9{6}-9{5}', STRONG],
      ['9{11}', { bare: 0.35, alone: 0.6, named: 0.95 }],
    ],
    check: (digits) =>
      isDayMonthYear(digits) &&
      /^\d{6}[012]/.test(digits) &&
      (1101 - weightedSum(digits, [1, 6, 3, 7, 9, 10, 5, 8, 4, 2])) % 11 === digitAt(digits, 10),
  },
  {
    kind: 'ie_pps',
    words: ['pps', 'ppsn', 'personal public service', ...TAX],
    forms: [
      ['9{7}A', { bare: 0.4, alone: 0.6, named: 0.97 }],
      ['9{7}AA', { bare: 0.4, alone: 0.6, named: 0.97 }],
    ],
    check: isPps,
  },
  { kind: 'ie_driving_licence', words: DRIVER, forms: [['999 999 999', LABELLED]] },
]

/** @see https://sv.wikipedia.org/wiki/Personnummer_i_Sverige; 60 more days mean a coordination number */
function isPersonnummer(digits: string): boolean {
  const short = digits.slice(-10)
  const day = twoDigits(short, 4)
  return (
    (digits.length === 10 || /^(?:18|19|20)/.test(digits)) &&
    isDay(twoDigits(short, 2), day > 60 ? day - 60 : day) &&
    isLuhnValid(short)
  )
}

/** @see https://sv.wikipedia.org/wiki/Organisationsnummer */
function isOrganisation(compact: string): boolean {
  const isPrefixed = compact.length > 10
  if (isPrefixed && !/^SE\d{10}01$/.test(compact)) return false
  const digits = isPrefixed ? compact.slice(2, 12) : compact
  return /^[1-35-9]\d[2-9]/.test(digits) && isLuhnValid(digits)
}

/** The century is a sign or a letter. @see https://dvv.fi/en/personal-identity-code */
function isHetu(compact: string): boolean {
  if (compact.length === 11 && !/^\d{6}[A-FU-Y]/.test(compact)) return false
  const born = compact.slice(0, 6)
  const number = compact.slice(-4, -1)
  return (
    /^\d{3}$/.test(number) &&
    Number(number) >= 2 &&
    isDayMonthYear(born) &&
    '0123456789ABCDEFHJKLMNPRSTUVWXY'.charAt(Number(born + number) % 31) === compact.slice(-1)
  )
}

/** Days of D numbers are 40 more. @see https://no.wikipedia.org/wiki/Fødselsnummer */
function isNorwegianBirth(digits: string): boolean {
  const month = twoDigits(digits, 2)
  return (
    isDay(month > 40 ? month - 40 : month, twoDigits(digits, 0) % 40) &&
    weightedSum(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
    weightedSum(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
  )
}

/** @see https://et.wikipedia.org/wiki/Isikukood, the same in Lithuania */
function isBalticCode(digits: string): boolean {
  if (!/^[1-6]/.test(digits) || !isDay(twoDigits(digits, 3), twoDigits(digits, 5))) return false
  const first = weightedSum(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11
  const second = weightedSum(digits, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11
  return (first < 10 ? first : second % 10) === digitAt(digits, 10)
}

/** @see https://en.wikipedia.org/wiki/Personal_Public_Service_Number */
function isPps(compact: string): boolean {
  const second = compact.length === 9 ? compact.charCodeAt(8) - 64 : 0
  if (second < 0 || second > 23) return false
  const sum = weightedSum(compact, [8, 7, 6, 5, 4, 3, 2]) + (second === 23 ? 0 : second) * 9
  return (
    'WABCDEFGHIJKLMNOPQRSTUV'.charAt(sum % 23) === compact.charAt(7) && !/^(\d)\1{6}/.test(compact)
  )
}
