import { isLuhnValid } from '../../check-digits/luhn.ts'
import { digitAt } from '../../check-digits/weighted.ts'
import { DRIVER, NATIONAL_ID, PASSPORT, VEHICLE } from '../name-words.ts'
import { CHECKED, type Scheme, type Strength } from '../scheme.ts'

/** A little over what a country's own unchecked form has, as the word does not say the country. */
const OF_ANY_COUNTRY: Strength = { bare: 0, alone: 0, named: 0.72 }

/** Documents whose word is there but whose country is not, and things that belong to one person. */
export const DOCUMENTS: readonly Scheme[] = [
  {
    kind: 'passport_number',
    words: PASSPORT,
    forms: [
      ['9{9}', OF_ANY_COUNTRY],
      ['A9{7,8}', OF_ANY_COUNTRY],
      ['AA9{6,7}', OF_ANY_COUNTRY],
      ['AAA9{6}', OF_ANY_COUNTRY],
      ['A9{7}A', OF_ANY_COUNTRY],
    ],
  },
  {
    kind: 'driving_licence_number',
    words: DRIVER,
    forms: [
      ['A{0,2}9{7,12}', OF_ANY_COUNTRY],
      ['A9{13,14}', OF_ANY_COUNTRY],
    ],
  },
  {
    kind: 'national_id_number',
    words: NATIONAL_ID,
    forms: [['A{0,2}9{7,13}', OF_ANY_COUNTRY]],
  },
  {
    kind: 'licence_plate',
    words: VEHICLE.filter((word) => word.includes('plate')),
    forms: [
      ['A{2,3}~9{3,4}', OF_ANY_COUNTRY],
      ['9{2,4}~A{2,3}', OF_ANY_COUNTRY],
    ],
  },
  {
    kind: 'vehicle_identification_number',
    words: ['vin', 'chassis', 'fahrgestellnummer', 'vehicle identification'],
    forms: [['*{17}', { bare: 0.4, alone: 0.6, named: 0.97 }]],
    check: isVehicle,
  },
  {
    kind: 'imei',
    words: ['imei', 'handset', 'device id'],
    forms: [
      ['9{15}', CHECKED],
      ['99-999999-999999-9', { bare: 0.6, alone: 0.75, named: 0.97 }],
    ],
    check: isLuhnValid,
  },
]

const LETTER_VALUES = '12345678.12345.7.923456789'
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2] as const

/** The ninth unit is the check digit, which makers outside North America do not always fill in. @see ISO 3779, 49 CFR 565 */
function isVehicle(compact: string): boolean {
  if (!/^[A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-Z0-9]{4}\d{4}$/.test(compact) || !/[A-Z]/.test(compact))
    return false
  let sum = 0
  for (let index = 0; index < 17; index++) {
    const code = compact.charCodeAt(index)
    const value = code < 58 ? digitAt(compact, index) : digitAt(LETTER_VALUES, code - 65)
    sum += value * (WEIGHTS[index] ?? 0)
  }
  const rest = sum % 11
  return (rest === 10 ? 'X' : String(rest)) === compact.charAt(8)
}
