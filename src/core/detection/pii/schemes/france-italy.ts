import { isLuhnValid } from '../../check-digits/luhn.ts'
import { base36At } from '../../check-digits/weighted.ts'
import { isDay, twoDigits } from '../calendar.ts'
import { COMPANY, DRIVER, NATIONAL_ID, PASSPORT, VAT, VEHICLE } from '../name-words.ts'
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

/** Numbers of France. */
export const FRANCE: readonly Scheme[] = [
  {
    kind: 'fr_nir',
    words: ['nir', 'securite sociale', 'secu', 'assure', 'carte vitale', 'insee'],
    forms: [
      ['9{15}', STRONG],
      ['9{6}A9{8}', STRONG],
      ['9 99 99 99 999 999 99', CERTAIN],
      ['9 99 99 9A 999 999 99', CERTAIN],
    ],
    check: isNir,
  },
  {
    kind: 'fr_siren',
    words: ['siren', 'rcs', 'entreprise', ...COMPANY],
    forms: [
      ['999 999 999', CHECKED],
      ['9{9}', CHECKED],
    ],
    check: isSiren,
  },
  {
    kind: 'fr_siret',
    words: ['siret', 'etablissement', 'siren'],
    forms: [
      ['999 999 999 99999', STRONG],
      ['9{14}', { bare: 0.35, alone: 0.6, named: 0.97 }],
    ],
    check: isSiret,
  },
  {
    kind: 'fr_vat_number',
    words: ['tva', 'intracommunautaire', ...VAT],
    forms: [
      ['AA**9{9}', STRONG],
      ['AA** 999 999 999', CERTAIN],
      ['AA ** 999 999 999', CERTAIN],
      ['AA ** 999999999', STRONG],
    ],
    check: isVat,
  },
  {
    kind: 'fr_tax_number',
    words: ['numero fiscal', 'spi', 'impots', 'fiscal'],
    forms: [
      ['9{13}', LABELLED],
      ['99 99 999 999 999', SHAPED],
    ],
    check: (digits) =>
      /^[0-3]/.test(digits) && Number(digits.slice(0, 10)) % 511 === Number(digits.slice(10)),
  },
  {
    kind: 'fr_passport',
    words: ['passeport', ...PASSPORT],
    forms: [['99AA99999', LABELLED]],
  },
  {
    kind: 'fr_id_card',
    words: ['carte nationale', 'carte d identite', 'cni', 'piece d identite'],
    forms: [
      ['9{12}', LABELLED],
      ['A*{8}', LABELLED],
    ],
    check: (compact) => /\d/.test(compact),
  },
  { kind: 'fr_driving_licence', words: ['permis', ...DRIVER], forms: [['9{12}', LABELLED]] },
  {
    kind: 'fr_licence_plate',
    words: ['immatriculation', 'plaque', 'vehicule', 'targa', ...VEHICLE],
    forms: [
      ['AA-999-AA', SHAPED],
      ['AA 999 AA', SHAPED],
      ['AA999AA', LABELLED],
    ],
    check: (compact) => !/[IOU]/.test(compact),
  },
]

/** Numbers of Italy. */
export const ITALY: readonly Scheme[] = [
  {
    kind: 'it_fiscal_code',
    words: ['codice fiscale', 'fiscale', 'cf', 'tax code'],
    forms: [['AAAAAA**A**A***A', CERTAIN]],
    check: isFiscalCode,
  },
  {
    kind: 'it_vat_number',
    words: ['partita iva', 'p iva', 'iva', ...VAT],
    forms: [
      ['9{11}', PLAUSIBLE],
      ['AA9{11}', STRONG],
      ['AA 9{11}', STRONG],
    ],
    check: isPartitaIva,
  },
  {
    kind: 'it_driving_licence',
    words: ['patente', 'guida', ...DRIVER],
    forms: [
      ['A9*{7}A', FAIR],
      ['AA9{7}A', SHAPED],
    ],
    check: (compact) => /^(?:U1[B-DF-HJ-NP-TV-Z0-9]{7}|[A-Z]{2}\d{7})[A-Z]$/.test(compact),
  },
  {
    kind: 'it_passport',
    words: ['passaporto', ...PASSPORT],
    forms: [['AA9{7}', LABELLED]],
  },
  {
    kind: 'it_id_card',
    words: ['carta d identita', 'carta identita', 'documento', 'cie', ...NATIONAL_ID],
    forms: [
      ['AA99999AA', SHAPED],
      ['9{7}AA', LABELLED],
      ['AA9{7}', LABELLED],
      ['AA 9{7}', LABELLED],
    ],
  },
]

/** @see https://fr.wikipedia.org/wiki/Numéro_de_sécurité_sociale_en_France */
function isNir(compact: string): boolean {
  const month = twoDigits(compact, 3)
  const isMonth = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50
  if (!/^[123478]\d{4}(?:\d\d|2[AB])\d{8}$/.test(compact) || !isMonth) return false
  const number = Number(compact.slice(0, 13).replace('2A', '19').replace('2B', '18'))
  return 97 - (number % 97) === twoDigits(compact, 13)
}

/** @see https://www.insee.fr/fr/metadonnees/definition/c2047 */
function isSiren(digits: string): boolean {
  return isLuhnValid(digits)
}

/** The post office's places add up to a multiple of five instead. */
function isSiret(digits: string): boolean {
  if (!isSiren(digits.slice(0, 9))) return false
  if (isLuhnValid(digits)) return true
  let sum = 0
  for (const digit of digits) sum += Number(digit)
  return digits.startsWith('356000000') && sum % 5 === 0
}

/** @see https://fr.wikipedia.org/wiki/Code_Insee, number of VAT */
function isVat(compact: string): boolean {
  const siren = compact.slice(4)
  if (!compact.startsWith('FR') || !isSiren(siren)) return false
  const key = compact.slice(2, 4)
  return !/^\d\d$/.test(key) || Number(key) === (12 + 3 * (Number(siren) % 97)) % 97
}

const FISCAL_SHAPE = /^[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPR-T][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$/
/** What a unit at an odd place counts, from `0` to `9` and from `A` to `Z`. */
const ODD_DIGITS = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21] as const
const ODD_LETTERS = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
] as const
/** The letters that stand for digits where two people would have one code. */
const STAND_INS = 'LMNPQRSTUV'

/** @see https://it.wikipedia.org/wiki/Codice_fiscale */
function isFiscalCode(code: string): boolean {
  if (!FISCAL_SHAPE.test(code)) return false
  const day = Number(
    code.slice(9, 11).replace(/[A-Z]/g, (letter) => String(STAND_INS.indexOf(letter))),
  )
  if (!isDay('ABCDEHLMPRST'.indexOf(code.charAt(8)) + 1, day > 40 ? day - 40 : day)) return false
  let sum = 0
  for (let index = 0; index < 15; index++) {
    const value = base36At(code, index)
    const plain = value > 9 ? value - 10 : value
    const odd = value > 9 ? ODD_LETTERS[plain] : ODD_DIGITS[plain]
    sum += index % 2 === 0 ? (odd ?? 0) : plain
  }
  return sum % 26 === code.charCodeAt(15) - 65
}

/** The three digits before the last name the province. */
function isPartitaIva(compact: string): boolean {
  const digits = compact.slice(-11)
  if (compact.length > 11 && !compact.startsWith('IT')) return false
  const province = Number(digits.slice(7, 10))
  const isProvince = (province >= 1 && province <= 100) || [120, 121, 888, 999].includes(province)
  return isProvince && !digits.startsWith('0000000') && isLuhnValid(digits)
}
