import { isMod11And10Valid } from '../../check-digits/iso7064.ts'
import { isLuhnValid } from '../../check-digits/luhn.ts'
import { base36At, digitAt, isOneDigitRepeated, weightedSum } from '../../check-digits/weighted.ts'
import { isDay, isDayMonthYear, isYearMonthDay, twoDigits } from '../calendar.ts'
import { COMPANY, NATIONAL_ID, PASSPORT, TAX, VAT } from '../name-words.ts'
import { CERTAIN, CHECKED, FAIR, LABELLED, type Scheme, STRONG } from '../scheme.ts'

/** Numbers of Poland, Czechia, Slovakia, Hungary and the Balkans. */
export const CENTRAL_EUROPE: readonly Scheme[] = [
  {
    kind: 'pl_pesel',
    words: ['pesel', ...NATIONAL_ID],
    forms: [['9{11}', FAIR]],
    check: isPesel,
  },
  {
    kind: 'pl_nip',
    words: ['nip', ...TAX, ...VAT],
    forms: [
      ['999-999-99-99', STRONG],
      ['999-99-99-999', STRONG],
      ['9{10}', CHECKED],
      ['AA9{10}', STRONG],
    ],
    check: (compact) =>
      (compact.length === 10 || compact.startsWith('PL')) &&
      !/(?:^|PL)0|^(\d)\1+$/.test(compact) &&
      weightedSum(compact.slice(-10), [6, 5, 7, 2, 3, 4, 5, 6, 7, -1]) % 11 === 0,
  },
  {
    kind: 'pl_regon',
    words: ['regon'],
    forms: [['9{9}', CHECKED]],
    check: (digits) =>
      (weightedSum(digits, [8, 9, 2, 3, 4, 5, 6, 7]) % 11) % 10 === digitAt(digits, 8),
  },
  {
    kind: 'pl_id_card',
    words: ['dowod', 'dowodu', 'tozsamosci', ...NATIONAL_ID],
    forms: [
      ['AAA9{6}', { bare: 0.3, alone: 0.5, named: 0.95 }],
      ['AAA 9{6}', { bare: 0.3, alone: 0.5, named: 0.95 }],
    ],
    check: isPolishCard,
  },
  { kind: 'pl_passport', words: ['paszport', ...PASSPORT], forms: [['AA9{7}', LABELLED]] },
  {
    kind: 'cz_sk_birth_number',
    words: ['rodne cislo', 'rodneho cisla', 'birth number', ...NATIONAL_ID],
    forms: [
      ['9{6}/9{4}', CERTAIN],
      ['9{10}', { bare: 0.3, alone: 0.5, named: 0.97 }],
    ],
    check: isBirthNumber,
  },
  {
    kind: 'cz_company_number',
    words: ['ico', ...COMPANY],
    forms: [['9{8}', CHECKED]],
    check: (digits) =>
      (11 - (weightedSum(digits, [8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === digitAt(digits, 7),
  },
  {
    kind: 'hu_social_security',
    words: ['taj', 'taj szam', 'tarsadalombiztositas'],
    forms: [
      ['9{9}', CHECKED],
      ['999 999 999', CHECKED],
      ['999-999-999', CHECKED],
    ],
    check: (digits) => weightedSum(digits, [3, 7, 3, 7, 3, 7, 3, 7]) % 10 === digitAt(digits, 8),
  },
  {
    kind: 'hu_tax_number',
    words: ['adoszam', 'adoazonosito', ...TAX],
    forms: [['9{8}-9-99', STRONG]],
    check: (digits) =>
      /[1-5](?:0[2-9]|[123]\d|4[0-4]|51)$/.test(digits) &&
      weightedSum(digits, [9, 7, 3, 1, 9, 7, 3, 1]) % 10 === 0,
  },
  {
    kind: 'ro_cnp',
    words: ['cnp', 'cod numeric', ...NATIONAL_ID],
    forms: [['9{13}', FAIR]],
    check: isCnp,
  },
  {
    kind: 'bg_egn',
    words: ['egn', 'егн', ...NATIONAL_ID],
    forms: [['9{10}', { bare: 0.35, alone: 0.55, named: 0.97 }]],
    check: (digits) =>
      isDay(twoDigits(digits, 2) % 20, twoDigits(digits, 4)) &&
      (weightedSum(digits, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === digitAt(digits, 9),
  },
  {
    kind: 'hr_oib',
    words: ['oib', 'osobni identifikacijski', ...NATIONAL_ID],
    forms: [
      ['9{11}', CHECKED],
      ['AA9{11}', STRONG],
    ],
    check: (compact) =>
      (compact.length === 11 || compact.startsWith('HR')) && isMod11And10Valid(compact.slice(-11)),
  },
  {
    kind: 'jmbg',
    words: ['jmbg', 'emso', 'maticni broj', 'embg', 'јмбг', ...NATIONAL_ID],
    forms: [['9{13}', FAIR]],
    check: (digits) =>
      isDayMonthYear(digits) &&
      /^\d{4}[09]/.test(digits) &&
      weightedSum(digits, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
  },
  {
    kind: 'gr_amka',
    words: ['amka', 'αμκα', ...NATIONAL_ID],
    forms: [['9{11}', { bare: 0.38, alone: 0.6, named: 0.97 }]],
    check: (digits) => isDayMonthYear(digits) && isLuhnValid(digits),
  },
  {
    kind: 'gr_afm',
    words: ['afm', 'αφμ', ...VAT],
    forms: [
      ['9{9}', CHECKED],
      ['AA9{9}', STRONG],
    ],
    check: (compact) =>
      (compact.length === 9 || compact.startsWith('EL')) &&
      !isOneDigitRepeated(compact.slice(-9)) &&
      (weightedSum(compact.slice(-9), [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10 ===
        digitAt(compact, compact.length - 1),
  },
]

/** Numbers of Russia, Ukraine and Kazakhstan. */
export const EAST_EUROPE: readonly Scheme[] = [
  {
    kind: 'ru_snils',
    words: ['snils', 'снилс'],
    forms: [
      ['999-999-999 99', CERTAIN],
      ['999-999-999-99', CERTAIN],
      ['9{11}', { bare: 0.3, alone: 0.5, named: 0.97 }],
    ],
    check: (digits) =>
      (weightedSum(digits, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101) % 100 === twoDigits(digits, 9),
  },
  {
    kind: 'ru_inn',
    words: ['inn', 'инн', ...TAX],
    forms: [
      ['9{12}', { bare: 0.3, alone: 0.5, named: 0.97 }],
      ['9{10}', CHECKED],
    ],
    check: isInn,
  },
  {
    kind: 'ru_passport',
    words: ['паспорт', 'pasport', ...PASSPORT],
    forms: [
      ['99 99 9{6}', LABELLED],
      ['9999 9{6}', LABELLED],
      ['9{9,10}', LABELLED],
    ],
  },
  {
    kind: 'ua_tax_number',
    words: ['рнокпп', 'іпн', 'ипн', 'rnokpp', ...TAX],
    forms: [['9{10}', CHECKED]],
    check: (digits) =>
      (weightedSum(digits, [-1, 5, 7, 9, 4, 6, 10, 5, 7]) % 11) % 10 === digitAt(digits, 9),
  },
  {
    kind: 'kz_iin',
    words: ['iin', 'иин', 'жсн', ...NATIONAL_ID],
    forms: [['9{12}', FAIR]],
    check: isIin,
  },
]

/** The month tells the century; those before 1900 and after 2099 are left out. @see https://www.gov.pl/web/gov/czym-jest-numer-pesel */
function isPesel(digits: string): boolean {
  return (
    twoDigits(digits, 2) < 33 &&
    isDay(twoDigits(digits, 2) % 20, twoDigits(digits, 4)) &&
    weightedSum(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0
  )
}

/** The first digit behind the letters is the check digit. */
function isPolishCard(compact: string): boolean {
  let sum = 0
  for (let index = 0; index < 9; index++)
    if (index !== 3) sum += base36At(compact, index) * ([7, 3, 1, 0, 7, 3, 1, 7, 3][index] ?? 0)
  return /^[A-Z]{3}/.test(compact) && sum % 10 === digitAt(compact, 3)
}

/** Women's months are 50 more, and 20 more where a day ran out of numbers. */
function isBirthNumber(digits: string): boolean {
  const month = twoDigits(digits, 2) % 50
  if (!isDay(month > 20 ? month - 20 : month, twoDigits(digits, 4))) return false
  const rest = Number(digits.slice(0, 9)) % 11
  return rest === 10 ? digits.endsWith('0') : rest === digitAt(digits, 9)
}

/** @see https://ro.wikipedia.org/wiki/Cod_numeric_personal_(România) */
function isCnp(digits: string): boolean {
  const county = twoDigits(digits, 7)
  const rest = weightedSum(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11
  return (
    /^[1-8]/.test(digits) &&
    isYearMonthDay(digits, 1) &&
    county >= 1 &&
    county <= 52 &&
    (rest === 10 ? 1 : rest) === digitAt(digits, 12)
  )
}

/** @see https://ru.wikipedia.org/wiki/Идентификационный_номер_налогоплательщика */
function isInn(digits: string): boolean {
  if (digits.length === 10)
    return (weightedSum(digits, [2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10 === digitAt(digits, 9)
  const first = (weightedSum(digits, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10
  const second = (weightedSum(digits, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10
  return first === digitAt(digits, 10) && second === digitAt(digits, 11)
}

function isIin(digits: string): boolean {
  if (!isYearMonthDay(digits) || !/^\d{6}[1-6]/.test(digits)) return false
  const first = weightedSum(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11
  const second = weightedSum(digits, [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11
  return (first < 10 ? first : second) === digitAt(digits, 11)
}
