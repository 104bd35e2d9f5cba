import { isList, isMap } from '../../core/json-kind.ts'
import { actualCost } from '../../core/routing/cost/cost-of.ts'
import { readModelUsage } from '../../core/routing/cost/usage.ts'
import { readAnswer } from '../../openai/wire/read-answer.ts'
import { type Label, readLabel } from './read-label.ts'

/** What one model has said, and what that has cost. */
export interface Asked {
  /** Undefined: nothing that could be used. */
  readonly label: Label | undefined
  /** Billionths of a US dollar; null: nobody knows. */
  readonly cost_nusd: number | null
}

/** A label is short; what is longer is none. */
const MOST_BYTES = 64 * 1024

export async function readLabelAnswer(response: Response): Promise<Asked> {
  if (!response.ok) {
    // What was refused is not billed.
    await response.body?.cancel().catch(() => undefined)
    return { label: undefined, cost_nusd: 0 }
  }
  const answer = await readAnswer(response, MOST_BYTES)
  if (answer === undefined) return { label: undefined, cost_nusd: null }
  const { value } = answer
  const { nusd } = actualCost(readModelUsage(value['usage']), null, { at: 0 })
  const text = textOf(value)
  return { label: text === undefined ? undefined : readLabel(text), cost_nusd: nusd }
}

function textOf({ choices }: Readonly<Record<string, unknown>>): string | undefined {
  const first: unknown = isList(choices) ? choices[0] : undefined
  const message = isMap(first) ? first['message'] : undefined
  const content = isMap(message) ? message['content'] : undefined
  return typeof content === 'string' ? content : undefined
}
