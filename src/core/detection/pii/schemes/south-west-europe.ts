import { mod97 } from '../../check-digits/iso7064.ts'
import { isLuhnValid } from '../../check-digits/luhn.ts'
import { isVerhoeffValid } from '../../check-digits/verhoeff.ts'
import {
  base36At,
  crossSum,
  digitAt,
  isOneDigitRepeated,
  weightedSum,
} from '../../check-digits/weighted.ts'
import { isDay, twoDigits } from '../calendar.ts'
import { NATIONAL_ID, PASSPORT, TAX, VAT, VEHICLE } from '../name-words.ts'
import { CERTAIN, CHECKED, LABELLED, PLAUSIBLE, type Scheme, SHAPED, STRONG } from '../scheme.ts'

/** Numbers of Spain. */
export const SPAIN: readonly Scheme[] = [
  {
    kind: 'es_nif',
    words: ['nif', 'dni', 'documento nacional', ...TAX],
    forms: [
      ['9{8}A', STRONG],
      ['9{7,8}-A', STRONG],
      ['9{8} A', STRONG],
      ['99.999.999-A', CERTAIN],
      ['99.999.999A', CERTAIN],
    ],
    check: isNif,
  },
  {
    kind: 'es_nie',
    words: ['nie', 'extranjero', 'extranjeria'],
    forms: [
      ['A9{7}A', STRONG],
      ['A-9{7}-A', CERTAIN],
      ['A-9{7}A', STRONG],
      ['A9{7}-A', STRONG],
    ],
    check: (compact) =>
      /^[XYZ]/.test(compact) && isNif(`${'XYZ'.indexOf(compact.charAt(0))}${compact.slice(1)}`),
  },
  {
    kind: 'es_cif',
    words: ['cif', 'nif', 'empresa', ...VAT],
    forms: [
      ['A9{7}*', { bare: 0.35, alone: 0.55, named: 0.95 }],
      ['A-9{7}*', STRONG],
      ['A-9{8}', STRONG],
    ],
    check: isCif,
  },
  {
    kind: 'es_social_security',
    words: ['seguridad social', 'nuss', 'afiliacion', 'naf'],
    forms: [
      ['99/99999999/99', STRONG],
      ['99/9999999/99', STRONG],
      ['99 99999999 99', STRONG],
      ['9{12}', { bare: 0.3, alone: 0.5, named: 0.95 }],
    ],
    check: isSpanishSocialSecurity,
  },
  {
    kind: 'es_passport',
    words: ['pasaporte', ...PASSPORT],
    forms: [
      ['AAA9{6}', LABELLED],
      ['AA9{6}', LABELLED],
    ],
  },
  {
    kind: 'es_licence_plate',
    words: ['matricula', 'coche', ...VEHICLE],
    forms: [['9999~AAA', SHAPED]],
    check: (compact) => /^\d{4}[B-DF-HJ-NPR-TV-Z]{3}$/.test(compact),
  },
]

/** Numbers of Portugal. */
export const PORTUGAL: readonly Scheme[] = [
  {
    kind: 'pt_nif',
    words: ['nif', 'contribuinte', 'nipc', ...TAX],
    forms: [
      ['999 999 999', CHECKED],
      ['9{9}', CHECKED],
      ['AA9{9}', STRONG],
    ],
    check: isPortugueseNif,
  },
  {
    kind: 'pt_citizen_card',
    words: ['cartao de cidadao', 'cc', 'bilhete de identidade', ...NATIONAL_ID],
    forms: [
      ['9{9}AA9', STRONG],
      ['9{8} 9 AA9', CERTAIN],
      ['9{8}-9-AA9', CERTAIN],
    ],
    check: isCitizenCard,
  },
  {
    kind: 'pt_social_security',
    words: ['niss', 'seguranca social'],
    forms: [['9{11}', CHECKED]],
    check: (digits) =>
      /^[12]/.test(digits) &&
      9 - (weightedSum(digits, [29, 23, 19, 17, 13, 11, 7, 5, 3, 2]) % 10) === digitAt(digits, 10),
  },
]

/** @see https://www.interior.gob.es, cálculo del dígito de control del NIF-NIE */
function isNif(compact: string): boolean {
  const number = Number(compact.slice(0, -1))
  return number > 0 && 'TRWAGMYFPDXBNJZSQVHLCKE'.charAt(number % 23) === compact.slice(-1)
}

/** @see https://es.wikipedia.org/wiki/Código_de_identificación_fiscal */
function isCif(compact: string): boolean {
  const type = compact.charAt(0)
  const control = (10 - (crossSum(compact.slice(1), [2, 1, 2, 1, 2, 1, 2]) % 10)) % 10
  const last = compact.charAt(8)
  const isLetter = last === 'JABCDEFGHI'.charAt(control)
  const isDigit = last === String(control)
  if ('KPQRSNW'.includes(type)) return isLetter
  if ('ABEH'.includes(type)) return isDigit
  return 'CDFGJUV'.includes(type) && (isLetter || isDigit)
}

function isSpanishSocialSecurity(digits: string): boolean {
  const province = Number(digits.slice(0, 2))
  return (
    ((province >= 1 && province <= 53) || province === 66) &&
    Number(digits.slice(0, -2)) % 97 === Number(digits.slice(-2))
  )
}

/** @see https://pt.wikipedia.org/wiki/Número_de_identificação_fiscal */
function isPortugueseNif(compact: string): boolean {
  const digits = compact.slice(-9)
  if (compact.length > 9 && !compact.startsWith('PT')) return false
  const rest = 11 - (weightedSum(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11)
  return /^[1235689]/.test(digits) && (rest > 9 ? 0 : rest) === digitAt(digits, 8)
}

/** Every second unit from the right counts twice, letters as in base 36. */
function isCitizenCard(compact: string): boolean {
  let sum = 0
  for (let index = 0; index < 12; index++) {
    const value = base36At(compact, index)
    const doubled = value * 2
    sum += index % 2 === 0 ? (doubled > 9 ? doubled - 9 : doubled) : value
  }
  return sum % 10 === 0
}

/** Numbers of the Netherlands, Belgium and Luxembourg. */
export const BENELUX: readonly Scheme[] = [
  {
    kind: 'nl_bsn',
    words: ['bsn', 'burgerservice', 'sofi', 'sofinummer'],
    forms: [
      ['9{9}', CHECKED],
      ['9{8}', CHECKED],
      ['9999.99.999', STRONG],
      ['9999 99 999', PLAUSIBLE],
    ],
    check: isBsn,
  },
  {
    kind: 'nl_vat_number',
    words: ['btw', ...VAT],
    forms: [['AA9{9}A99', CERTAIN]],
    check: (compact) =>
      /^NL\d{9}B/.test(compact) && (mod97(compact) === 1 || isBsn(compact.slice(2, 11))),
  },
  {
    kind: 'nl_identity_document',
    words: ['paspoort', 'identiteitskaart', 'documentnummer', ...PASSPORT],
    forms: [['AA*{6}9', LABELLED]],
    check: (compact) => /\d.*\d/.test(compact) && !compact.includes('O'),
  },
  {
    kind: 'be_national_number',
    words: [
      'rijksregister',
      'registre national',
      'nationaal nummer',
      'niss',
      'insz',
      ...NATIONAL_ID,
    ],
    forms: [
      ['99.99.99-999.99', CERTAIN],
      ['99.99.99-999-99', CERTAIN],
      ['999999-999-99', CERTAIN],
      ['999999 999 99', STRONG],
      ['9{11}', { bare: 0.45, alone: 0.7, named: 0.97 }],
    ],
    check: isBelgianNational,
  },
  {
    kind: 'be_company_number',
    words: ['ondernemingsnummer', 'entreprise', 'btw', 'tva', ...VAT],
    forms: [
      ['9999.999.999', STRONG],
      ['AA9{10}', STRONG],
      ['AA9999.999.999', CERTAIN],
      ['AA 9999.999.999', CERTAIN],
    ],
    check: (compact) => {
      const digits = compact.slice(-10)
      const isPrefixed = compact.length === 10 || compact.startsWith('BE')
      return (
        isPrefixed &&
        /^[01]\d{3}/.test(digits) &&
        97 - (Number(digits.slice(0, 8)) % 97) === Number(digits.slice(8))
      )
    },
  },
  {
    kind: 'lu_national_number',
    words: ['matricule', 'luxembourg', ...NATIONAL_ID],
    forms: [
      ['9{13}', STRONG],
      ['9999 99 99 99999', STRONG],
    ],
    check: (digits) =>
      /^(?:18|19|20)/.test(digits) &&
      isDay(twoDigits(digits, 4), twoDigits(digits, 6)) &&
      isLuhnValid(digits.slice(0, 12)) &&
      isVerhoeffValid(digits.slice(0, 11) + digits.slice(12)),
  },
]

/** @see https://nl.wikipedia.org/wiki/Elfproef */
function isBsn(digits: string): boolean {
  const nine = digits.padStart(9, '0')
  return !isOneDigitRepeated(nine) && weightedSum(nine, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0
}

/**
 * Births from 2000 on count with a 2 before the nine digits; people registered for a while have
 * 20 or 40 more months.
 * @see https://en.wikipedia.org/wiki/National_identification_number#Belgium
 */
function isBelgianNational(digits: string): boolean {
  const month = Number(digits.slice(2, 4))
  const day = Number(digits.slice(4, 6))
  const number = Number(digits.slice(0, 9))
  const key = Number(digits.slice(9))
  return (
    month < 60 &&
    isDay(month % 20, day) &&
    (97 - (number % 97) === key || 97 - ((number + 2e9) % 97) === key)
  )
}
