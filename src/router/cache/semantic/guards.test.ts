import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differenceOf, featuresOf, type GuardName } from './guards.ts'
import { cosine, ngramEmbedder } from './ngram-embedder.ts'
import { saysTheSame } from './same-answer.ts'

const difference = (one: string, other: string) => differenceOf(featuresOf(one), featuresOf(other))

describe('two questions that are written alike', () => {
  it.each<[GuardName | undefined, string, string]>([
    [undefined, 'What is the capital of France?', 'Tell me the capital of France, please'],
    [undefined, 'How do I reset my password?', 'how can i reset the password'],
    [undefined, 'Is the store open on two Sundays?', 'is the store open on 2 sundays'],
    ['values', 'Track order 48213 for me', 'Track order 48231 for me'],
    ['values', 'Meetings on 2024-05-01 in the office', 'Meetings on 2024-05-02 in the office'],
    ['values', 'Does version 2.1.0 run on Linux?', 'Does version 2.1.1 run on Linux?'],
    ['values', 'Plan three days in Lisbon', 'Plan four days in Lisbon'],
    ['values', 'What is due on Monday this week', 'What is due on Friday this week'],
    ['values', 'Raise the limit by 10 percent', 'Raise the limit by 10% percent'],
    ['negation', 'Can I eat this when pregnant?', "Can't I eat this when pregnant?"],
    ['negation', 'Which plants need light at night', 'Which plants never need light at night'],
    ['opposites', 'Approve the refund of the customer', 'Deny the refund of the customer'],
    [
      'opposites',
      'How to enable the firewall on a router',
      'How to disable the firewall on a router',
    ],
    ['opposites', 'the highest mountain of a country', 'the lowest mountain of a country'],
    ['names', 'Weather of the day in Paris', 'Weather of the day in Rome'],
    ['names', 'Explain what the SEC does for people', 'Explain what the FDA does for people'],
    ['names', 'What does getUserName return here', 'What does getUserMail return here'],
    ['question', 'When was the telephone invented', 'Where was the telephone invented'],
    ['question', 'How many planets are visible', 'How far planets are visible'],
    ['order', 'a flight from oslo to rome', 'a flight from rome to oslo'],
    ['order', 'does the dog bite the man', 'does the man bite the dog'],
    ['exchange', 'properties of gold as a metal', 'properties of tin as a metal'],
    ['length', 'why?', 'why?'],
    ['length', 'the word '.repeat(300), 'the word '.repeat(300)],
  ])('differ by: %s', (want, one, other) => {
    expect([difference(one, other), difference(other, one)]).toEqual([want, want])
  })

  it('never differ from themselves, and their order does not matter', () => {
    const words = fc.constantFrom(
      'not',
      '48213',
      'enable',
      'Paris',
      'when',
      'rabbit',
      'garden',
      "isn't",
      'on',
    )
    const text = fc.oneof(
      fc.array(words, { minLength: 1, maxLength: 8 }).map((list) => list.join(' ')),
      fc.string({ maxLength: 60 }),
    )
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(difference(one, other)).toBe(difference(other, one))
        expect(difference(one, one) ?? 'length').toBe('length')
      }),
    )
  })

  it('differ wherever a digit does', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (one, other) => {
        const ask = (id: number) => `show the invoice ${id} of the customer`
        expect(difference(ask(one), ask(other))).toBe(one === other ? undefined : 'values')
      }),
    )
  })
})

describe('the embedder that is built in', () => {
  it('finds nearer what is written alike, and is for hints alone', async () => {
    const [one, near, far] = await ngramEmbedder([
      'How do I reset my password?',
      'how can I reset the password',
      'Plan three days in Lisbon',
    ])
    const nothing = new Float32Array(512)
    if (one === undefined || near === undefined || far === undefined) throw new Error('no vector')
    expect(cosine(one, near)).toBeGreaterThan(0.6)
    expect(cosine(one, far)).toBeLessThan(0.2)
    expect([
      cosine(one, one).toFixed(6),
      cosine(one, nothing),
      cosine(one, new Float32Array(3)),
    ]).toEqual(['1.000000', 0, 0])
    expect(ngramEmbedder.hints_only).toBe(true)
  })
})

describe('two answers', () => {
  it.each([
    [true, 'The capital of France is Paris.', 'The capital of France is Paris'],
    [true, 'Paris.', 'Paris. '],
    [false, 'It costs 10 euros in the shop.', 'It costs 12 euros in the shop.'],
    [false, 'You can return it in the shop.', 'You can not return it in the shop.'],
    [false, 'The capital is Paris.', 'Paris, known for its tower, has been the capital for long.'],
    [false, 'a', 'b'],
  ])('say the same: %s', (want, one, other) => {
    expect(saysTheSame(one, other)).toBe(want)
  })
})
