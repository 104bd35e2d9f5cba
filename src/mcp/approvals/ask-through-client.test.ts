import { describe, expect, it } from 'vitest'
import { parsePolicy } from '../../core/policy/parse.ts'
import { ruleOf } from '../../engine/behavior.fixture.ts'
import { createTestEngine, type TestEngine } from '../../testing/create-test-engine.ts'
import {
  type Answer,
  ASKING,
  DECLINE,
  DISMISS,
  gate,
  NO,
  OLDEST,
  refundPolicy,
  stageOf,
  statesOf,
  YES,
} from './approvals.fixture.ts'

const policyThat = (effect: string) => parsePolicy(refundPolicy('{}', effect))

describe.each(ASKING)('$name', (host) => {
  it('runs a call once its person has said yes', async () => {
    const { refund, ran, asked, engine } = await stageOf(host)
    expect(await refund()).toMatchObject({ said: 'ran' })
    expect({ ran, asked: asked.length, states: await statesOf(engine) }).toEqual({
      ran: [{ text: 'a' }],
      asked: 1,
      states: ['used'],
    })
  })

  it.each([
    ['no', NO],
    ['decline', DECLINE],
  ])('refuses a call whose person says %s', async (_, answer) => {
    const { refund, ran, engine } = await stageOf(host, { answer })
    expect(await refund()).toMatchObject({ said: 'approval_denied' })
    expect({ ran, states: await statesOf(engine) }).toEqual({ ran: [], states: ['denied'] })
  })

  it('tells the agent why a person has refused', async () => {
    const { refund } = await stageOf(host, { answer: NO })
    expect((await refund()).text).toContain('a person refused this call: too much')
  })

  it.each<[string, Answer]>([
    ['nothing', DISMISS],
    ['a yes in the wrong words', () => ({ action: 'accept', content: { approve: 'true' } })],
    ['a yes without content', () => ({ action: 'accept' })],
  ])('takes %s for no answer: somebody else may still give one, once', async (_, answer) => {
    const { refund, ran, engine } = await stageOf(host, { answer })
    const first = await refund()
    expect(first.said).toBe('approval_required')
    const [entry] = await engine.approvals.list({ state: 'pending' })
    expect(first.approval).toBe(entry?.id)
    expect(first.text).toContain(`Approval ${entry?.id}.`)
    const presented = { 'callgate/approval': first.approval }
    expect((await refund('a', presented)).said).toBe('approval_required')
    await engine.approvals.approve(String(first.approval), { by: 'ana' })
    expect((await refund('b', presented)).said).toBe('approval_mismatch')
    expect((await refund('a', presented)).said).toBe('ran')
    expect((await refund('a', presented)).said).toBe('approval_used')
    expect(ran).toEqual([{ text: 'a' }])
  })

  it('asks once about a call that comes again and again, and lets it out when somebody has approved it', async () => {
    const { refund, asked, engine, ran } = await stageOf(host, { answer: DISMISS })
    const first = await refund()
    const again = [await refund(), await refund()]
    expect(again.map(({ said, approval }) => ({ said, approval }))).toEqual(
      again.map(() => ({ said: 'approval_required', approval: first.approval })),
    )
    expect((await engine.approvals.list({ state: 'pending' })).map(({ id }) => id)).toEqual([
      first.approval,
    ])
    await engine.approvals.approve(String(first.approval), { by: 'ana' })
    expect((await refund()).said).toBe('ran')
    expect({ asked: asked.length, ran }).toEqual({ asked: 1, ran: [{ text: 'a' }] })
  })

  it('asks anew about a call that was refused', async () => {
    const { refund, asked } = await stageOf(host, { answer: NO })
    expect([(await refund()).said, (await refund()).said, asked.length]).toEqual([
      'approval_denied',
      'approval_denied',
      2,
    ])
  })

  it.each(['wipe', 'pay'])('asks a client of low trust nothing about `%s`', async (tool) => {
    const low = await stageOf(host)
    expect((await low.call(tool)).said).toBe('approval_required')
    expect((await low.call(tool)).said).toBe('approval_required')
    expect({ asked: low.asked, states: (await statesOf(low.engine)).sort() }).toEqual({
      asked: [],
      states: ['expired', 'pending'],
    })
    const high = await stageOf(host, { approvals: { trust: 'high' } })
    expect([(await high.call(tool)).said, high.asked.length]).toEqual(['ran', 1])
  })

  it('asks a client of low trust nothing about calls that the session is doubted for', async () => {
    const doubting = (): TestEngine =>
      createTestEngine({
        policy: refundPolicy('{}', 'allow'),
        rules: [ruleOf('request', { action: 'ask' })],
      })
    const low = await stageOf(host, { engine: doubting() })
    const high = await stageOf(host, { engine: doubting(), approvals: { trust: 'high' } })
    expect([(await low.refund()).said, low.asked.length]).toEqual(['approval_required', 0])
    expect([(await high.refund()).said, high.asked.length]).toEqual(['ran', 1])
  })

  it.each([
    ['is not among the approvers', '{ approvers: [ana] }', undefined, 0],
    ['is the one who asks', '{}', 'ben', 0],
    ['is the one who asks, by another spelling', '{}', 'user:Ben', 0],
    ['is nobody', '{}', () => '', 0],
    ['is not known', '{}', () => { throw new Error('down') }, 0], // biome-ignore format: one line a case
    ['is an approver', '{ approvers: [ana] }', () => 'ana', 1],
    ['may approve what they ask', '{ four_eyes: false }', 'ben', 1],
  ])('goes by the policy where whoever answers %s', async (_, approvals, by, asks) => {
    const options = by === undefined ? {} : { approvals: { by } }
    const { refund, asked } = await stageOf(host, { policy: refundPolicy(approvals), ...options })
    expect([(await refund()).said, asked.length]).toEqual([
      asks === 1 ? 'ran' : 'approval_required',
      asks,
    ])
  })

  it('records who has answered: the client, by the name of its agent', async () => {
    const { refund, engine } = await stageOf(host)
    await refund()
    const answers = engine
      .records()
      .filter(({ kind, status }) => kind === 'approval' && status === 'success')
    expect(answers.map(({ user_id }) => user_id)).toEqual(['client:bot'])
  })

  it('shows the call as escaped text without secrets, and asks for a flat form', async () => {
    const policy = `${refundPolicy()}secrets: { enabled: false }\n`
    const { refund, asked } = await stageOf(host, { policy })
    await refund(`\u202e\u001b[2J ${['gh', 'p_Ab3dEf6hIj9lMn2pQr5tUv8xYz1bCd4fGh7j'].join('')}`)
    const { message, requestedSchema } = asked[0] ?? {}
    expect(message).toContain('agent "bot", user "ben" asks to invoke "shop.refund"')
    expect(message).toContain('\\u{202e}\\u{1b}[2J')
    expect(message).not.toContain('Ab3dEf6h')
    const { properties } = requestedSchema as { properties: Record<string, { type: string }> }
    expect(Object.entries(properties).map(([name, { type }]) => [name, type])).toEqual([
      ['approve', 'boolean'],
      ['reason', 'string'],
    ])
  })

  it('asks for itself: the question is no call of the server', async () => {
    const { refund, engine } = await stageOf(host)
    await refund()
    const resources = new Set(engine.records().map(({ resource }) => resource))
    expect([...resources]).toEqual(['shop.refund'])
  })

  it('asks about two calls at once, and keeps their answers apart', async () => {
    const both = gate<void>()
    let open = 0
    const { refund, ran } = await stageOf(host, {
      answer: async ({ message }) => {
        if (++open === 2) both.open()
        await both.opened
        return String(message).includes('"a"') ? YES({}) : NO({})
      },
    })
    const replies = await Promise.all([refund('a'), refund('b')])
    expect([replies.map(({ said }) => said), ran]).toEqual([
      ['ran', 'approval_denied'],
      [{ text: 'a' }],
    ])
  })

  it('asks once about the same call made twice at once', async () => {
    const answer = gate<unknown>()
    const { refund, ran, asked } = await stageOf(host, { answer: () => answer.opened })
    const first = refund()
    const second = await refund()
    answer.open(YES({}))
    expect([(await first).said, second.said, asked.length, ran.length]).toEqual([
      'ran',
      'approval_required',
      1,
      1,
    ])
  })

  it('puts no more questions to a client than it may have open', async () => {
    const { refund, asked } = await stageOf(host, { answer: DISMISS, approvals: { maxOpen: 2 } })
    for (const said of ['a', 'b', 'c', 'd']) await refund(said)
    expect(asked.length).toBe(2)
  })

  it.each([
    ['terminated', 'session_terminated'],
    ['denied by a new policy', 'explicit_deny'],
    ['no longer escalated', 'allowed'],
  ])(
    'judges the call again when its session or policy changed meanwhile: %s',
    async (what, said) => {
      const stage = await stageOf(host, {
        session: 's1',
        async answer() {
          if (what === 'terminated') await stage.engine.terminate('s1', { by: 'ana' })
          else stage.engine.reload(policyThat(what.startsWith('denied') ? 'deny' : 'allow'))
          return YES({})
        },
      })
      await stage.refund().catch(() => undefined)
      const judged = stage.engine.records().filter(({ kind }) => kind === 'decision')
      expect([judged.at(-1)?.reason, stage.ran.length]).toEqual([said, said === 'allowed' ? 1 : 0])
    },
  )

  it('does not run what a person has refused, though a new policy allows it meanwhile', async () => {
    const stage = await stageOf(host, {
      async answer() {
        stage.engine.reload(policyThat('allow'))
        return NO({})
      },
    })
    expect([(await stage.refund()).said, stage.ran]).toEqual(['approval_denied', []])
  })

  it('takes no answer once the engine is closed', async () => {
    const stage = await stageOf(host, {
      async answer() {
        await stage.engine.close()
        return YES({})
      },
    })
    await stage.refund().catch(() => undefined)
    expect(stage.ran).toEqual([])
  })

  it('asks about prompts and resources too', async () => {
    const { wire, asked } = await stageOf(host)
    await wire.client.getPrompt({ name: 'greet', arguments: { value: 'x' } })
    await wire.client.readResource({ uri: 'note://one' })
    expect(asked.map(({ message }) => /invoke "([^"]*)"/.exec(String(message))?.[1])).toEqual([
      'prompt:shop/greet',
      'resource:shop/note://one',
    ])
  })

  it('names the approval in errors as well', async () => {
    const { wire } = await stageOf(host, { answer: DISMISS })
    const error = await wire.client
      .getPrompt({ name: 'greet', arguments: { value: 'x' } })
      .catch((one) => one)
    expect(error).toMatchObject({
      code: -32001,
      data: {
        'callgate/approval': expect.any(String),
        'callgate/decision': { reason: 'approval_required' },
      },
    })
  })

  it('asks nobody twice where the policy remembers an approval', async () => {
    const { refund, asked } = await stageOf(host, { policy: refundPolicy('{ remember: session }') })
    expect([(await refund()).said, (await refund()).said, asked.length]).toEqual(['ran', 'ran', 1])
  })

  it('asks nobody where it only observes', async () => {
    const engine = createTestEngine({ policy: refundPolicy(), mode: 'observe' })
    const { refund, asked } = await stageOf(host, { engine })
    expect([(await refund()).said, asked.length]).toEqual(['ran', 0])
  })

  it('counts no denial against a session whose calls are approved', async () => {
    const { refund, engine } = await stageOf(host, { session: 's1' })
    for (const said of ['a', 'b', 'c', 'd', 'e', 'f']) expect((await refund(said)).said).toBe('ran')
    expect(engine.session('s1').denied).toBe(0)
  })
})

describe.each(OLDEST)('$name', (host) => {
  it('cannot ask: somebody else must approve the call', async () => {
    const { refund, ran, engine, asked } = await stageOf(host)
    const first = await refund()
    expect([first.said, ran, asked]).toEqual(['approval_required', [], []])
    await engine.approvals.approve(String(first.approval), { by: 'ana' })
    expect((await refund()).said).toBe('ran')
  })
})
