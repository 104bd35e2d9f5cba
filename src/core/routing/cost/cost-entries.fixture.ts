import fc from 'fast-check'
import type { CostEntry } from './report.ts'

const KINDS = ['call', 'cache_hit', 'classifier', 'embedding', 'failed_attempt', 'shadow'] as const
const MODELS = ['openai/gpt-4o-mini', 'anthropic/claude-haiku-4.5', '__proto__', 'constructor']

const nusd = fc.oneof(fc.nat({ max: 999 }), fc.nat({ max: 1e7 }), fc.nat({ max: 1e12 }))
const name = fc.option(fc.constantFrom('a', 'b', 'c'))
const cost = fc.oneof(
  { weight: 6, arbitrary: nusd.map((amount) => ({ nusd: amount, state: 'billed' as const })) },
  fc.constantFrom(
    { nusd: null, state: 'pending' as const },
    { nusd: null, state: 'unknown' as const },
  ),
)
const entry: fc.Arbitrary<CostEntry> = fc.record({
  kind: fc.constantFrom(...KINDS),
  model: fc.constantFrom(...MODELS),
  task: name,
  session: name,
  agent: name,
  tenant: name,
  cost,
  baseline: fc.option(nusd.map((amount) => ({ nusd: amount, interval: null }))),
})
/** Entries of all kinds, tiny and large, some without a cost or a baseline. */
export const anyEntries: fc.Arbitrary<readonly CostEntry[]> = fc.array(entry, { maxLength: 40 })
