import { describe, expect, it } from 'vitest'
import { aiSdkTools } from './ai-sdk.ts'
import { CALLER, engineFor, slowEngine, standing } from './frameworks.fixture.ts'

// Doubles of the shapes that the AI SDK documents: its own code is no dependency of this project. Under
// the real SDK the same is held by src/scripts/check-adapters.mjs.

const CALL = { toolCallId: 'call-1', messages: [] }
const reader = (ran: unknown[]) => ({
  description: 'reads',
  inputSchema: {},
  execute: async (input: { table: string }, options?: { toolCallId: string }): Promise<unknown> => {
    ran.push([input, options?.toolCallId])
    return { rows: [`${input.table} of ana@example.com`] }
  },
})

it('runs what is allowed, on a copy of what was judged, and cleans what comes back', async () => {
  const engine = engineFor()
  const ran: unknown[] = []
  const tools = { read: reader(ran) }
  const guarded = aiSdkTools(tools, engine, CALLER)
  const input = { table: 'orders' }
  const output = await guarded.read.execute(input, CALL)
  expect(JSON.stringify(output)).toMatch(/^\{"rows":\["orders of (?!ana@)/)
  expect(ran).toEqual([[{ table: 'orders' }, 'call-1']])
  expect((ran[0] as unknown[])[0]).not.toBe(input)
  expect(guarded.read).toMatchObject({ description: 'reads', inputSchema: tools.read.inputSchema })
  expect(engine.records()[0]).toMatchObject({ resource: 'db.read', tool_call_id: 'call-1' })
})

it.each([
  ['at once', engineFor],
  ['later', slowEngine],
])('rejects what is denied %s, with a reason for the model', async (_name, engineOf) => {
  const ran: unknown[] = []
  const { read } = aiSdkTools({ read: reader(ran) }, engineOf(), CALLER)
  await expect(read.execute({ table: 'salaries' }, CALL)).rejects.toMatchObject({
    code: 'ERR_CALL_DENIED',
    message: expect.stringMatching(/^Denied by policy \(constraint_violation\): .*Change the arg/),
  })
  expect(ran).toEqual([])
})

it('hands on rewritten arguments', async () => {
  const list = { execute: async ({ limit }: { limit: number }): Promise<number> => limit }
  const guarded = aiSdkTools({ list }, engineFor(), CALLER)
  expect(await guarded.list.execute({ limit: 1000 })).toBe(10)
})

it.each<[string, () => unknown]>([
  ['throws', () => { throw new Error('broken') }], // biome-ignore format: a row of a table
  ['rejects', () => Promise.reject(new Error('broken'))],
])('closes the call of a tool that %s, and hands on its error', async (_name, execute) => {
  const engine = engineFor()
  const { read } = aiSdkTools({ read: { execute } as never }, engine, CALLER) as never as {
    read: { execute(input: object): Promise<unknown> }
  }
  await expect(read.execute({ table: 'orders' })).rejects.toThrow('broken')
  expect(standing(engine)).toEqual(['decision pending allowed', 'outcome failed allowed'])
})

describe('a tool that gives one state after the other', () => {
  async function* states(_input: object): AsyncGenerator<string> {
    yield 'first of ana@example.com'
    yield 'second of ana@example.com'
  }
  const shown = async (stream: unknown): Promise<unknown[]> => {
    const all: unknown[] = []
    for await (const one of stream as AsyncIterable<unknown>) all.push(one)
    return all
  }
  const streaming = [
    ['by a generator', states],
    [
      'by a function that returns a stream',
      (input: object): AsyncIterable<string> => states(input),
    ],
  ] as const

  it.each(streaming)('%s is looked at state by state', async (_name, execute) => {
    const engine = engineFor()
    const { watch } = aiSdkTools({ watch: { execute } }, engine, CALLER)
    const all = await shown(watch.execute({}))
    expect(all).toEqual([
      expect.stringMatching(/^first of (?!ana@)/),
      expect.stringMatching(/^second of (?!ana@)/),
    ])
    expect(standing(engine)).toEqual(['decision pending allowed', 'outcome success allowed'])
  })

  it('gives its last state where judging had to wait', async () => {
    const execute = (input: object): AsyncIterable<string> => states(input)
    const { watch } = aiSdkTools({ watch: { execute } }, slowEngine(), CALLER)
    expect(await watch.execute({})).toEqual(expect.stringMatching(/^second of (?!ana@)/))
  })

  it('does not start where it is denied', async () => {
    const { drop } = aiSdkTools({ drop: { execute: states } }, engineFor(), CALLER)
    await expect(shown(drop.execute({}))).rejects.toMatchObject({ code: 'ERR_CALL_DENIED' })
  })

  it('is closed as failed where nobody reads on', async () => {
    const engine = engineFor()
    const { watch } = aiSdkTools({ watch: { execute: states } }, engine, CALLER)
    for await (const _state of watch.execute({})) break
    expect(standing(engine)).toEqual(['decision pending allowed', 'outcome failed allowed'])
  })

  it('is closed as failed where it breaks', async () => {
    const engine = engineFor()
    async function* breaks(_input: object): AsyncGenerator<string> {
      yield 'first'
      throw new Error('broken')
    }
    const { watch } = aiSdkTools({ watch: { execute: breaks } }, engine, CALLER)
    await expect(shown(watch.execute({}))).rejects.toThrow('broken')
    expect(standing(engine)).toEqual(['decision pending allowed', 'outcome failed allowed'])
  })
})

describe('a call that a person must approve', () => {
  const REFUND = { amount: 5 }
  const messagesWith = (approved: boolean, toolCallId = 'call-1') => [
    {
      role: 'assistant',
      content: [{ type: 'tool-approval-request', approvalId: 'a', toolCallId }],
    },
    { role: 'tool', content: [{ type: 'tool-approval-response', approvalId: 'a', approved }] },
  ]
  const refund = {
    needsApproval: (input: { amount: number }) => input.amount > 100,
    execute: async ({ amount }: { amount: number }, _options?: object): Promise<number> => amount,
  }

  it('is asked for by the SDK where the policy says escalate, or the tool itself', async () => {
    const engine = engineFor()
    const options = { ...CALLER, approvals: { by: 'ana' } }
    const tools = aiSdkTools(
      { refund, read: { execute: refund.execute } as never },
      engine,
      options,
    )
    const asks = (tool: unknown, input: object): unknown =>
      (tool as { needsApproval(input: object, options: object): unknown }).needsApproval(
        input,
        CALL,
      )
    expect(await asks(tools.refund, REFUND)).toBe(true)
    expect(await asks(tools.read, { table: 'orders' })).toBe(false)
    expect(await asks(tools.read, { table: 'salaries' })).toBe(false)
    expect(engine.records()).toEqual([])
  })

  it.each<[string, object, string, unknown]>([
    ['runs with the yes', { messages: messagesWith(true) }, 'ana', 5],
    ['does not run without', {}, 'ana', 'approval_required'],
    ['does not run with the no', { messages: messagesWith(false) }, 'ana', 'approval_required'],
    [
      'does not run with the yes to another call',
      { messages: messagesWith(true, 'call-2') },
      'ana',
      'approval_required',
    ],
    [
      'does not run with a yes that is not the last word',
      { messages: [...messagesWith(true), { role: 'user', content: 'go' }] },
      'ana',
      'approval_required',
    ],
    [
      'does not run with the yes of one who may not',
      { messages: messagesWith(true) },
      'eve',
      'approval_required',
    ],
  ])('%s', async (_name, more, by, want) => {
    const tools = aiSdkTools({ refund }, engineFor(), { ...CALLER, approvals: { by } })
    const got = await tools.refund
      .execute(REFUND, { ...CALL, ...more })
      .catch((error: { decision: { reason: string } }) => error.decision.reason)
    expect(got).toBe(want)
  })

  it('is asked for by the engine where the SDK is not to', async () => {
    const approvals = { ask: async () => ({ outcome: 'approved' as const, by: 'ana' }) }
    const tools = aiSdkTools({ refund }, engineFor({ approvals }), CALLER)
    expect(tools.refund.needsApproval).toBe(refund.needsApproval)
    expect(await tools.refund.execute(REFUND, { ...CALL, messages: messagesWith(false) })).toBe(5)
  })
})

it('refuses a tool that runs elsewhere, unless it is said to', () => {
  const tools = { confirm: { description: 'asks the user' } }
  expect(() => aiSdkTools(tools, engineFor(), CALLER)).toThrow(/`confirm` runs where/)
  const left = aiSdkTools(tools, engineFor(), { ...CALLER, unguarded: ['confirm'] })
  expect(left.confirm).toBe(tools.confirm)
})
