import { isMap } from '../core/json-kind.ts'
import type { JsonObject } from '../core/model/json.ts'
import { actualCost } from '../core/routing/cost/cost-of.ts'
import { type ModelUsage, readModelUsage } from '../core/routing/cost/usage.ts'

/** What a call has cost in the end, as its provider tells it later. */
export interface Settled {
  readonly nusd: number
  readonly usage: ModelUsage
}

export interface Settlement {
  /** Asks for what a call has cost until it is told, or it has been asked for often enough. */
  add(generation: string, done: (settled: Settled | undefined) => void): void
  /** Calls that are still asked for. */
  size(): number
  /** Asks once for each now, however long ago it was asked last. For tests, and before the end. */
  flush(): Promise<void>
  /** Gives all of them up. */
  close(): void
}

export interface SettlementOptions {
  readonly url: string
  readonly fetch: typeof fetch
  /** Milliseconds before each time it is asked for. */
  readonly delaysMs: readonly number[]
}

export const SETTLE_DELAYS_MS = [1_000, 5_000, 15_000, 60_000, 300_000, 900_000] as const

const MOST_HELD = 10_000
const MOST_AT_ONCE = 8
const TIMEOUT_MS = 10_000
const MOST_BYTES = 64 * 1024

interface Held {
  readonly generation: string
  readonly done: (settled: Settled | undefined) => void
  asked: number
  timer: NodeJS.Timeout | undefined
}

/** INVARIANT: each call is told of exactly once: what it cost, or that nobody says. */
export function createSettlement(options: SettlementOptions): Settlement {
  const held = new Set<Held>()
  let active = 0
  const end = (one: Held, settled: Settled | undefined): void => {
    clearTimeout(one.timer)
    if (held.delete(one)) one.done(settled)
  }
  const later = (one: Held, ms: number): void => {
    one.timer = setTimeout(() => void askFor(one, true), ms)
    one.timer.unref()
  }
  const askFor = async (one: Held, isTimed: boolean): Promise<void> => {
    if (!held.has(one)) return
    // Not all at once: those of a long outage would be many.
    if (isTimed && active >= MOST_AT_ONCE) return later(one, BUSY_MS)
    active++
    const settled = await ask(options, one.generation).finally(() => active--)
    if (settled !== undefined) return end(one, settled)
    if (!isTimed || !held.has(one)) return
    one.asked++
    const next = options.delaysMs[one.asked]
    if (next === undefined) end(one, undefined)
    else later(one, next)
  }
  return {
    add(generation, done) {
      const one: Held = { generation, done, asked: 0, timer: undefined }
      const [oldest] = held
      if (held.size >= MOST_HELD && oldest !== undefined) end(oldest, undefined)
      held.add(one)
      later(one, options.delaysMs[0] ?? 0)
    },
    size: () => held.size,
    async flush() {
      for (const part of partsOf([...held], MOST_AT_ONCE))
        await Promise.all(part.map((one) => askFor(one, false)))
    },
    close() {
      for (const one of held) end(one, undefined)
    },
  }
}

const BUSY_MS = 250

function partsOf<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  )
}

/** Undefined where it is not known yet. Never rejects. */
async function ask(
  { url, fetch: inner }: SettlementOptions,
  generation: string,
): Promise<Settled | undefined> {
  try {
    const response = await inner(`${url}?id=${encodeURIComponent(generation)}`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (!response.ok) {
      await response.body?.cancel()
      return undefined
    }
    const text = await response.text()
    const body: unknown = text.length > MOST_BYTES ? null : JSON.parse(text)
    const data = isMap(body) ? body['data'] : undefined
    return isMap(data) ? settledOf(data as JsonObject) : undefined // of parsed JSON
  } catch {
    return undefined // asked for again
  }
}

/**
 * In the words of an answer's `usage`, so that one reader reads both.
 * @see https://openrouter.ai/docs/api-reference/get-a-generation
 */
function settledOf(data: JsonObject): Settled | undefined {
  const prompt = data['native_tokens_prompt'] ?? data['tokens_prompt']
  const usage = readModelUsage({
    prompt_tokens: prompt,
    completion_tokens: data['native_tokens_completion'] ?? data['tokens_completion'],
    prompt_tokens_details: { cached_tokens: data['native_tokens_cached'] ?? 0 },
    completion_tokens_details: { reasoning_tokens: data['native_tokens_reasoning'] ?? 0 },
    cost: data['total_cost'],
    cost_details: { upstream_inference_cost: data['upstream_inference_cost'] },
    is_byok: data['is_byok'],
  })
  if (usage === null) return undefined
  // Billed or nothing: a price list is not what it has cost in the end.
  const { nusd } = actualCost(usage, null, { at: 0 })
  return nusd === null ? undefined : { nusd, usage }
}
