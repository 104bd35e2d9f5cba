import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../core/model/json.ts'
import { afterTool } from './after-tool.ts'
import { callOf, partsWith, policyWith } from './hooks.fixture.ts'
import type { HookPayload, HookReply, HookRunners } from './runners.ts'

const outcome = () => ({ arguments: { table: 'orders' }, response: [{ id: 1 }], error: null })
const prompt = (more: JsonObject = {}): JsonObject => ({ type: 'prompt', prompt: 'fine?', ...more })

async function said(event: string, runners: HookRunners, ok = true) {
  const { parts, diagnostics } = partsWith(runners)
  const policy = policyWith({ [event]: [prompt()] })
  const denial = await afterTool(parts, policy, callOf(policy), ok, outcome)
  return { denial, codes: diagnostics.map(({ code }) => code) }
}
const saying = (reply: unknown): HookRunners => ({ prompt: () => reply as HookReply })

describe('hooks after a call', () => {
  it.each<[string, HookRunners, object | undefined, readonly string[]]>([
    ['no objection', saying({}), undefined, []],
    [
      'a denial, which withholds the response',
      saying({ decision: 'deny', reason: 'too much' }),
      { reason: 'explicit_deny', detail: 'too much' },
      [],
    ],
    [
      'a question, which nobody can be asked any more',
      saying({ decision: 'ask', reason: 'too much?' }),
      { reason: 'explicit_deny', detail: 'too much?' },
      [],
    ],
    ['a failure, which is only reported', saying('prose'), undefined, ['hook_failed']],
    ['no runner, which is only reported', {}, undefined, ['hook_no_runner']],
  ])('with %s', async (_name, runners, denial, codes) => {
    expect(await said('PostToolUse', runners)).toEqual({ denial, codes })
  })

  it('of a call that failed have nothing to withhold', async () => {
    expect(await said('PostToolUseFailure', saying({ decision: 'deny' }), false)).toEqual({
      denial: undefined,
      codes: ['hook_ignored'],
    })
    expect(await said('PostToolUse', saying({ decision: 'deny' }), false)).toEqual({
      denial: undefined,
      codes: [],
    })
  })

  it.each<[boolean, object]>([
    [true, { hook_event_name: 'PostToolUse', tool_response: [{ id: 1 }] }],
    [false, { hook_event_name: 'PostToolUseFailure', error: 'TypeError' }],
  ])('are shown the request with what came of it (%s)', async (ok, more) => {
    let seen: HookPayload | undefined
    const { parts } = partsWith({
      prompt: (_text, payload) => {
        seen = payload
        return {}
      },
    })
    const policy = policyWith({ PostToolUse: [prompt()], PostToolUseFailure: [prompt()] })
    await afterTool(parts, policy, callOf(policy), ok, () => ({
      arguments: { table: 'orders' },
      response: [{ id: 1 }],
      error: 'TypeError',
    }))
    expect(seen).toMatchObject({
      session_id: 's1',
      tool_name: 'db.read',
      tool_input: { table: 'orders' },
      ...more,
    })
  })

  it('that are meant for other tools make nothing', () => {
    const { parts } = partsWith(saying({ decision: 'deny' }))
    const policy = policyWith({ PostToolUse: [prompt({ matcher: 'mail.*' })] })
    const unread = () => {
      throw new Error('not to be asked')
    }
    expect(afterTool(parts, policy, callOf(policy), true, unread)).toBeUndefined()
  })

  it('are not shown secrets that the caller left in', async () => {
    let seen: HookPayload | undefined
    const { parts } = partsWith({
      prompt: (_text, payload) => {
        seen = payload
        return {}
      },
    })
    const policy = policyWith({ PostToolUse: [prompt()] })
    const secret = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`
    await afterTool(parts, policy, callOf(policy), true, () => ({ ...outcome(), response: secret }))
    expect(seen?.['tool_response']).toBe('********')
  })

  it('withhold a response that cannot be shown to them', async () => {
    const { parts, diagnostics } = partsWith(saying({}))
    const policy = policyWith({ PostToolUse: [prompt()], PostToolUseFailure: [prompt()] })
    const broken = () => {
      throw new Error('unreadable')
    }
    expect(afterTool(parts, policy, callOf(policy), true, broken)).toMatchObject({
      reason: 'gate_failed',
    })
    expect(afterTool(parts, policy, callOf(policy), false, broken)).toBeUndefined()
    expect(diagnostics.map(({ code }) => code)).toEqual(['hook_failed', 'hook_failed'])
  })
})
