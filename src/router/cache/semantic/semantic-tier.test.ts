import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ask, type CacheHere, cacheHere, contentOf, said } from '../cache.fixture.ts'
import type { SemanticOptions } from '../options.ts'
import { createResponseCache } from '../response-cache.ts'
import { ngramEmbedder } from './ngram-embedder.ts'

/** Every text is near every other: only the guards tell them apart. */
const ALIKE: SemanticOptions['embed'] = async (texts) => texts.map(() => new Float32Array([1, 0]))
const SERVE: SemanticOptions = { mode: 'serve', embed: ALIKE, maxFalseHits: 0.5, confidence: 0.8 }
const variants = [
  '',
  ' please',
  ' now please',
  ' for me',
  ' for us',
  ' to me',
  ' to us',
  ' for him',
  ' to him',
  ' for her',
  ' to her',
  ' for them',
]
const question = (at: number): string => `Explain the garden of the castle${variants[at] ?? ' x'}`

async function callAll(here: CacheHere, count: number): Promise<readonly string[]> {
  const outcomes: string[] = []
  for (let at = 0; at < count; at++) {
    const { outcome, tier } = await here.call({ body: ask(question(at)), more: { route: 'faq' } })
    await turn()
    outcomes.push(tier === 'semantic' ? 'semantic' : outcome)
  }
  return outcomes
}

describe('questions that mean the same', () => {
  it('are compared in the shadow, and never served there', async () => {
    const here = cacheHere({ semantic: { ...SERVE, mode: 'shadow' } }, () =>
      said('The same answer'),
    )
    expect(new Set(await callAll(here, 6))).toEqual(new Set(['miss']))
    // The first is seen, the second kept, and every one from the third on compared.
    const { semantic } = here.cache.stats()
    expect(semantic['faq']).toMatchObject({ compared: 4, false_hits: 0, serves: false })
    expect(here.calls()).toBe(6)
  })

  it('are served once false hits are known to be rare, and still compared now and then', async () => {
    const here = cacheHere({ semantic: { ...SERVE, recheckEvery: 3 } }, () =>
      said('The same answer'),
    )
    // 1 - 0.2^(1/3) is 0.415, below a half: three comparisons are enough here.
    expect(await callAll(here, 11)).toEqual([
      ...['miss', 'miss', 'miss', 'miss', 'miss'],
      ...['semantic', 'semantic', 'miss', 'semantic', 'semantic', 'miss'],
    ])
    expect(here.cache.stats()).toMatchObject({
      semantic_hits: 4,
      semantic: { faq: { compared: 5 } },
    })
  })

  it('are served no more once answers turn out to differ', async () => {
    let word = 'same'
    const here = cacheHere({ semantic: { ...SERVE, recheckEvery: 1 } }, () =>
      said(`The ${word} answer of 1`),
    )
    await callAll(here, 5)
    expect(here.cache.stats().semantic['faq']?.serves).toBe(true)
    word = 'other 2 and 3'
    await here.call({ body: ask(question(6)), more: { route: 'faq' } })
    await turn()
    expect(here.cache.stats().semantic['faq']).toMatchObject({ false_hits: 1, serves: false })
  })

  it('are measured by route', async () => {
    const here = cacheHere({ semantic: SERVE }, () => said('The same answer'))
    await callAll(here, 6)
    const { outcome } = await here.call({ body: ask(question(7)), more: { route: 'other' } })
    expect(outcome).toBe('miss')
  })

  it.each<[string, string, object]>([
    ['another number', 'Explain the garden of the castle 7', {}],
    ['a negation', 'Do not explain the garden of the castle', {}],
    [
      'a conversation',
      '',
      {
        messages: [
          { role: 'user', content: question(0) },
          { role: 'assistant', content: 'x' },
          { role: 'user', content: question(0) },
        ],
      },
    ],
    [
      'a part that is no text',
      '',
      { messages: [{ role: 'user', content: [{ type: 'text', text: question(7) }] }] },
    ],
    ['a short one', 'Explain it', {}],
  ])('are not served: %s', async (_name, text, more) => {
    const here = cacheHere({ semantic: SERVE }, () => said('The same answer'))
    await callAll(here, 6)
    const { outcome } = await here.call({ body: ask(text, more as never), more: { route: 'faq' } })
    expect(outcome).toBe('miss')
  })

  it.each<[string, Partial<SemanticOptions>]>([
    ['the embedder fails', { embed: () => Promise.reject(new Error('down')) }],
    [
      'the embedder throws',
      {
        embed: () => {
          throw new Error('down')
        },
      },
    ],
    ['the embedder hangs', { embed: () => new Promise(() => undefined), embedTimeoutMs: 5 }],
    ['the embedder says nonsense', { embed: async () => [new Float32Array([Number.NaN])] }],
    ['the embedder says nothing', { embed: async () => [] }],
  ])('are answered by the model where %s', async (_name, options) => {
    const here = cacheHere({ semantic: { ...SERVE, ...options } })
    const outcomes = await callAll(here, 4)
    expect([outcomes, here.cache.stats().semantic]).toEqual([['miss', 'miss', 'miss', 'miss'], {}])
  })

  it('count as false hits where comparing them fails', async () => {
    const sameAnswer = () => Promise.reject(new Error('down'))
    const here = cacheHere({ semantic: { ...SERVE, sameAnswer } }, () => said('The same answer'))
    await callAll(here, 4)
    expect(here.cache.stats().semantic['faq']).toMatchObject({ compared: 2, false_hits: 2 })
  })

  it('are forgotten with time, and beyond their bounds', async () => {
    const here = cacheHere({ ttlSeconds: 60, semantic: { ...SERVE, mode: 'shadow' } }, () =>
      said('The same answer'),
    )
    await callAll(here, 3)
    here.advance(60_000)
    await callAll(here, 2)
    expect(here.cache.stats().semantic['faq']?.compared).toBe(1)
    const small = cacheHere({ semantic: { ...SERVE, mode: 'shadow', maxQuestions: 2 } })
    for (const text of ['red apples in spring', 'blue boats on lakes', 'old maps of towns'])
      await small.call({ body: ask(text) })
    expect(small.cache.stats().entries).toBe(5)
  })

  it('are never served by an embedder that knows no meanings', () => {
    const semantic = { mode: 'serve', embed: ngramEmbedder } as const
    expect(() => createResponseCache({ semantic })).toThrow(/`shadow` alone/)
  })

  it('are compared by the embedder that is built in', async () => {
    const semantic = { mode: 'shadow', embed: ngramEmbedder, threshold: 0.7 } as const
    const here = cacheHere({ semantic }, () => said('The same answer'))
    await callAll(here, 4)
    expect(here.cache.stats().semantic['faq']?.compared).toBe(2)
    expect(contentOf((await here.call({ body: ask(question(0)) })).text)).toBe('The same answer')
  })
})
