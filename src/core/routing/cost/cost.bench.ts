import { medianNs, row } from '../../../scripts/measure.ts'
import { holdoutBaseline } from './baseline.ts'
import { MINI, priceOf, SONNET, tokensOf } from './cost.fixture.ts'
import { actualCost, costOfTokens, costParts } from './cost-of.ts'
import { afterPrompt, EMPTY_LEDGER, switchCost } from './ledger.ts'
import { readPrice } from './price.ts'
import { readModelUsage } from './usage.ts'

const AT = Date.UTC(2026, 0, 1, 12)
// Tokens of different calls: their number decides how wide the whole numbers are.
const CALLS = 1_024

/** What the cost of one call takes, from the provider's usage object to nano-dollars. */
export async function run(print: (line: string) => void): Promise<void> {
  print('Cost of a call, exact, median')
  const [plain, long] = [priceOf(MINI), priceOf(SONNET)]
  const usages = Array.from({ length: CALLS }, (_, index) => ({
    prompt_tokens: 1_000 + 197 * index,
    completion_tokens: 50 + index,
    total_tokens: 1_050 + 198 * index,
    prompt_tokens_details: { cached_tokens: 900 + 100 * index, cache_write_tokens: 10 },
    completion_tokens_details: { reasoning_tokens: index },
  }))
  const billed = usages.map((usage, index) => ({ ...usage, cost: (149_250 + index) / 1e9 }))
  const tokens = usages.map((usage) => readModelUsage(usage)?.tokens ?? tokensOf({}))
  const at = <T>(list: readonly T[], index: number): T => list[index & (CALLS - 1)] as T // as many
  const prefix = afterPrompt(EMPTY_LEDGER, { model: 'long', price: long }, 20_000, AT)
  const models = { from: { model: 'long', price: long }, to: { model: 'plain', price: plain } }
  for (const [what, each, note] of [
    [
      'tokens by a price',
      (index: number) => costOfTokens(at(tokens, index), plain, AT),
      'goal 1,000 ns',
    ],
    [
      'tokens by a price with overrides',
      (index: number) => costOfTokens(at(tokens, index), long, AT),
      'goal 1,000 ns',
    ],
    ['the same in its parts', (index: number) => costParts(at(tokens, index), plain, AT), ''],
    [
      'a usage object, computed',
      (index: number) => actualCost(readModelUsage(at(usages, index)), plain, { at: AT }),
      '',
    ],
    [
      'a usage object, billed',
      (index: number) => actualCost(readModelUsage(at(billed, index)), plain, { at: AT }),
      '',
    ],
    ['the price of switching', () => switchCost(prefix, models, AT), ''],
    ['reading a price', () => readPrice(SONNET), ''],
  ] as const)
    print(row(what, medianNs(each, { calls: 5_000, rounds: 21 }), 'ns', note))
  const arms = { routed: sessions(900), held: sessions(100) }
  const held = medianNs(() => holdoutBaseline(arms), { calls: 1, rounds: 5 }) / 1e6
  print(row('a holdout of 1,000 sessions with its interval', held, 'ms'))
}

function sessions(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => 1_000_000 + ((index * 7_919) % 10_007) * 1_000)
}
