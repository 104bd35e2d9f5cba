import { isMod11And2Valid } from '../../check-digits/iso7064.ts'
import { base36At, digitAt, isOneDigitRepeated, weightedSum } from '../../check-digits/weighted.ts'
import { isDate } from '../calendar.ts'
import { DRIVER, NATIONAL_ID, PASSPORT, TAX } from '../name-words.ts'
import { CERTAIN, CHECKED, FAIR, LABELLED, PLAUSIBLE, type Scheme, STRONG } from '../scheme.ts'

const RRN = ['rrn', 'resident registration', '주민등록', '주민번호', ...NATIONAL_ID] as const
const FRN = ['frn', 'alien registration', 'foreigner registration', '외국인등록', '외국인'] as const
/** Since October 2020 the last digits are drawn by lot, so a number without the old check digit is still one. */
const KOREAN_UNCHECKED = { bare: 0.5, alone: 0.6, named: 0.9 } as const
const KOREAN_RUN_UNCHECKED = { bare: 0.2, alone: 0.3, named: 0.85 } as const

/** Numbers of Korea. */
export const KOREA: readonly Scheme[] = [
  {
    kind: 'kr_rrn',
    words: RRN,
    forms: [
      ['9{6}-9{7}', CERTAIN],
      ['9{13}', FAIR],
    ],
    check: (digits) =>
      isKorean(digits, '1234') && (11 - koreanSum(digits)) % 10 === digitAt(digits, 12),
  },
  {
    kind: 'kr_rrn',
    words: RRN,
    forms: [
      ['9{6}-9{7}', KOREAN_UNCHECKED],
      ['9{13}', KOREAN_RUN_UNCHECKED],
    ],
    check: (digits) => isKorean(digits, '1234'),
  },
  {
    kind: 'kr_frn',
    words: FRN,
    forms: [
      ['9{6}-9{7}', CERTAIN],
      ['9{13}', FAIR],
    ],
    check: (digits) =>
      isKorean(digits, '5678') && (13 - koreanSum(digits)) % 10 === digitAt(digits, 12),
  },
  {
    kind: 'kr_frn',
    words: FRN,
    forms: [
      ['9{6}-9{7}', KOREAN_UNCHECKED],
      ['9{13}', KOREAN_RUN_UNCHECKED],
    ],
    check: (digits) => isKorean(digits, '5678'),
  },
  {
    kind: 'kr_brn',
    words: ['brn', 'business registration', '사업자', '사업자등록'],
    forms: [
      ['999-99-99999', STRONG],
      ['9{10}', CHECKED],
    ],
    check: isKoreanBusiness,
  },
  {
    kind: 'kr_passport',
    words: ['여권', ...PASSPORT],
    forms: [['A999A9999', { bare: 0.4, alone: 0.55, named: 0.95 }]],
    check: (compact) => /^[MSRODG]/.test(compact),
  },
  {
    kind: 'kr_passport',
    words: ['여권', ...PASSPORT],
    forms: [['A9{8}', LABELLED]],
    check: (compact) => /^[MSRODG]/.test(compact),
  },
  {
    kind: 'kr_driver_license',
    words: ['운전면허', '면허', ...DRIVER],
    forms: [
      ['99-99-999999-99', STRONG],
      ['9{12}', LABELLED],
    ],
    check: (digits) => /^(?:1[1-9]|2[0-68])/.test(digits),
  },
]

/** Numbers of Japan, China, Taiwan and Hong Kong. */
export const EAST_ASIA: readonly Scheme[] = [
  {
    kind: 'jp_my_number',
    words: ['my number', 'mynumber', 'マイナンバー', '個人番号', ...NATIONAL_ID],
    forms: [
      ['9{12}', CHECKED],
      ['9999 9999 9999', PLAUSIBLE],
      ['9999-9999-9999', PLAUSIBLE],
    ],
    check: isMyNumber,
  },
  {
    kind: 'jp_passport',
    words: ['旅券', 'パスポート', ...PASSPORT],
    forms: [['AA9{7}', LABELLED]],
  },
  {
    kind: 'jp_driver_license',
    words: ['運転免許', '免許', ...DRIVER],
    forms: [['9{12}', LABELLED]],
  },
  {
    kind: 'cn_resident_id',
    words: ['身份证', '身份證', '公民身份', 'resident identity', ...NATIONAL_ID],
    forms: [
      ['9{17}9', CERTAIN],
      ['9{17}A', CERTAIN],
    ],
    check: isChineseResident,
  },
  {
    kind: 'cn_social_credit',
    words: ['统一社会信用代码', '信用代码', 'uscc', 'unified social credit'],
    forms: [['9*9{6}*{9}*', { bare: 0.45, alone: 0.65, named: 0.97 }]],
    check: isSocialCredit,
  },
  {
    kind: 'cn_passport',
    words: ['护照', '護照', ...PASSPORT],
    forms: [
      ['A9{8}', LABELLED],
      ['AA9{7}', LABELLED],
    ],
    check: (compact) => /^(?:E[A-Z\d]|[GDSPH]\d)/.test(compact),
  },
  {
    kind: 'tw_national_id',
    words: ['身分證', '身份證', '統一編號', 'taiwan', ...NATIONAL_ID],
    forms: [['A9{9}', { bare: 0.4, alone: 0.65, named: 0.97 }]],
    check: isTaiwanese,
  },
  {
    kind: 'hk_identity_card',
    words: ['hkid', '身份證', '身份证', 'hong kong identity', ...NATIONAL_ID],
    forms: [
      ['A9{6}(*)', CERTAIN],
      ['AA9{6}(*)', CERTAIN],
      ['A9{6} (*)', CERTAIN],
      ['A9{6}*', CHECKED],
      ['AA9{6}*', CHECKED],
    ],
    check: isHongKong,
  },
  {
    kind: 'tw_business_number',
    words: ['統一編號', '統編', 'ubn', ...TAX],
    forms: [['9{8}', CHECKED]],
    check: (digits) => taiwanBusinessSum(digits),
  },
]

/** @see https://en.wikipedia.org/wiki/Resident_registration_number */
function isKorean(digits: string, genders: string): boolean {
  const gender = digits.charAt(6)
  if (!genders.includes(gender)) return false
  const century = '1256'.includes(gender) ? 1900 : 2000
  const year = century + Number(digits.slice(0, 2))
  return isDate(year, Number(digits.slice(2, 4)), Number(digits.slice(4, 6)))
}

function koreanSum(digits: string): number {
  return weightedSum(digits, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11
}

/** @see https://en.wikipedia.org/wiki/Business_registration_number, South Korea */
function isKoreanBusiness(digits: string): boolean {
  const carried = Math.floor((digitAt(digits, 8) * 5) / 10)
  const sum = weightedSum(digits, [1, 3, 7, 1, 3, 7, 1, 3, 5, 1]) + carried
  return digits >= '1010000000' && sum % 10 === 0
}

/** @see https://www.digital.go.jp/en/policies/mynumber */
function isMyNumber(digits: string): boolean {
  const rest = weightedSum(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
  return (rest < 2 ? 0 : 11 - rest) === digitAt(digits, 11)
}

/** @see GB 11643-1999 */
function isChineseResident(compact: string): boolean {
  return (
    /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])\d{4}(?:19|20)\d{9}[\dX]$/.test(
      compact,
    ) &&
    isDate(
      Number(compact.slice(6, 10)),
      Number(compact.slice(10, 12)),
      Number(compact.slice(12, 14)),
    ) &&
    isMod11And2Valid(compact)
  )
}

const CREDIT_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28] as const

/** @see GB 32100-2015 */
function isSocialCredit(compact: string): boolean {
  if (!/^[1-59][1239]\d{6}/.test(compact) || !/[A-Z]/.test(compact)) return false
  let sum = 0
  for (let index = 0; index < 17; index++) {
    const value = CREDIT_ALPHABET.indexOf(compact.charAt(index))
    if (value < 0) return false
    sum += value * (CREDIT_WEIGHTS[index] ?? 0)
  }
  return (31 - (sum % 31)) % 31 === CREDIT_ALPHABET.indexOf(compact.charAt(17))
}

/** Counties in the order of their numbers, from 10 on. */
const COUNTIES = 'ABCDEFGHJKLMNPQRSTUVXYWZIO'

/** @see https://en.wikipedia.org/wiki/National_identification_card_(Taiwan) */
function isTaiwanese(compact: string): boolean {
  const county = COUNTIES.indexOf(compact.charAt(0)) + 10
  const sum = Math.floor(county / 10) + (county % 10) * 9
  return (
    /^[A-Z][1289]/.test(compact) &&
    !isOneDigitRepeated(compact.slice(2)) &&
    (sum + weightedSum(compact, [8, 7, 6, 5, 4, 3, 2, 1, 1], 1)) % 10 === 0
  )
}

/** @see https://en.wikipedia.org/wiki/Hong_Kong_identity_card */
function isHongKong(compact: string): boolean {
  const letters = compact.length - 7
  const last = compact.charAt(compact.length - 1)
  if (!/[\dA]/.test(last)) return false
  const first =
    letters === 1
      ? 36 * 9 + base36At(compact, 0) * 8
      : base36At(compact, 0) * 9 + base36At(compact, 1) * 8
  const check = last === 'A' ? 10 : Number(last)
  return (first + weightedSum(compact, [7, 6, 5, 4, 3, 2], letters) + check) % 11 === 0
}

/** A seven at the seventh place may count ten or one. */
function taiwanBusinessSum(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < 8; index++) {
    const product =
      digitAt(digits, index) * (index === 6 ? 4 : index % 2 === 0 || index === 7 ? 1 : 2)
    sum += Math.floor(product / 10) + (product % 10)
  }
  return sum % 5 === 0 || (digits.charAt(6) === '7' && (sum + 1) % 5 === 0)
}
