import { describe, expect, it } from 'vitest'
import { memorySink } from '../../audit/memory.ts'
import type { CallDeniedError } from '../../core/model/errors.ts'
import type { JsonObject } from '../../core/model/json.ts'
import { HOOK_EVENTS } from '../../core/policy/schema/sections.ts'
import { engineWith } from '../engine.fixture.ts'
import type { EngineOptions } from '../options.ts'
import type { HookEvent } from './events.ts'
import { policyWith } from './hooks.fixture.ts'
import type { HookPayload, HookReply, HookRunners } from './runners.ts'

const prompt = (more: JsonObject = {}): JsonObject => ({ type: 'prompt', prompt: 'fine?', ...more })
const saying = (reply: unknown): HookRunners => ({ prompt: () => reply as HookReply })
const NO = { decision: 'deny', reason: 'not this' }

async function hooked(
  event: HookEvent,
  runners: HookRunners,
  more: Partial<EngineOptions> = {},
  payload: JsonObject = {},
) {
  const policy = policyWith({ [event]: [prompt()] })
  const { engine, diagnostics } = engineWith({ policy, hooks: runners, ...more })
  const tool = event.includes('ToolUse') ? { tool_name: 'db.read' } : {}
  let error: unknown
  try {
    await engine.hook(event, { session_id: 's1', agent: 'bot', ...tool, ...payload })
  } catch (caught) {
    error = caught
  }
  return { error: error as CallDeniedError | undefined, codes: diagnostics.map(({ code }) => code) }
}

describe('an event the host tells of', () => {
  it.each(HOOK_EVENTS)('%s runs its hooks', async (event) => {
    let seen: HookPayload | undefined
    const runners: HookRunners = {
      prompt: (_text, payload) => {
        seen = payload
        return {}
      },
    }
    expect(await hooked(event, runners)).toEqual({ error: undefined, codes: [] })
    expect(seen).toMatchObject({ hook_event_name: event, session_id: 's1', agent: 'bot' })
  })

  it.each<[HookEvent, boolean]>([
    ['PreToolUse', true],
    ['PostToolUse', true],
    ['PostToolUseFailure', false],
    ['SessionStart', false],
    ['SessionEnd', false],
    ['UserPromptSubmit', true],
    ['Notification', false],
    ['Stop', false],
    ['SubagentStart', true],
    ['SubagentStop', false],
  ])('%s can be denied: %s', async (event, denies) => {
    const { error, codes } = await hooked(event, saying(NO))
    expect([error?.code, codes]).toEqual(
      denies ? ['ERR_CALL_DENIED', []] : [undefined, ['hook_ignored']],
    )
  })

  it.each<[HookEvent, HookRunners, string | undefined, string]>([
    ['UserPromptSubmit', saying('prose'), 'gate_failed', 'hook_failed'],
    ['UserPromptSubmit', {}, 'gate_failed', 'hook_no_runner'],
    ['PreToolUse', {}, 'gate_failed', 'hook_no_runner'],
    ['PostToolUse', saying('prose'), undefined, 'hook_failed'],
    ['SubagentStart', {}, undefined, 'hook_no_runner'],
    ['Stop', saying('prose'), undefined, 'hook_failed'],
  ])('%s whose hook fails or is not run (%j)', async (event, runners, reason, code) => {
    const { error, codes } = await hooked(event, runners)
    expect([error?.decision.reason, codes]).toEqual([reason, [code]])
  })

  it('throws what a denied call throws', async () => {
    const { error } = await hooked('UserPromptSubmit', saying(NO))
    expect(error?.message).toBe('call denied by `hooks`: explicit_deny: not this')
    expect(error?.decision).toMatchObject({
      effect: 'deny',
      gate: 'hooks',
      reason: 'explicit_deny',
      enforced: true,
    })
  })

  it('denies what a hook wants a person to look at: nobody can be asked here', async () => {
    const { error } = await hooked('UserPromptSubmit', saying({ decision: 'ask' }))
    expect(error?.decision.reason).toBe('approval_required')
  })

  it('records a denial before it throws', async () => {
    const sink = memorySink()
    await hooked('UserPromptSubmit', saying(NO), { audit: [sink] })
    expect(sink.records()).toMatchObject([
      {
        status: 'denied',
        session_id: 's1',
        agent: 'bot',
        effect: 'deny',
        reason: 'explicit_deny',
        gate: 'hooks',
        enforced: true,
      },
    ])
  })

  it('only records it in observe mode', async () => {
    const sink = memorySink()
    const { error } = await hooked('UserPromptSubmit', saying(NO), {
      audit: [sink],
      mode: 'observe',
    })
    expect([error, sink.records()[0]?.enforced]).toEqual([undefined, false])
  })

  it('is held against the matchers by the name of its payload', async () => {
    const policy = policyWith({ Notification: [prompt({ matcher: 'idle' })] })
    let runs = 0
    const hooks: HookRunners = {
      prompt: () => {
        runs++
        return {}
      },
    }
    const { engine } = engineWith({ policy, hooks })
    await engine.hook('Notification', { name: 'busy' })
    await engine.hook('Notification')
    expect(runs).toBe(0)
    await engine.hook('Notification', { name: 'idle' })
    expect(runs).toBe(1)
  })

  it('shows no secret, and is what it was when it came', async () => {
    let seen: HookPayload | undefined
    const policy = policyWith({ UserPromptSubmit: [prompt()] })
    const { engine } = engineWith({
      policy,
      hooks: {
        prompt: async (_text, payload) => {
          seen = payload
          return {}
        },
      },
    })
    const payload = {
      prompt: `use ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`,
      hook_event_name: 'Stop',
    }
    const waiting = engine.run({ session: 's9' }, () => engine.hook('UserPromptSubmit', payload))
    payload.prompt = 'changed'
    await waiting
    expect(seen).toEqual({
      hook_event_name: 'UserPromptSubmit',
      session_id: 's9',
      prompt: 'use ********',
    })
  })

  it('is judged by the policy of the run context’s subject, else of the one it names', async () => {
    const strict = policyWith({ UserPromptSubmit: [prompt()] })
    const policy: EngineOptions['policy'] = ({ tenant }) => {
      if (tenant === 'gone') throw new Error('no such tenant')
      return tenant === 'strict' ? strict : policyWith({})
    }
    const { engine, diagnostics } = engineWith({ policy, hooks: saying(NO) })
    const reasonOf = (payload: JsonObject): string => {
      try {
        void engine.hook('UserPromptSubmit', payload)
        return 'allowed'
      } catch (error) {
        return (error as CallDeniedError).decision.reason
      }
    }
    const named = (tenant: string) => ({ agent: 'bot', user: 'ana', tenant })
    expect([
      reasonOf({}),
      reasonOf(named('strict')),
      reasonOf(named('gone')),
      engine.run({ subject: named('open') }, () => reasonOf(named('strict'))),
      engine.run({ subject: named('strict') }, () => reasonOf(named('open'))),
    ]).toEqual(['allowed', 'explicit_deny', 'gate_failed', 'allowed', 'explicit_deny'])
    expect(diagnostics.map(({ code }) => code)).toEqual(['hook_failed'])
    expect(engine.hook('Stop', named('gone'))).toBeUndefined()
  })

  it('is nothing where no hook is meant: no promise, no copy', () => {
    const { engine } = engineWith()
    expect(engine.hook('Stop', {})).toBeUndefined()
  })

  it.each<[string, unknown, unknown]>([
    ['an unknown event', 'BeforeTool', {}],
    ['no event', undefined, {}],
    ['a name of every object', 'constructor', {}],
    ['a payload that is a list', 'Stop', []],
    ['a payload with a function', 'Stop', { run: () => 1 }],
    ['a payload of a class', 'Stop', new Date()],
    ['a payload that is too large', 'Stop', { text: 'x'.repeat(1024 * 1024) }],
    ['a payload with too many values', 'Stop', { list: Array.from({ length: 50_001 }, () => 0) }],
    ['a name that is no text', 'Notification', { name: 7 }],
    ['a session that is no text', 'Stop', { session_id: 7 }],
    ['no tool for an event of tools', 'PreToolUse', {}],
    ['a tool’s name that is none', 'PreToolUse', { tool_name: 'a b' }],
  ])('is refused with %s', (_name, event, payload) => {
    const { engine } = engineWith()
    expect(() => engine.hook(event as HookEvent, payload as JsonObject)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
  })

  it('is refused once the engine is closed', async () => {
    const { engine } = engineWith()
    await engine.close()
    expect(() => engine.hook('Stop')).toThrow(
      expect.objectContaining({ code: 'ERR_ENGINE_CLOSED' }),
    )
  })
})

describe('an engine', () => {
  const policy = policyWith({ PreToolUse: [prompt()], Stop: [{ type: 'command', command: 'x' }] })

  it('says when it is made which hooks nothing can run', () => {
    const { diagnostics, engine } = engineWith({ policy, hooks: saying({}) })
    expect(diagnostics).toEqual([
      {
        code: 'hook_no_runner',
        message:
          'nothing can run `hooks/Stop/0`: the engine was given no runner for hooks of type `command`; where it may object, the call is denied',
      },
    ])
    engine.reload(policy)
    expect(diagnostics).toHaveLength(1)
    engine.reload(policyWith({ Stop: [{ type: 'agent', agent: 'x' }] }))
    expect(diagnostics).toHaveLength(2)
  })

  it.each<[unknown]>([[null], [[]], ['sh'], [{ comand: () => 1 }], [{ command: 'sh' }]])(
    'does not take %j for runners',
    (hooks) => {
      expect(() => engineWith({ policy, hooks: hooks as HookRunners })).toThrow(
        expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
      )
    },
  )

  it('runs what is under way to its end before it closes', async () => {
    let isDone = false
    const { engine } = engineWith({
      policy: policyWith({ Stop: [prompt({ async: true })] }),
      hooks: {
        prompt: async () => {
          await new Promise((resolve) => setTimeout(resolve, 20))
          isDone = true
          return {}
        },
      },
    })
    await engine.hook('Stop')
    await engine.close()
    expect(isDone).toBe(true)
  })
})
