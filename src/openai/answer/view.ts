import { isMap } from '../../core/json-kind.ts'
import type { JsonObject } from '../../core/model/json.ts'
import { type ModelUsage, readModelUsage } from '../../core/routing/cost/usage.ts'
import type { Usage } from '../../engine/usage.ts'

/** What of an answer its call is closed with: texts and proposals, whether it came in pieces or not. */
export interface View {
  /** Adds to the text of a choice, or of an item; false where it is longer than may be kept. */
  text(place: string, piece: string): boolean
  call(name: string, args: unknown): void
  /** Reads `usage` and `model` of an answer, or of a piece of one: the last of them counts. */
  read(part: Readonly<Record<string, unknown>>): void
  value(): JsonObject
  usage(): Usage
  /** What the provider says of its use, in full; null: nothing that can be read. */
  spent(): ModelUsage | null
}

const MOST_CALLS = 10_000

export function createView(maxLength: number): View {
  const texts = new Map<string, string>()
  const calls: JsonObject[] = []
  let length = 0
  let usage: unknown
  let model: unknown
  return {
    text(place, piece) {
      length += piece.length
      if (length > maxLength) return false
      texts.set(place, (texts.get(place) ?? '') + piece)
      return true
    },
    call(name, args) {
      const said = typeof args === 'string' ? args : JSON.stringify(args ?? {})
      length += said.length
      if (calls.length < MOST_CALLS && length <= maxLength) calls.push({ name, arguments: said })
    },
    read(part) {
      if (isMap(part['usage'])) usage = part['usage']
      if (typeof part['model'] === 'string') model = part['model']
    },
    value: () => ({ texts: [...texts.values()], tool_calls: calls }),
    usage: () => usageOf(usage, model),
    spent: () => readModelUsage(usage),
  }
}

/** Tokens and cost as the answer gives them; what it does not give is not there. */
function usageOf(usage: unknown, model: unknown): Usage {
  const served = typeof model === 'string' && model !== '' ? { model } : {}
  if (!isMap(usage)) return served
  const tokens = amount(usage['total_tokens']) ?? sumOf(usage)
  const usd = costOf(usage)
  return {
    ...served,
    ...(tokens === undefined ? {} : { tokens }),
    ...(usd === undefined ? {} : { usd, cost_nusd: Math.round(usd * 1e9) }),
  }
}

function sumOf(usage: Readonly<Record<string, unknown>>): number | undefined {
  const input = amount(usage['prompt_tokens']) ?? amount(usage['input_tokens'])
  const output = amount(usage['completion_tokens']) ?? amount(usage['output_tokens'])
  return input === undefined && output === undefined ? undefined : (input ?? 0) + (output ?? 0)
}

/** With a key of one's own at the vendor, `cost` is the fee alone. */
function costOf(usage: Readonly<Record<string, unknown>>): number | undefined {
  const cost = amount(usage['cost'])
  const details = usage['cost_details']
  const upstream = isMap(details) ? amount(details['upstream_inference_cost']) : undefined
  return usage['is_byok'] === true && cost !== undefined ? cost + (upstream ?? 0) : cost
}

function amount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}
