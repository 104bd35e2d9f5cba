import { CallgateError } from '../../core/model/errors.ts'
import type { LabelledPrompt } from '../../core/routing/classifier/train.ts'
import { TASKS, type Task } from '../../core/routing/words.ts'

/** What one model made of a prompt. */
export interface ModelOutcome {
  /** From 0 to 1, as measured. */
  readonly quality: number
  /** US dollars. */
  readonly cost: number
}

/** A prompt, and what each model made of it. */
export interface OutcomeRow {
  readonly prompt: string
  /** Undefined: nobody has said. */
  readonly task: Task | undefined
  readonly models: Readonly<Record<string, ModelOutcome>>
}

/**
 * Lines of JSON with `prompt` and `task`; `source` and `models` are used where they are there.
 * @throws CallgateError ERR_TRACE_INVALID where a line is no such row; the message says which
 */
export function readLabelledPrompts(text: string, name: string): LabelledPrompt[] {
  return linesOf(text, name).map(({ row, fail }) => {
    const task = taskOf(row['task'])
    if (task === undefined) throw fail('`task` is no task that policies know')
    const hardness = hardnessOf(row['models'])
    return {
      prompt: promptOf(row, fail),
      task,
      ...(typeof row['source'] === 'string' ? { source: row['source'] } : {}),
      ...(hardness === undefined ? {} : { hardness }),
    }
  })
}

/**
 * Lines of JSON with `prompt`, `task` and `models: { name: { quality, cost } }`.
 * @throws CallgateError ERR_TRACE_INVALID where a line is no such row; the message says which
 */
export function readOutcomes(text: string, name: string): OutcomeRow[] {
  return linesOf(text, name).map(({ row, fail }) => {
    const models = outcomesOf(row['models'])
    if (models === undefined)
      throw fail(
        '`models` does not give each model a `quality` from 0 to 1 and a `cost` in dollars',
      )
    return { prompt: promptOf(row, fail), task: taskOf(row['task']), models }
  })
}

type Fields = Readonly<Record<string, unknown>>

interface Line {
  readonly row: Fields
  readonly fail: (detail: string) => CallgateError
}

function linesOf(text: string, name: string): Line[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    const fail = (detail: string, cause?: unknown): CallgateError =>
      new CallgateError('ERR_TRACE_INVALID', `\`${name}\` line ${index + 1}: ${detail}`, { cause })
    let row: unknown
    try {
      row = JSON.parse(line)
    } catch {
      // The parser's own message would repeat the prompt.
      throw fail('this is no JSON')
    }
    if (!isFields(row)) throw fail('this is no JSON object')
    return [{ row, fail }]
  })
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function promptOf(row: Fields, fail: Line['fail']): string {
  if (typeof row['prompt'] !== 'string') throw fail('`prompt` is no text')
  return row['prompt']
}

function taskOf(value: unknown): Task | undefined {
  return TASKS.find((task) => task === value)
}

function outcomesOf(value: unknown): Record<string, ModelOutcome> | undefined {
  if (!isFields(value)) return undefined
  const outcomes: [string, ModelOutcome][] = []
  for (const [model, outcome] of Object.entries(value)) {
    if (!isFields(outcome)) return undefined
    const { quality, cost } = outcome
    if (!isWithin(quality, 1) || !isWithin(cost, Number.MAX_VALUE)) return undefined
    outcomes.push([model, { quality, cost }])
  }
  return outcomes.length === 0 ? undefined : Object.fromEntries(outcomes)
}

function isWithin(value: unknown, most: number): value is number {
  return typeof value === 'number' && value >= 0 && value <= most
}

function hardnessOf(value: unknown): number | undefined {
  const outcomes = Object.values(outcomesOf(value) ?? {})
  if (outcomes.length === 0) return undefined
  return outcomes.filter(({ quality }) => quality < 0.5).length / outcomes.length
}
