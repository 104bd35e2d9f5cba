import { describe, expect, it } from 'vitest'
import { createLocalClassifier } from './classify-locally.ts'
import { asking } from './requests.fixture.ts'
import { type LabelledPrompt, train } from './train.ts'
import { encodeWeights, readWeights } from './weights.ts'

const WORDS = ['blue', 'green', 'small', 'large', 'early', 'late', 'north', 'south']

/** Words of a trade that no rule knows. */
function rows(count: number): LabelledPrompt[] {
  return Array.from({ length: count }, (_, index) => {
    const word = WORDS[index % WORDS.length]
    const isFirst = index % 2 === 0
    return {
      prompt: isFirst ? `gribble the ${word} item ${index}` : `snorfle a ${word} item ${index}`,
      task: isFirst ? 'extraction' : 'other',
      source: `source-${index % 11}`,
      hardness: isFirst ? 0 : 1,
    }
  })
}

describe('training a classifier', () => {
  const trained = train(rows(200))

  it('learns words that nothing else knows, and how hard they are', () => {
    const classify = createLocalClassifier(trained.weights)
    const [easy, hard] = ['gribble the red item', 'snorfle a red item'].map((text) =>
      classify(asking(text)),
    )
    expect([easy?.task, hard?.task]).toEqual(['extraction', 'other'])
    expect(hard?.score).toBeGreaterThan(easy?.score ?? 1)
  })

  it('is judged by rows and by sources that it has not learned from', () => {
    const { prompts, sources } = trained
    expect([prompts.accuracy, sources.accuracy]).toEqual([1, 1])
    expect([prompts.rows, sources.rows].every((count) => count > 0 && count < 120)).toBe(true)
  })

  it('does no better than chance where labels follow nothing', () => {
    const shuffled = rows(200).map((row, index) => ({
      ...row,
      task: (index * 7919) % 13 < 6 ? ('extraction' as const) : ('other' as const),
    }))
    expect(train(shuffled).prompts.accuracy).toBeLessThan(0.8)
  })

  it('gives the same weights for the same rows', () => {
    expect(train(rows(60))).toEqual(train(rows(60)))
  })

  it.each([
    ['no rows', []],
    ['few rows', rows(19)],
    ['rows of one task', rows(200).filter(({ task }) => task === 'other')],
  ])('refuses %s', (_what, given) => {
    expect(() => train(given)).toThrow(expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }))
  })
})

describe('weights of a classifier', () => {
  const { weights } = train(rows(60))

  it('are read as they were written', () => {
    expect(readWeights(JSON.parse(JSON.stringify(weights)))).toEqual(weights)
  })

  it.each([
    ['nothing', null],
    ['another version', { ...weights, schema: 2 }],
    ['an unknown task', { ...weights, tasks: ['other', 'cooking'] }],
    ['a missing bias', { ...weights, biases: weights.biases.slice(1) }],
    ['a temperature of 0', { ...weights, temperature: 0 }],
    ['no threshold', { ...weights, threshold: null }],
    ['characters that are none', { ...weights, weights: `*${weights.weights.slice(1)}` }],
    ['weights of other features', { ...weights, weights: encodeWeights(new Int8Array(9)) }],
  ])('are refused with %s', (_what, value) => {
    expect(() => readWeights(value)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
  })
})
