import { describe, expect, it } from 'vitest'
import { readLabelledPrompts, readOutcomes } from './read-rows.ts'

const MODELS = { a: { quality: 1, cost: 0.1 }, b: { quality: 0, cost: 0.2 } }
const ROW = { prompt: 'Add two.', task: 'math', source: 's', models: MODELS }

describe('rows of labelled prompts', () => {
  it('give the prompt, its task and source, and the share of models that fail', () => {
    expect(readLabelledPrompts(`${JSON.stringify(ROW)}\n\n`, 'x')).toEqual([
      { prompt: 'Add two.', task: 'math', source: 's', hardness: 0.5 },
    ])
  })

  it('give outcomes without a task too', () => {
    const { task: _task, ...row } = ROW
    expect(readOutcomes(JSON.stringify(row), 'x')).toEqual([
      { prompt: 'Add two.', task: undefined, models: MODELS },
    ])
  })

  it.each([
    ['no JSON', 'secret words'],
    ['no object', '["secret words"]'],
    ['no prompt', JSON.stringify({ ...ROW, prompt: 1 })],
    ['quality over 1', JSON.stringify({ ...ROW, models: { a: { quality: 2, cost: 1 } } })],
    ['a negative cost', JSON.stringify({ ...ROW, models: { a: { quality: 1, cost: -1 } } })],
    ['no models', JSON.stringify({ ...ROW, models: {} })],
  ])('are refused with %s, by line and without their words', (_what, line) => {
    const read = (): unknown => readOutcomes(`${JSON.stringify(ROW)}\n${line}`, 'x')
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_TRACE_INVALID' }))
    expect(read).toThrow(/`x` line 2: (?!.*secret)/)
  })

  it('are refused with a task that policies do not know', () => {
    const line = JSON.stringify({ ...ROW, task: 'cooking' })
    expect(() => readLabelledPrompts(line, 'x')).toThrow(/`task` is no task/)
  })
})
