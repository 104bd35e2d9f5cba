/** What a call has cost besides its time: charged to the budgets that count it. */
export interface Usage {
  /** US dollars. */
  readonly usd?: number
  readonly tokens?: number
  /** Of `tokens`, those of the prompt. */
  readonly input_tokens?: number
  /** Billionths of a US dollar: exact, and counted as `usd` where that is not given. */
  readonly cost_nusd?: number
  /** The model that answered, where it is not the one that was called. */
  readonly model?: string
}

/** Amounts that are none are not counted: budgets then charge what was set aside. */
export function readUsage(given: Usage): Usage {
  const { usd, tokens, input_tokens: input, cost_nusd: cost, model } = given
  const nusd = isAmount(cost) && Number.isSafeInteger(cost) ? cost : undefined
  const dollars = isAmount(usd) ? usd : nusd === undefined ? undefined : nusd / 1e9
  return {
    ...(dollars === undefined ? {} : { usd: dollars }),
    ...(isAmount(tokens) ? { tokens } : {}),
    ...(isAmount(input) ? { input_tokens: input } : {}),
    ...(nusd === undefined ? {} : { cost_nusd: nusd }),
    ...(typeof model === 'string' ? { model: model.slice(0, 256) } : {}),
  }
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value)
}
