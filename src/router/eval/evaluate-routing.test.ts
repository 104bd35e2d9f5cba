import { describe, expect, it } from 'vitest'
import { evaluateRouting, type RoutingEvaluation } from './evaluate-routing.ts'
import { complementary } from './outcomes.fixture.ts'
import type { OutcomeRow } from './read-rows.ts'

const taskOf = (prompt: string): string => (prompt.startsWith('greet') ? 'conversation' : 'math')
const figuresOf = ({ policies }: RoutingEvaluation, name: string) =>
  policies.find(({ policy }) => policy === name)

describe('the worth of routing', () => {
  const evaluation = evaluateRouting(complementary(200), { taskOf })

  it('is what the oracle shows where each model is best at its own prompts', () => {
    const oracle = figuresOf(evaluation, 'oracle')
    expect(oracle).toMatchObject({ quality: 1, regret: 0 })
    expect(oracle?.saving).toBeGreaterThan(0.2)
    expect(evaluation.dominant).toBeNull()
  })

  it.each(['best by task', 'predicted, price weight 0'])('is reached by `%s`', (name) => {
    expect(figuresOf(evaluation, name)).toMatchObject({ quality: 1, regret: 0 })
  })

  it('is measured against the strongest model, with intervals around each figure', () => {
    const strongest = figuresOf(evaluation, 'always vendor/large')
    expect(strongest).toMatchObject({ gain: 0, saving: 0, saving_interval: { low: 0, high: 0 } })
    const { saving, saving_interval: interval } = figuresOf(evaluation, 'oracle') ?? {}
    expect(interval?.low).toBeLessThan(saving ?? 0)
    expect(interval?.high).toBeGreaterThan(saving ?? 1)
  })

  it('confirms on unseen rows what the rows learned from promise', () => {
    expect(evaluation.chosen?.holds).toBe(true)
    expect(evaluation.chosen?.confirmed.saving).toBeGreaterThan(0.2)
    expect(evaluation.learned + evaluation.unseen).toBe(200)
  })

  it('is nothing where one model is the best and the cheapest', () => {
    const rows = complementary(200).map((row): OutcomeRow => {
      const { 'vendor/large': large = { quality: 1, cost: 1 } } = row.models
      return {
        ...row,
        models: { ...row.models, 'vendor/new': { quality: large.quality, cost: 0.0001 } },
      }
    })
    const { dominant, strongest } = evaluateRouting(rows, { taskOf })
    expect([dominant, strongest]).toEqual(['vendor/new', 'vendor/new'])
  })

  it('is never told by what was measured on unseen rows', () => {
    const asked: string[] = []
    const spy = {
      name: 'mine',
      choose: (prompt: string) => `${asked.push(prompt) && 'vendor/small'}`,
    }
    const { unseen, ...rest } = evaluateRouting(complementary(200), { taskOf, others: [spy] })
    expect(asked).toHaveLength(unseen)
    expect(figuresOf({ unseen, ...rest }, 'mine')?.saving).toBeCloseTo(0.9)
  })

  it.each([
    ['few rows', complementary(39)],
    [
      'one model',
      complementary(80).map((row) => ({ ...row, models: { one: { quality: 1, cost: 1 } } })),
    ],
    [
      'models that no two rows share',
      complementary(80).map((row, index) => ({
        ...row,
        models: { [`m${index}`]: { quality: 1, cost: 1 } },
      })),
    ],
  ])('is not guessed from %s', (_what, rows) => {
    expect(() => evaluateRouting(rows, { taskOf })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
  })
})
