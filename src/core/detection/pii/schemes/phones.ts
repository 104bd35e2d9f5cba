import { PHONE } from '../name-words.ts'
import { LABELLED, type Scheme, type Strength } from '../scheme.ts'

/** A grouping that little else has. */
const GROUPED: Strength = { bare: 0.6, alone: 0.75, named: 0.97 }
/** A grouping that dates, sizes and codes share. */
const LOOSE: Strength = { bare: 0.4, alone: 0.55, named: 0.95 }
/** Eleven digits after a leading nought, which amounts and most ids do not have. */
const TRUNK_RUN: Strength = { bare: 0.35, alone: 0.5, named: 0.93 }
/** A run with nothing to tell it from other numbers. */
const RUN: Strength = { ...LABELLED, named: 0.8 }

/**
 * Numbers in national form, each with the groupings its country writes. Those with a `+` are read
 * apart, by their country code.
 * @see https://www.itu.int/oth/T0202.aspx?parent=T0202, national numbering plans
 */
export const PHONES: readonly Scheme[] = [
  phone(
    [
      ['(999) 999-9999', { bare: 0.75, alone: 0.85, named: 0.98 }],
      ['(999)999-9999', GROUPED],
      ['(999) 999 9999', GROUPED],
      ['999-999-9999', GROUPED],
      ['999.999.9999', GROUPED],
      ['999 999 9999', LOOSE],
      ['1-999-999-9999', GROUPED],
      ['1 999 999 9999', GROUPED],
      ['1 (999) 999-9999', GROUPED],
      ['9{10}', RUN],
    ],
    /^1?[2-9](?!11)\d\d[2-9](?!11)\d{6}$/,
  ),
  phone(
    [
      ['99999 999999', LOOSE],
      ['99999 999 999', GROUPED],
      ['9999 999 9999', GROUPED],
      ['999 9999 9999', GROUPED],
      ['(99999) 999999', GROUPED],
      ['(999) 9999 9999', GROUPED],
      ['9{11}', RUN],
    ],
    /^0(?:7[1-57-9]\d{8}|2[03489]\d{8}|1\d{9}|[38]\d{9})$/,
  ),
  phone([['9{11}', TRUNK_RUN]], /^07[1-57-9]\d{8}$/),
  phone([['99999 999999', LOOSE]], /^07[1-57-9]\d{8}$/),
  // Germany: after the code, a blank, a slash or a hyphen.
  phone(
    [
      ['9999/9{5,9}', LOOSE],
      ['9999-9{7,8}', LOOSE],
      ['99999/9{4,8}', LOOSE],
      ['99999-9{6,8}', LOOSE],
      ['999/9{6,8}', LOOSE],
      ['9999 9{7,8}', LOOSE],
      ['99999 9{6,8}', LOOSE],
      ['999 9{7,8}', LOOSE],
      ['(999) 9{6,8}', GROUPED],
      ['(9999) 9{5,8}', GROUPED],
      ['9999 9999999', LOOSE],
      ['9{11,12}', RUN],
    ],
    /^0[1-9]\d{7,10}$/,
  ),
  // France; Italy and others pair their digits like this with fewer of them.
  phone(
    [
      ['99 99 99 99 99', GROUPED],
      ['99.99.99.99.99', GROUPED],
      ['99-99-99-99-99', GROUPED],
      ['9{10}', RUN],
    ],
    /^0[1-9]\d{8}$/,
  ),
  phone(
    [
      ['999 99 99 99', LOOSE],
      ['999 999 999', RUN],
      ['999-999-999', RUN],
      ['9{9}', RUN],
    ],
    /^[6-9]\d{8}$/,
  ),
  // Italy.
  phone(
    [
      ['999 9999999', RUN],
      ['999 999 9999', RUN],
      ['999/9999999', RUN],
      ['9{10}', RUN],
    ],
    /^3[1-9]\d{8}$/,
  ),
  // India, Pakistan.
  phone(
    [
      ['99999 99999', LOOSE],
      ['99999-99999', LOOSE],
      ['9{10}', RUN],
    ],
    /^[6-9]\d{9}$/,
  ),
  // The Philippines: eleven digits from 09.
  phone(
    [
      ['9{11}', TRUNK_RUN],
      ['9999 999 9999', GROUPED],
      ['9999-999-9999', GROUPED],
      ['9 (999) 999 9999', GROUPED],
      ['9(999) 999 9999', GROUPED],
      ['(9999) 999 9999', GROUPED],
    ],
    /^09\d{9}$/,
  ),
  // Turkey.
  phone(
    [
      ['9999 999 99 99', GROUPED],
      ['9 999 999 99 99', GROUPED],
      ['9-999-999-99-99', GROUPED],
      ['9999-999-99-99', GROUPED],
      ['9(999) 999 99 99', GROUPED],
      ['9 (999) 999 99 99', GROUPED],
      ['(9999) 999 99 99', GROUPED],
      ['999 999 99 99', LOOSE],
      ['999-999-99-99', LOOSE],
      ['(999) 999 99 99', GROUPED],
      ['9{11}', RUN],
      ['9{10}', RUN],
    ],
    /^0?[2-5]\d{9}$/,
  ),
  phone([['9{11}', TRUNK_RUN]], /^05\d{9}$/),
  // Korea, Japan.
  phone(
    [
      ['999-9{3,4}-9999', GROUPED],
      ['99-9999-9999', GROUPED],
      ['9999-99-9999', LOOSE],
      ['9{11}', TRUNK_RUN],
    ],
    /^0(?:1[016-9]|[2-9])\d{7,8}$/,
  ),
  // China.
  phone(
    [
      ['999 9999 9999', LOOSE],
      ['999-9999-9999', LOOSE],
      ['9{11}', { ...RUN, alone: 0.42 }],
    ],
    /^1[3-9]\d{9}$/,
  ),
  // Australia, South Africa, Nigeria, New Zealand.
  phone(
    [
      ['9999 999 999', GROUPED],
      ['999 999 9999', LOOSE],
      ['(99) 9999 9999', GROUPED],
      ['99 9999 9999', LOOSE],
      ['9999 999 9999', GROUPED],
      ['9{11}', TRUNK_RUN],
    ],
    /^0(?:[23478]\d{8}|[6-8]\d{8}|[789][01]\d{8})$/,
  ),
  // Brazil and its neighbours.
  phone(
    [
      ['(99) 99999-9999', GROUPED],
      ['(99) 9999-9999', GROUPED],
      ['99 99999-9999', GROUPED],
      ['(99)99999-9999', GROUPED],
    ],
    /^[1-9]\d\d{8,9}$/,
  ),
  // After a trunk or an international prefix, by word only.
  phone([['9{8,13}', { ...RUN, named: 0.65 }]], /^0\d{7,12}$/),
]

function phone(forms: readonly (readonly [string, Strength])[], shape: RegExp): Scheme {
  return {
    kind: 'phone_number',
    words: PHONE,
    forms: forms,
    check: (digits) => shape.test(digits),
  }
}
