import { afterAll, describe, expect, it } from 'vitest'
import { memorySink } from '../../audit/memory.ts'
import type { CallRequest } from '../../core/model/call.ts'
import type { CallDeniedError } from '../../core/model/errors.ts'
import type { JsonObject } from '../../core/model/json.ts'
import { parsePolicy } from '../../core/policy/parse.ts'
import { engineWith } from '../engine.fixture.ts'
import { commandRunner } from './command-runner.ts'
import { openWorkshop, policyWith } from './hooks.fixture.ts'
import type { HookReply, HookRunners } from './runners.ts'

const shop = openWorkshop()
afterAll(() => shop.remove())

const CALL: CallRequest = {
  session: 's1',
  subject: { agent: 'bot', user: 'ana' },
  resource: 'db.read',
  arguments: { table: 'orders' },
}
const prompt = (more: JsonObject = {}): JsonObject => ({ type: 'prompt', prompt: 'fine?', ...more })
const saying = (reply: unknown): HookRunners => ({ prompt: () => reply as HookReply })

async function outcomeOf(
  hooks: JsonObject,
  runners: HookRunners,
  more = {},
  dispatch = () => 'rows',
) {
  const { engine, diagnostics } = engineWith({ policy: policyWith(hooks), hooks: runners, ...more })
  const said = await engine.guard(CALL, dispatch).catch((error: CallDeniedError) => error.decision)
  return { said, codes: diagnostics.map(({ code }) => code), engine }
}

describe('hooks of a guarded call', () => {
  it.each<[string, HookRunners, object | string]>([
    ['do not object', saying({}), 'rows'],
    [
      'deny',
      saying({ decision: 'deny', reason: 'closed' }),
      { effect: 'deny', gate: 'hooks', reason: 'explicit_deny', detail: 'closed' },
    ],
    ['are run by nothing', {}, { gate: 'hooks', reason: 'gate_failed' }],
    [
      'ask, and nobody can be asked',
      saying({ decision: 'ask' }),
      { gate: 'hooks', reason: 'approval_required' },
    ],
  ])('before it: %s', async (_name, runners, said) => {
    const result = await outcomeOf({ PreToolUse: [prompt()] }, runners)
    if (typeof said === 'string') expect(result.said).toBe(said)
    else expect(result.said).toMatchObject(said)
  })

  it('keep the line synchronous where they are', () => {
    const { engine } = engineWith({
      policy: policyWith({ PreToolUse: [prompt()] }),
      hooks: saying({ decision: 'deny' }),
    })
    expect(engine.begin(CALL)).toMatchObject({ permitted: false })
    expect(engine.explain(CALL)).toMatchObject({ decision: { effect: 'allow' } })
  })

  it('permit nothing that the policy denies, and are not even asked', async () => {
    let runs = 0
    const { engine } = engineWith({
      policy: parsePolicy(`
roles: [{ name: none, rules: [{ effect: deny, resources: ["*"], verbs: [invoke] }] }]
bindings: [{ agent: bot, roles: [none] }]
hooks: { PreToolUse: [{ type: agent, agent: a }] }
`),
      hooks: {
        agent: () => {
          runs++
          return { decision: 'approve' }
        },
      },
    })
    expect(await engine.begin(CALL)).toMatchObject({ decision: { effect: 'deny', gate: 'rbac' } })
    expect(runs).toBe(0)
  })

  it('may take longer than other gates: their limit is their own', async () => {
    const runners: HookRunners = {
      prompt: () => new Promise((resolve) => setTimeout(() => resolve({}), 60)),
    }
    const { said } = await outcomeOf({ PreToolUse: [prompt({ timeout: '1m' })] }, runners, {
      limits: { gateTimeoutMs: 20 },
    })
    expect(said).toBe('rows')
  })

  it('after it: a denial withholds the response, and its record says so', async () => {
    const sink = memorySink()
    const { said } = await outcomeOf(
      { PostToolUse: [prompt()] },
      saying({ decision: 'deny', reason: 'too much' }),
      { audit: [sink] },
    )
    expect(said).toMatchObject({
      gate: 'hooks',
      reason: 'explicit_deny',
      detail: 'the response was withheld: too much',
    })
    expect(sink.records().at(-1)).toMatchObject({ kind: 'outcome', status: 'success' })
    expect(sink.records().at(-1)?.error).toContain('ERR_CALL_DENIED')
  })

  it('after it: observing, nothing is withheld', async () => {
    const { said } = await outcomeOf({ PostToolUse: [prompt()] }, saying({ decision: 'deny' }), {
      mode: 'observe',
    })
    expect(said).toBe('rows')
  })

  it('after it failed: the error is the caller’s, its name the hook’s', async () => {
    const seen: unknown[] = []
    const { said } = await outcomeOf(
      { PostToolUse: [prompt()], PostToolUseFailure: [prompt()] },
      {
        prompt: (_text, payload) => {
          seen.push(payload['hook_event_name'], payload['error'], payload['tool_response'])
          return {}
        },
      },
      {},
      () => {
        throw new TypeError('secret message')
      },
    )
    expect(said).toBeUndefined()
    expect(seen).toEqual(['PostToolUseFailure', 'TypeError', undefined])
  })

  it('of a session are told once of its start and of its end', async () => {
    const seen: string[] = []
    const runners: HookRunners = {
      prompt: (_text, payload) => {
        seen.push(`${payload['hook_event_name']} ${payload['name'] ?? '-'}`)
        return { decision: 'deny' }
      },
    }
    const { engine, said } = await outcomeOf(
      { SessionStart: [prompt()], SessionEnd: [prompt()], PreToolUse: [prompt({ matcher: 'x' })] },
      runners,
    )
    await engine.guard(CALL, () => 1)
    await engine.explain({ ...CALL, session: 's2' })
    await engine.endSession('s1')
    await engine.guard(CALL, () => 1)
    await engine.terminate('s1', { by: 'ops' })
    await engine.terminate('s1', { by: 'ops' })
    expect([said, seen]).toEqual([
      'rows',
      ['SessionStart -', 'SessionEnd ended', 'SessionStart -', 'SessionEnd terminated'],
    ])
  })

  it('are commands that agent tools know', async () => {
    const command = shop.script(
      'guard.cjs',
      `let text = ''
process.stdin.on('data', (chunk) => { text += chunk })
process.stdin.on('end', () => {
  const { tool_name: tool, tool_input: input } = JSON.parse(text)
  if (input.table === 'orders') process.exit(0)
  console.error('no reading of ' + input.table + ' by ' + tool)
  process.exit(2)
})`,
    )
    const policy = policyWith({
      PreToolUse: [{ type: 'command', command, matcher: 'db.*', timeout: '1m' }],
    })
    const { engine } = engineWith({ policy, hooks: { command: commandRunner() } })
    expect(await engine.guard(CALL, () => 'rows')).toBe('rows')
    const { decision } = await engine.begin({ ...CALL, arguments: { table: 'salaries' } })
    expect(decision).toMatchObject({
      effect: 'deny',
      gate: 'hooks',
      detail: 'no reading of salaries by db.read',
    })
  })
})
