import * as clientNow from '@modelcontextprotocol/client'
import * as serverNow from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import type { Rule } from '../../core/behavior/rule.ts'
import { ruleOf } from '../../engine/behavior.fixture.ts'
import { MemoryApprovals } from '../../stores/memory-approvals.ts'
import { createTestEngine, type TestEngine } from '../../testing/create-test-engine.ts'
import type { McpContext } from '../context.ts'
import { isObject, type Params } from '../host.ts'
import { wrapMcpServer } from '../wrap-mcp-server.ts'
import {
  MODERN,
  NO,
  refundPolicy,
  replyOf,
  type Stage,
  type StageOptions,
  stageOf,
  statesOf,
  YES,
} from './approvals.fixture.ts'

afterEach(() => {
  vi.useRealTimers()
})

interface Question {
  readonly resultType: string
  readonly inputRequests: Params
  readonly requestState: string
}

/** The agent is who the request says: the test is whoever it wants to be. */
const subject = ({ meta }: McpContext) => ({ agent: String(meta?.['who'] ?? 'bot') })

describe.each(MODERN)('$name', (host) => {
  const stageHere = (options: StageOptions = {}): Promise<Stage> =>
    stageOf(host, { subject, session: 's1', ...options })

  const send = async ({ wire }: Stage, params: Params): Promise<unknown> => {
    const answer = await wire.speak('tools/call', {
      name: 'refund',
      arguments: { text: 'a' },
      ...params,
    })
    return answer.result ?? answer.error
  }
  const ask = async (stage: Stage, params: Params = {}): Promise<Question> =>
    (await send(stage, params)) as Question
  const answer = async (
    stage: Stage,
    requestState: string | undefined,
    params: Params = {},
    said: unknown = YES({}),
  ): Promise<string> => {
    const given = await send(stage, {
      inputResponses: { callgate: said },
      ...(requestState === undefined ? {} : { requestState }),
      ...params,
    })
    return isObject(given) && given['resultType'] === 'input_required'
      ? 'asked'
      : replyOf(given).said
  }

  it('answers with the question, and takes what was said once', async () => {
    const stage = await stageHere()
    const { resultType, inputRequests, requestState } = await ask(stage)
    expect([resultType, Object.keys(inputRequests)]).toEqual(['input_required', ['callgate']])
    expect([
      await answer(stage, requestState),
      await answer(stage, requestState),
      await answer(stage, requestState),
    ]).toEqual(['ran', 'approval_used', 'approval_used'])
    expect(stage.ran).toEqual([{ text: 'a' }])
  })

  it('takes an answer without its question for none', async () => {
    const stage = await stageHere()
    expect([await answer(stage, undefined), stage.ran]).toEqual(['asked', []])
  })

  it('refuses other arguments than those that were asked about', async () => {
    const stage = await stageHere()
    const { requestState } = await ask(stage)
    const swapped = { arguments: { text: 'all of it' } }
    expect(await answer(stage, requestState, swapped)).toBe('approval_mismatch')
    expect([stage.ran, await statesOf(stage.engine)]).toEqual([[], ['pending']])
  })

  it('refuses another tool than the one that was asked about', async () => {
    const stage = await stageHere()
    const { requestState } = await ask(stage)
    expect(await answer(stage, requestState, { name: 'wipe' })).toBe('approval_mismatch')
    expect([stage.ran, await statesOf(stage.engine)]).toEqual([[], ['pending']])
  })

  it.each([
    ['yes', YES],
    ['no', NO],
  ])('lets no other caller say %s; the answer of its own caller still counts', async (_, said) => {
    const stage = await stageHere()
    const { requestState } = await ask(stage)
    const other = { _meta: { who: 'other' } }
    expect(await answer(stage, requestState, other, said({}))).toBe('approval_mismatch')
    expect(await statesOf(stage.engine)).toEqual(['pending'])
    expect(await answer(stage, requestState)).toBe('ran')
  })

  it('refuses a state that was changed or made up', async () => {
    const stage = await stageHere()
    const { requestState } = await ask(stage)
    const [prefix, , signature] = requestState.split('.')
    const forged = Buffer.from(JSON.stringify({ approval: 'call-1', expires: 1e15 }))
    for (const state of [
      `${requestState}x`,
      requestState.slice(0, -2),
      `${prefix}.${forged.toString('base64url')}.${signature}`,
      `${prefix}.`,
      `${prefix}..`,
      `${prefix}.${'A'.repeat(70_000)}.${signature}`,
    ])
      expect(await answer(stage, state)).toBe('approval_mismatch')
    expect([stage.ran, await statesOf(stage.engine)]).toEqual([[], ['pending']])
  })

  it('refuses the state of another process, unless both have the same key and store', async () => {
    const approvals = new MemoryApprovals()
    const key = 'k'.repeat(32)
    const one = { policy: refundPolicy(), stores: { approvals } }
    const other = { ...one, randomId: () => `other-${crypto.randomUUID()}` }
    const apart = [
      await stageHere({ engine: createTestEngine(one) }),
      await stageHere({ engine: createTestEngine(other) }),
    ] as const
    const { requestState } = await ask(apart[0])
    expect(await answer(apart[1], requestState)).toBe('approval_mismatch')
    const third = { ...one, randomId: () => `third-${crypto.randomUUID()}` }
    const together = [
      await stageHere({ engine: createTestEngine(third), approvals: { key } }),
      await stageHere({ engine: createTestEngine(other), approvals: { key } }),
    ] as const
    const shared = await ask(together[0])
    expect(await answer(together[1], shared.requestState)).toBe('ran')
    expect(await answer(together[0], shared.requestState)).toBe('approval_used')
  })

  it('takes no answer after the time of the question', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const stage = await stageHere({ approvals: { timeoutMs: 60_000 } })
    const { requestState } = await ask(stage)
    vi.setSystemTime(Date.now() + 60_000)
    expect(await answer(stage, requestState)).toBe('approval_required')
    stage.engine.clock.advance(301_000)
    expect(await answer(stage, requestState)).toBe('approval_expired')
    expect(stage.ran).toEqual([])
  })

  it('takes no yes after a no', async () => {
    const stage = await stageHere()
    const { requestState } = await ask(stage)
    expect([
      await answer(stage, requestState, {}, NO({})),
      await answer(stage, requestState),
      stage.ran,
    ]).toEqual(['approval_denied', 'approval_denied', []])
  })

  it('takes no yes after the question was dismissed', async () => {
    const stage = await stageHere()
    const { requestState } = await ask(stage)
    expect([
      await answer(stage, requestState, {}, { action: 'cancel' }),
      await answer(stage, requestState),
      stage.ran,
      await statesOf(stage.engine),
    ]).toEqual(['approval_required', 'approval_required', [], ['pending']])
  })

  it('takes no answer for a call that may not go out in any case', async () => {
    const stage = await stageHere()
    const { requestState } = await ask(stage)
    await stage.engine.terminate('s1', { by: 'ana' })
    expect([await answer(stage, requestState), await statesOf(stage.engine)]).toEqual([
      'session_terminated',
      ['pending'],
    ])
  })

  it('takes no answer for what came up after the question was asked', async () => {
    const asking = ruleOf('request', { action: 'ask' })
    const later: Rule = {
      ...asking,
      evaluate: (event, view) => (event.number > 1 ? asking.evaluate(event, view) : undefined),
    }
    const doubting = (): TestEngine => createTestEngine({ policy: refundPolicy(), rules: [later] })
    const low = await stageHere({ engine: doubting() })
    const high = await stageHere({ engine: doubting(), approvals: { trust: 'high' } })
    expect([(await low.refund()).said, low.asked.length]).toEqual(['approval_mismatch', 1])
    expect([(await high.refund()).said, high.asked.length]).toEqual(['approval_mismatch', 1])
  })

  it('does not use a question up for a retry that brings no answer', async () => {
    const stage = await stageHere()
    const { requestState } = await ask(stage)
    expect(replyOf(await send(stage, { requestState })).said).toBe('approval_required')
    expect(await answer(stage, requestState)).toBe('ran')
  })

  it('lets one of many answers at once through', async () => {
    const stage = await stageHere()
    const { requestState } = await ask(stage)
    const all = await Promise.all(Array.from({ length: 8 }, () => answer(stage, requestState)))
    expect([all.filter((said) => said === 'ran').length, stage.ran.length]).toEqual([1, 1])
  })

  it('asks where the policy allows one question only', async () => {
    const { refund } = await stageHere({ policy: refundPolicy('{ max_pending: 1 }') })
    expect([(await refund('a')).said, (await refund('b')).said]).toEqual(['ran', 'ran'])
  })

  it('asks no client that does not say that it shows forms', async () => {
    const stage = await stageHere()
    const said = { 'io.modelcontextprotocol/clientCapabilities': { sampling: {} } }
    expect(replyOf(await ask(stage, { _meta: said })).said).toBe('approval_required')
  })

  it('answers no request with a question that cannot be answered so', async () => {
    const { wire } = await stageHere()
    const ref = { type: 'ref/prompt', name: 'greet' }
    const { error } = await wire.speak('completion/complete', {
      ref,
      argument: { name: 'value', value: 'x' },
    })
    expect(error?.data).toMatchObject({ 'callgate/decision': { reason: 'approval_required' } })
  })

  it('refuses, and asks nobody, where a request carries too much to be asked about', async () => {
    const stage = await stageHere()
    const given = await send(stage, { requestState: 'x'.repeat(70_000) })
    expect(replyOf(given).said).toBe('approval_required')
  })

  it('keeps a state of its own from a handler that goes on without it', async () => {
    const seen: unknown[] = []
    const stage = await stageHere({
      handler(_args, { raw }) {
        const { mcpReq } = raw as { mcpReq: { requestState(): unknown; inputResponses?: unknown } }
        seen.push([mcpReq.requestState(), mcpReq.inputResponses])
        return undefined
      },
    })
    await stage.refund()
    expect(seen).toEqual([[undefined, undefined]])
  })
})

describe('a server that has questions and a state of its own', () => {
  const served = async (
    approvals: 'elicitation' | { trust: 'high' } = 'elicitation',
  ): Promise<{ client: clientNow.Client; verified: string[]; asked: string[] }> => {
    // What the server asks of its client itself is a call like any other.
    const rule = '      - { resources: [shop.mcp/elicitation/create], verbs: [invoke] }'
    const policy = refundPolicy().replace('bindings:', `${rule}\nbindings:`)
    const verified: string[] = []
    const asked: string[] = []
    const verify = (state: string): void => {
      verified.push(state)
      if (!state.startsWith('app:')) throw new Error('not mine')
    }
    const server = new serverNow.McpServer(
      { name: 'app', version: '1.0.0' },
      { capabilities: { tools: {} }, requestState: { verify } },
    )
    wrapMcpServer(server, createTestEngine({ policy }), {
      server: 'shop',
      subject: { agent: 'bot' },
      approvals,
    })
    server.registerTool('refund', { inputSchema: z.object({ text: z.string() }) }, (_args, ctx) => {
      const { size } = (ctx.mcpReq.inputResponses ?? {}) as { size?: { content: { size: string } } }
      if (size !== undefined)
        return {
          content: [{ type: 'text', text: `${ctx.mcpReq.requestState()} ${size.content.size}` }],
        }
      return serverNow.inputRequired({
        inputRequests: {
          size: serverNow.inputRequired.elicit({
            message: 'Which size?',
            requestedSchema: { type: 'object', properties: { size: { type: 'string' } } },
          }),
        },
        requestState: 'app:1',
      })
    })
    const client = new clientNow.Client(
      { name: 'client', version: '1.0.0' },
      { capabilities: { elicitation: {} }, versionNegotiation: { mode: { pin: '2026-07-28' } } },
    )
    client.setRequestHandler('elicitation/create', ({ params }) => {
      asked.push(params.message.split('\n')[0] ?? '')
      return params.message === 'Which size?'
        ? { action: 'accept', content: { size: 'XL' } }
        : { action: 'accept', content: { approve: true } }
    })
    const [near, far] = serverNow.InMemoryTransport.createLinkedPair()
    serveStdio(() => server, { transport: near as never })
    await client.connect(far)
    return { client, verified, asked }
  }

  it('gets its own state and answers back, and never sees ours', async () => {
    const { client, verified, asked } = await served()
    const result = await client.callTool({ name: 'refund', arguments: { text: 'a' } })
    expect(result.content).toEqual([{ type: 'text', text: 'app:1 XL' }])
    expect(verified).toEqual(['app:1'])
    // Each round is a call of its own: an approval is good for one.
    const ours = 'agent "bot" asks to invoke "shop.refund"'
    expect(asked).toEqual([ours, 'Which size?', ours])
  })
})
