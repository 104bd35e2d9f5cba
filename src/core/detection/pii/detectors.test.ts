import { describe, expect, it } from 'vitest'
import { planFor } from '../plan.ts'
import { walk } from '../walk.ts'
import { PII_DETECTORS } from './detectors.ts'

const PLAN = planFor(PII_DETECTORS)

function found(text: string): readonly string[] {
  return walk(PLAN, text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`)
}

describe('PII_DETECTORS', () => {
  it.each([
    ['BIC: DEUTDEFF500', 'bic DEUTDEFF500'],
    ['SWIFT code NEDSZAJJ', 'bic NEDSZAJJ'],
    ['"bic":"MARKDEF1"', 'bic MARKDEF1'],
    ['I met Mr. Henry Ford there', 'person_name Henry Ford'],
    ['Frau Müller ruft an', 'person_name Müller'],
    ['"first_name": "Zoë"', 'person_name Zoë'],
    ['Full Name: Ada King Noel', 'person_name Ada King Noel'],
    ['customerName=Grace Hopper', 'person_name Grace Hopper'],
  ])('find in `%s` %s', (text, match) => {
    expect(found(text)).toEqual([match])
  })

  it.each([
    'Arabic: DEUTDEFF500',
    'BIC: ABCDEFGH',
    'a swift answer',
    'file name: Report',
    'name = Report',
    'Mr robot',
    'first_name: null',
  ])('find nothing in `%s`', (text) => {
    expect(found(text)).toEqual([])
  })
})
