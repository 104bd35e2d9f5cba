import { isMod11And10Valid } from '../../check-digits/iso7064.ts'
import { isTravelDocumentValid } from '../../check-digits/travel-document.ts'
import { crossSum, digitAt, weightedSum } from '../../check-digits/weighted.ts'
import { isDay, twoDigits } from '../calendar.ts'
import { PASSPORT, POSTAL, VAT, VEHICLE } from '../name-words.ts'
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

const TAX_ID_WORDS = [
  'steuer id',
  'steueridentifikation',
  'steuerliche identifikation',
  'identifikationsnummer',
  'idnr',
  'tax id',
  'german tax',
] as const
const ID_CARD_WORDS = ['ausweis', 'personalausweis', 'perso', 'identity card', 'id card'] as const
const LICENCE_WORDS = ['fuhrerschein', 'fuehrerschein', 'fahrerlaubnis', 'driving licen'] as const
const PLATE_WORDS = ['kennzeichen', 'kfz', 'nummernschild', 'fahrzeug', ...VEHICLE] as const

/** Numbers of Germany. */
export const GERMANY: readonly Scheme[] = [
  {
    kind: 'de_tax_id',
    words: TAX_ID_WORDS,
    forms: [
      ['9{11}', FAIR],
      ['99 999 999 999', STRONG],
    ],
    check: isTaxId,
  },
  {
    kind: 'de_tax_id',
    words: TAX_ID_WORDS,
    forms: [['9{11}', CHECKED]],
    check: (digits) => !/^0|(\d)\1{3}/.test(digits) && isMod11And10Valid(digits),
  },
  {
    kind: 'de_tax_number',
    words: ['steuernummer', 'steuer nr', 'steuernr', 'st nr', 'stnr', 'finanzamt', 'elster'],
    forms: [
      ['99/999/99999', FAIR],
      ['999/999/99999', FAIR],
      ['999/9999/9999', FAIR],
      ['999/999/9999', LABELLED],
      ['9{10,11}', LABELLED],
      ['9{13}', LABELLED],
    ],
    check: (digits) => digits.length < 13 || FEDERAL_TAX.test(digits),
  },
  {
    kind: 'de_social_security',
    words: ['sozialversicherung', 'rentenversicherung', 'rvnr', 'svnr', 'versicherungsnummer'],
    forms: [
      ['9{8}A999', STRONG],
      ['99 999999 A 999', CERTAIN],
      ['99 999999 A999', CERTAIN],
    ],
    check: isSocialSecurity,
  },
  {
    kind: 'de_health_insurance',
    words: [
      'krankenversicher',
      'krankenkasse',
      'kvnr',
      'egk',
      'versichertennummer',
      'gesundheitskarte',
    ],
    forms: [['A9{9}', { bare: 0.35, alone: 0.6, named: 0.97 }]],
    check: isHealthInsurance,
  },
  {
    kind: 'de_id_card',
    words: ID_CARD_WORDS,
    forms: [
      ['A*{8}9', PLAUSIBLE],
      ['9{10}', CHECKED],
    ],
    check: (compact) => ID_CARD.test(compact) && isTravelDocumentValid(compact),
  },
  {
    kind: 'de_id_card',
    words: ID_CARD_WORDS,
    forms: [['A*{8}', LABELLED]],
    check: (compact) => ID_CARD.test(compact) && /\d/.test(compact),
  },
  {
    kind: 'de_passport',
    words: ['reisepass', 'pass nr', 'passnummer', 'pass', ...PASSPORT],
    forms: [['A*{9}', PLAUSIBLE]],
    check: (compact) => PASSPORT_NUMBER.test(compact) && isTravelDocumentValid(compact),
  },
  {
    kind: 'de_passport',
    words: ['reisepass', 'pass nr', 'passnummer', 'pass', ...PASSPORT],
    forms: [['A*{8}', LABELLED]],
    check: (compact) => PASSPORT_NUMBER.test(compact) && /\d/.test(compact),
  },
  {
    kind: 'de_driving_licence',
    words: LICENCE_WORDS,
    forms: [['*{11}', LABELLED]],
    check: (compact) =>
      /^[A-Z0-9]{4}\d{5}[0-9X][A-Z0-9]$|^[A-Z]{1,2}[A-Z0-9]*\d[A-Z0-9]*$/.test(compact),
  },
  {
    kind: 'de_vat_id',
    words: ['ust id', 'ust idnr', 'umsatzsteuer', 'mehrwertsteuer', ...VAT],
    forms: [
      ['AA9{9}', STRONG],
      ['AA 9{9}', STRONG],
      ['AA 999 999 999', CERTAIN],
      ['AA999 999 999', CERTAIN],
      ['AA 999-999.999', STRONG],
      ['AA-9{9}', STRONG],
    ],
    check: (compact) => compact.startsWith('DE') && isMod11And10Valid(compact.slice(2)),
  },
  {
    kind: 'de_commercial_register',
    words: ['handelsregister', 'amtsgericht', 'registergericht', 'eingetragen'],
    forms: [
      ['AAA 9{1,6}', { bare: 0.75, alone: 0.8, named: 0.97 }],
      ['AAA9{1,6}', { bare: 0.75, alone: 0.8, named: 0.97 }],
      ['AAA-9{3,6}', { bare: 0.75, alone: 0.8, named: 0.97 }],
    ],
    check: (compact) => /^HR[AB][1-9]/.test(compact),
  },
  {
    kind: 'de_physician_number',
    words: ['lanr', 'arztnummer', 'arzt nr', 'vertragsarzt'],
    forms: [['9{9}', CHECKED]],
    check: isPhysician,
  },
  {
    kind: 'de_practice_number',
    words: ['bsnr', 'betriebsstatte', 'betriebsstaettennummer', 'praxisnummer'],
    forms: [['9{9}', LABELLED]],
    check: (digits) => !digits.startsWith('00'),
  },
  {
    kind: 'de_licence_plate',
    words: PLATE_WORDS,
    forms: [
      ['A{1,3} A{1,2} 9{1,4}', SHAPED],
      ['A{1,3}-A{1,2} 9{1,4}', SHAPED],
      ['A{1,3}-A{1,2}-9{1,4}', SHAPED],
      ['A{1,3} A{1,2} 9{1,4}A', SHAPED],
      ['A{1,3}-A{1,2} 9{1,4}A', SHAPED],
      ['A{1,3}-A{1,2}-9{1,4}A', SHAPED],
    ],
    check: (compact) => /^[A-ZÄÖÜ]{2,5}[1-9]\d{0,3}[EH]?$/.test(compact),
  },
  {
    kind: 'de_postal_code',
    words: ['plz', 'postleitzahl', ...POSTAL],
    forms: [['9{5}', LABELLED]],
    check: (digits) => digits >= '01001' && digits <= '99998',
  },
  {
    kind: 'at_social_security',
    words: ['sozialversicherung', 'svnr', 'sv nummer', 'versicherungsnummer', 'e card', 'ecard'],
    forms: [
      ['9999 999999', FAIR],
      ['9999-999999', FAIR],
      ['9{10}', { bare: 0.3, alone: 0.5, named: 0.95 }],
    ],
    check: isAustrianSocialSecurity,
  },
  {
    kind: 'ch_social_security',
    words: ['ahv', 'avs', 'oasi', 'sozialversicherung', 'numero avs'],
    forms: [
      ['999.9999.9999.99', CERTAIN],
      ['999 9999 9999 99', CERTAIN],
      ['9{13}', STRONG],
    ],
    check: (digits) =>
      digits.startsWith('756') &&
      weightedSum(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0,
  },
  {
    kind: 'ch_company_number',
    words: ['uid', 'mwst', 'che', 'handelsregister', ...VAT],
    forms: [
      ['AAA-999.999.999', CERTAIN],
      ['AAA 999 999 999', CERTAIN],
      ['AAA9{9}', STRONG],
    ],
    check: (compact) =>
      compact.startsWith('CHE') && weightedSum(compact, [5, 4, 3, 2, 7, 6, 5, 4, 1], 3) % 11 === 0,
  },
]

/** The federal form: four digits of the tax office, a nought, eight more. */
const FEDERAL_TAX = /^(?:1[01]|2[1-46-8]|3[0-2]|40|41|5\d|9\d)\d{2}0\d{8}$/

/** Letters that look like no digit and make no words. */
const ID_CARD = /^[LMNPRTVWXYCFGHJKZ0-9][CFGHJKLMNPRTVWXYZ0-9]{8}\d?$/
const PASSPORT_NUMBER = /^[CFGHJK][CFGHJKLMNPRTVWXYZ0-9]{8}\d?$/

/**
 * Of the first ten digits exactly one occurs twice or three times, never three in a row.
 * @see https://www.bzst.de, structure of the IdNr
 */
function isTaxId(digits: string): boolean {
  const counts = new Array<number>(10).fill(0)
  for (let index = 0; index < 10; index++) {
    const digit = digitAt(digits, index)
    counts[digit] = (counts[digit] ?? 0) + 1
  }
  const repeated = counts.filter((count) => count > 1)
  const isStructured = repeated.length === 1 && (repeated[0] ?? 0) <= 3
  return (
    isStructured &&
    !digits.startsWith('0') &&
    !/(\d)\1\1/.test(digits.slice(0, 10)) &&
    isMod11And10Valid(digits)
  )
}

/** A letter as two digits: A is 01. */
function letterDigits(compact: string, index: number): string {
  return String(compact.charCodeAt(index) - 64).padStart(2, '0')
}

/** @see https://de.wikipedia.org/wiki/Versicherungsnummer */
function isSocialSecurity(compact: string): boolean {
  const digits = compact.slice(0, 8) + letterDigits(compact, 8) + compact.slice(9)
  const day = twoDigits(compact, 2) % 50
  return (
    /^\d{8}[A-Z]/.test(compact) &&
    isDay(twoDigits(compact, 4), day) &&
    crossSum(digits, [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]) % 10 === digitAt(digits, 12)
  )
}

/** @see https://de.wikipedia.org/wiki/Krankenversichertennummer */
function isHealthInsurance(compact: string): boolean {
  const digits = letterDigits(compact, 0) + compact.slice(1)
  return (
    /^[A-Z]/.test(compact) &&
    crossSum(digits, [1, 2, 1, 2, 1, 2, 1, 2, 1, 2]) % 10 === digitAt(digits, 10)
  )
}

/** @see https://de.wikipedia.org/wiki/Lebenslange_Arztnummer */
function isPhysician(digits: string): boolean {
  const sum = weightedSum(digits, [4, 9, 4, 9, 4, 9])
  return (10 - (sum % 10)) % 10 === digitAt(digits, 6)
}

/** @see https://de.wikipedia.org/wiki/Sozialversicherungsnummer, Austria */
function isAustrianSocialSecurity(digits: string): boolean {
  const month = twoDigits(digits, 6)
  return (
    !digits.startsWith('0') &&
    isDay(month > 12 ? 1 : month, twoDigits(digits, 4)) &&
    month <= 15 &&
    weightedSum(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === digitAt(digits, 3)
  )
}
