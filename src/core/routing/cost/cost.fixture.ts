import type { Cost } from './cost-of.ts'
import { type Price, readPrice } from './price.ts'
import type { CostEntry } from './report.ts'
import { NO_TOKENS, type Tokens } from './usage.ts'

export const MINI = {
  prompt: '0.00000015',
  completion: '0.0000006',
  input_cache_read: '0.000000075',
}
export const SONNET = {
  prompt: '0.000003',
  completion: '0.000015',
  input_cache_read: '0.0000003',
  input_cache_write: '0.00000375',
  input_cache_write_1h: '0.000006',
  overrides: [{ min_prompt_tokens: 200_000, prompt: '0.000006', completion: '0.0000225' }],
}

export function priceOf(pricing: object): Price {
  const read = readPrice(pricing)
  if ('fault' in read) throw new Error(`${read.fault.key}: ${read.fault.problem}`)
  return read.price
}

export function tokensOf(some: Partial<Tokens>): Tokens {
  return { ...NO_TOKENS, ...some }
}

export function entryOf(some: Partial<CostEntry> & { readonly nusd?: number }): CostEntry {
  const { nusd = 0, ...rest } = some
  const cost: Cost = { nusd, state: 'billed' }
  return {
    kind: 'call',
    model: 'openai/gpt-4o-mini',
    task: null,
    session: null,
    agent: null,
    tenant: null,
    cost,
    baseline: null,
    ...rest,
  }
}
