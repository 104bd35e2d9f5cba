import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CallgateError } from '../../core/model/errors.ts'
import { toNodeListener } from '../../http/node-listener.ts'
import { TEST_NOW } from '../create-test-engine.ts'
import { createAnswerApi, MAX_BODY_BYTES } from './answer-api.ts'
import { checkPrices } from './bill.ts'
import type { FakeModelStats, FakeState, FakeStats, RecordedRequest } from './fake-state.ts'
import { createFaults, type FakeFaultRule } from './faults.ts'
import { createGenerations } from './generations.ts'
import { FAKE_MODELS, type FakeModel } from './model.ts'
import { createPromptCache } from './prompt-cache.ts'
import type { FakeAnswers } from './reply.ts'
import { createResponseCache } from './response-cache.ts'

export interface FakeOpenRouterOptions {
  /** @default FAKE_MODELS */
  readonly models?: readonly FakeModel[]
  /** The same seed and the same requests give the same bytes. @default 'callgate' */
  readonly seed?: string
  /** What models say. @default the fake's own words */
  readonly answers?: FakeAnswers
  /** What goes wrong. @default nothing */
  readonly faults?: readonly FakeFaultRule[]
  /** Milliseconds before the first piece of a body, and before each other one. @default 0 */
  readonly latency?: { readonly firstByteMs?: number; readonly pieceMs?: number }
  /** @default any that is free */
  readonly port?: number
  /** Epoch milliseconds, for prompt caches, limits and dates. @default one that stands still at 2026-01-01 */
  readonly clock?: { now(): number }
  /** Keys that are known. @default every key */
  readonly apiKeys?: readonly string[]
  /** Dollars of credits that each key has. @default 100 */
  readonly creditsUsd?: number
  /** Vendors, such as `anthropic`, that are called with a key of one's own. @default none */
  readonly byok?: readonly string[]
  /** Milliseconds (of `clock`) after which `/generation` knows of a call that has ended. @default 0 */
  readonly settlementMs?: number
}

export interface FakeOpenRouter {
  /** Such as `http://127.0.0.1:40123/api/v1`. */
  readonly baseURL: string
  /** What was asked, oldest first; the last 10,000. */
  readonly requests: readonly RecordedRequest[]
  /** Takes the place of the rules so far; their counts begin anew. */
  setFaults(rules: readonly FakeFaultRule[]): void
  stats(): FakeStats
  /** Cuts every connection. */
  close(): Promise<void>
}

/**
 * A server on loopback that answers as OpenRouter's API is documented to: for tests and demonstrations,
 * without a network, a key or a bill. Nothing in its bodies depends on anything but options and requests.
 * @throws {CallgateError} ERR_OPTIONS_INVALID where the port cannot be listened on, or a price is none
 */
export async function fakeOpenRouter(options: FakeOpenRouterOptions = {}): Promise<FakeOpenRouter> {
  options.models?.forEach(checkPrices)
  const requests: RecordedRequest[] = []
  const { state, stats } = createState(options, requests)
  const { apiKeys, creditsUsd = 100 } = options
  const answer = createAnswerApi(state, requests, {
    apiKeys,
    credits: Math.round(creditsUsd * 1e9),
  })
  const server = createServer((incoming, outgoing) => {
    const reset = (): void => void incoming.socket.resetAndDestroy()
    // Above what the API takes, so that it is the API that refuses.
    toNodeListener((request) => answer(request, reset), { maxBodyBytes: 2 * MAX_BODY_BYTES })(
      incoming,
      outgoing,
    )
  })
  const port = await listen(server, options.port ?? 0)
  return {
    baseURL: `http://127.0.0.1:${port}/api/v1`,
    requests,
    setFaults: (rules) => state.faults.set(rules),
    stats,
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      return closed
    },
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const message = `\`fakeOpenRouter\`: port ${port} cannot be listened on: name another one, or none`
      reject(new CallgateError('ERR_OPTIONS_INVALID', message, { cause }))
    })
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)) // of TCP
  })
}

const NONE: FakeModelStats = { calls: 0, promptTokens: 0, completionTokens: 0, cost: 0 }

function createState(
  options: FakeOpenRouterOptions,
  requests: readonly RecordedRequest[],
): { state: FakeState; stats(): FakeStats } {
  const { answers, clock = { now: () => TEST_NOW }, latency = {} } = options
  let ordinal = 0
  let answered = 0
  let cancelled = 0
  const models = new Map<string, FakeModelStats>()
  const state: FakeState = {
    seed: options.seed ?? 'callgate',
    models: options.models ?? FAKE_MODELS,
    now: () => clock.now(),
    pace: { firstByteMs: latency.firstByteMs ?? 0, pieceMs: latency.pieceMs ?? 0 },
    byok: new Set(options.byok),
    faults: createFaults(options.faults ?? []),
    generations: createGenerations(options.settlementMs ?? 0),
    promptCache: createPromptCache(),
    responseCache: createResponseCache(),
    nextOrdinal: () => ordinal++,
    nextAnswer: (ask, model) =>
      typeof answers === 'function' ? answers(ask, model) : answers?.[answered++],
    count(model, tokens, cost) {
      const so = models.get(model) ?? NONE
      models.set(model, {
        calls: so.calls + 1,
        promptTokens: so.promptTokens + tokens.prompt,
        completionTokens: so.completionTokens + tokens.completion,
        cost: so.cost + cost,
      })
    },
    countCancelled: () => void cancelled++,
  }
  const stats = (): FakeStats => ({
    requests: requests.length,
    cancelled,
    cost: [...models.values()].reduce((sum, { cost }) => sum + cost, 0),
    models: Object.fromEntries(models),
  })
  return { state, stats }
}
