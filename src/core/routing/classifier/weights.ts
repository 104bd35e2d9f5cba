import { CallgateError } from '../../model/errors.ts'
import { TASKS, type Task } from '../words.ts'
import { FEATURE_COUNT } from './features.ts'

/** What a classifier has learned, as a JSON file holds it. */
export interface ClassifierWeights {
  readonly schema: 1
  /** A column of weights each, in this order; one more column tells how hard a request is. */
  readonly tasks: readonly Task[]
  /** By column: what one step of its weights is worth. */
  readonly steps: readonly number[]
  readonly biases: readonly number[]
  /** Above 1 where the learned odds promise too much. */
  readonly temperature: number
  /** A task is `unknown` where its confidence is below this. */
  readonly threshold: number
  /** From which score on a request is of medium, and of high complexity. */
  readonly bands: readonly [number, number]
  /** One character a weight: place after place, column after column. */
  readonly weights: string
}

/** The learned numbers, ready to be summed. */
export interface Columns {
  /** `values[place * count + column]`, in steps. */
  readonly values: Int8Array
  readonly count: number
}

// A weight has 6 bits, so it is one character of base64: half the size of a byte each, and measured
// to cost no accuracy.
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** Weights lie from -31 to 31 steps. */
export const MOST_STEPS = 31

/** Each weight as a character. `steps` are whole numbers from -31 to 31. */
export function encodeWeights(steps: Int8Array): string {
  let text = ''
  for (const step of steps) text += ALPHABET.charAt(step + MOST_STEPS)
  return text
}

/** The opposite of `encodeWeights`; a character that stands for nothing is 0 steps. */
export function decodeWeights({ weights, tasks }: ClassifierWeights): Columns {
  const stepOf = new Int8Array(128)
  for (let index = 0; index < ALPHABET.length; index++)
    stepOf[ALPHABET.charCodeAt(index)] = index - MOST_STEPS
  const values = new Int8Array(weights.length)
  for (let index = 0; index < values.length; index++)
    values[index] = stepOf[weights.charCodeAt(index)] ?? 0
  return { values, count: tasks.length + 1 }
}

/**
 * Weights as `router train` has written them. They belong to one version of the features: those of
 * another version are refused, never misread.
 * @throws CallgateError ERR_OPTIONS_INVALID where they are none; the message says why
 */
export function readWeights(value: unknown): ClassifierWeights {
  const fault = faultOf(value)
  if (fault !== undefined)
    throw new CallgateError(
      'ERR_OPTIONS_INVALID',
      `these are no weights of a classifier: ${fault}; train them again`,
    )
  return value as ClassifierWeights // `faultOf` has looked at every field
}

function faultOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'it is no object'
  const fields = value as Partial<Record<keyof ClassifierWeights, unknown>> // looked at one by one
  const { schema, tasks, temperature, threshold, weights } = fields
  if (schema !== 1) return '`schema` is not 1'
  if (!Array.isArray(tasks) || tasks.length < 2 || !tasks.every(isTask))
    return '`tasks` is no list of two or more tasks'
  const columns = tasks.length + 1
  for (const [name, length] of [
    ['steps', columns],
    ['biases', columns],
    ['bands', 2],
  ] as const)
    if (!isNumbers(fields[name], length)) return `\`${name}\` is no list of ${length} numbers`
  if (!isNumbers([temperature], 1) || Number(temperature) <= 0)
    return '`temperature` is no number above 0'
  if (!isNumbers([threshold], 1)) return '`threshold` is no number'
  if (typeof weights !== 'string' || !/^[\w-]*$/.test(weights)) return '`weights` is no base64 text'
  if (weights.length === FEATURE_COUNT * columns) return undefined
  return `\`weights\` has ${weights.length} characters, not ${FEATURE_COUNT * columns}`
}

function isTask(value: unknown): value is Task {
  return TASKS.some((task) => task === value)
}

function isNumbers(value: unknown, length: number): boolean {
  return Array.isArray(value) && value.length === length && value.every(Number.isFinite)
}
