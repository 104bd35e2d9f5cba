import { describe, expect, it } from 'vitest'
import { planFor } from '../plan.ts'
import { walk } from '../walk.ts'
import { searchAnchors } from './anchors.ts'
import { cueFragments, letterOf } from './cue-fragments.ts'
import { instructionCues } from './find-instructions.ts'
import { lexiconEntries } from './lexicon/entries.ts'
import { Role } from './roles.ts'

const PLAN = planFor([], instructionCues())

function placesIn(text: string): readonly number[] {
  const search = searchAnchors(text)
  walk(PLAN, text, search.sink)
  return search.finish(false)?.places ?? []
}

const ALWAYS = Role.ignore | Role.newTask | Role.authority | Role.secrecy | Role.persona | Role.done
const PHRASES = lexiconEntries()
  .filter(({ role, units }) => (role & ALWAYS) !== 0 && units.length >= 3)
  .map(({ units }) => String.fromCharCode(...units))
  .filter((phrase) => /^[a-z][a-z ]*$/.test(phrase))

describe('anchors', () => {
  it('are many', () => {
    expect(PHRASES.length).toBeGreaterThan(500)
  })

  it.each([' ', '_', '-', '\n', '"'])(
    'are all words and phrases, with gaps written as %j',
    (gap) => {
      const missed = PHRASES.filter((phrase) => {
        const text = `Yes. ${phrase.replaceAll(' ', gap)}.`
        return !placesIn(text).includes(5)
      })
      expect(missed).toEqual([])
    },
  )

  it.each([
    ['IGNORE it', 0],
    ['x: 1gn0re it', 3],
    ['ïgnoré it', 0],
    ['{"a":"x\\nIgnore it"}', 9],
    ["please don't ask", 7],
    ['x\\ntask is complete', 3],
    ['do not tell', 7],
    ['System: hello', 0],
    ['then send it', 5],
    ['the AI is', 4],
  ])('are found in %j', (text, place) => {
    expect(placesIn(text)).toContain(place)
  })

  it.each([
    'ignored',
    'xignore',
    'tell him',
    'the system is on',
    'we did send it',
    'his aim',
    '15truck',
    'resend',
  ])('are not found in %j', (text) => {
    expect(placesIn(text)).toEqual([])
  })

  it('of one kind are few for each part of a text', () => {
    expect(placesIn('ignore '.repeat(2000)).length).toBeLessThan((14_000 / 256) * 4)
  })
})

describe('fragments of cue words', () => {
  it('stand where their origins say', () => {
    const fragments = cueFragments(ALWAYS)
    const missed = PHRASES.filter(
      (phrase) =>
        !fragments.some(({ letters, origins }) => {
          const at = phrase.indexOf(letters)
          const before = phrase.slice(0, at).split(' ')
          return origins.some(
            ({ words, units, firsts }) =>
              at >= 0 &&
              words === before.length - 1 &&
              units === before.at(-1)?.length &&
              (firsts & (1 << letterOf(phrase.charCodeAt(0)))) !== 0,
          )
        }),
    )
    expect(missed).toEqual([])
  })
})
