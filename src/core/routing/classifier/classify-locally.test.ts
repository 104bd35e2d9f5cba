import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classifyLocally, createLocalClassifier } from './classify-locally.ts'
import { asking, requestWith } from './requests.fixture.ts'
import { WEIGHTS } from './weights.generated.ts'

describe('the local classifier', () => {
  it.each([
    ['code', 'Write a TypeScript function that removes duplicates from an array.'],
    ['math', 'Solve the equation 4x - 9 = 23 for x.'],
    ['creative', 'Write a short poem about an old ship in the fog.'],
    ['translation', 'Translate to German: The shop opens at nine.'],
    ['summarization', 'Summarize the following article in two sentences:\nThe harbour was closed.'],
    ['classification', 'Is this review positive or negative? The soup was cold and bland.'],
    ['extraction', 'Extract all dates and amounts from this note: paid 30 on 4 May.'],
    ['qa', 'What is the capital of Mongolia?'],
    ['conversation', 'Hello there, how are you?'],
  ])('tells %s', (task, text) => {
    expect(classifyLocally(asking(text))).toMatchObject({ task, by: 'local' })
  })

  it('says unknown where no task is likelier than all others together', () => {
    const found = classifyLocally(asking('qwx zzkp'))
    expect(found.task).toBe('unknown')
    expect(found.confidence).toBeLessThan(WEIGHTS.threshold)
  })

  it.each([
    ['vision', { capabilities: new Set(['vision'] as const) }],
    ['tool_use', { tools: ['crm.lookup'] }],
  ])('tells %s by structure where words say nothing', (task, parts) => {
    const found = [asking('qwx zzkp', parts), asking('', parts)].map(classifyLocally)
    expect(found).toMatchObject([
      { task, by: 'structure' },
      { task, by: 'structure' },
    ])
  })

  it('keeps the task that words are sure of, whatever functions are offered', () => {
    const text = 'Write a Python function that sorts a list, with unit tests.'
    expect(classifyLocally(asking(text, { tools: ['files.read'] })).task).toBe('code')
  })

  it('takes a follow-up that says nothing for part of what was asked before', () => {
    const found = classifyLocally(
      requestWith([
        { role: 'user', text: 'Write a short poem about an old ship in the fog.' },
        { role: 'assistant', text: 'The ship…' },
        { role: 'user', text: 'zzkp' },
      ]),
    )
    expect(found.task).toBe('creative')
  })

  it('knows nothing of a request without words', () => {
    expect(classifyLocally(requestWith([]))).toEqual({
      task: 'unknown',
      complexity: 'medium',
      score: 0.5,
      confidence: 0,
      by: 'none',
    })
  })

  it('looks at the ends of a long text only', () => {
    const head = 'Translate to German: '.padEnd(1_500, 'the shop opens at nine. ')
    const tail = 'and closes at five. '.padEnd(1_500, 'thank you. ')
    const found = ['', 'x'.repeat(50_000), '```\n'.repeat(9_000)].map((middle) =>
      classifyLocally(asking(`${head}${middle}${tail}`)),
    )
    expect(found[2]).toEqual(found[1])
  })

  it('answers every text, the same each time, within its bounds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const found = classifyLocally(asking(text))
        expect(found).toEqual(createLocalClassifier(WEIGHTS)(asking(text)))
        expect(found.confidence >= 0 && found.confidence <= 1).toBe(true)
        expect(found.score >= 0 && found.score <= 1).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('ships weights of at most 200 KB', () => {
    expect(JSON.stringify(WEIGHTS).length).toBeLessThanOrEqual(200_000)
  })
})
