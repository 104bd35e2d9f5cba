import { afterAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../core/model/json.ts'
import type { StepResult } from '../gate-step.ts'
import { commandRunner } from './command-runner.ts'
import { hookGate } from './hook-gate.ts'
import { callOf, openWorkshop, partsWith, policyWith, runOf, until } from './hooks.fixture.ts'
import type { HookPayload, HookReply, HookRunners } from './runners.ts'

const shop = openWorkshop()
afterAll(() => shop.remove())

const prompt = (more: JsonObject = {}): JsonObject => ({ type: 'prompt', prompt: 'fine?', ...more })

/** What the gate says of a call under some hooks of `PreToolUse`. */
async function judged(
  hooks: readonly JsonObject[],
  runners: HookRunners,
  args: JsonObject = {},
): Promise<StepResult & { readonly codes: readonly string[] }> {
  const { parts, diagnostics } = partsWith(runners)
  const policy = policyWith({ PreToolUse: hooks })
  const said = await hookGate(parts)(callOf(policy, 'db.read', args), runOf(policy))
  return { ...said, codes: diagnostics.map(({ code }) => code) }
}

const saying = (...replies: readonly unknown[]): HookRunners => {
  let at = 0
  return { prompt: () => replies[at++] as HookReply }
}

describe('hooks before a call', () => {
  it.each<[string, HookRunners, object]>([
    ['no objection', saying({}), { kind: 'pass' }],
    ['an approval, which is no more than that', saying({ decision: 'approve' }), { kind: 'pass' }],
    [
      'a denial',
      saying({ decision: 'deny', reason: 'not today' }),
      { kind: 'deny', reason: 'explicit_deny', detail: 'not today' },
    ],
    [
      'a denial without a reason',
      saying({ decision: 'block' }),
      { kind: 'deny', reason: 'explicit_deny', detail: '`hooks/PreToolUse/0` denied it' },
    ],
    [
      'a question',
      saying({ decision: 'ask', reason: 'is this wanted?' }),
      { kind: 'escalate', reason: 'approval_required', detail: 'is this wanted?' },
    ],
    [
      'prose',
      saying('sure, go on'),
      { kind: 'deny', reason: 'gate_failed', codes: ['hook_failed'] },
    ],
    [
      'a throw',
      {
        prompt: () => {
          throw new Error('model down')
        },
      },
      { kind: 'deny', reason: 'gate_failed', codes: ['hook_failed'] },
    ],
    [
      'a rejection',
      { prompt: () => Promise.reject(new Error('model down')) },
      { kind: 'deny', reason: 'gate_failed', codes: ['hook_failed'] },
    ],
    [
      'an answer that throws when read',
      saying({
        get decision() {
          throw new Error('no')
        },
      }),
      { kind: 'deny', reason: 'gate_failed', codes: ['hook_failed'] },
    ],
    [
      'no runner',
      {},
      {
        kind: 'deny',
        reason: 'gate_failed',
        detail: '`hooks/PreToolUse/0` failed: there is no runner for hooks of type `prompt`',
        codes: ['hook_no_runner'],
      },
    ],
  ])('with %s', async (_name, runners, verdict) => {
    expect(await judged([prompt()], runners)).toMatchObject(verdict)
  })

  it('that do not answer in time are stopped, and deny', async () => {
    let signal: AbortSignal | undefined
    const runners: HookRunners = {
      prompt: (_prompt, _payload, given) => {
        signal = given
        return new Promise(() => undefined)
      },
    }
    expect(await judged([prompt({ timeout: '20ms' })], runners)).toMatchObject({
      kind: 'deny',
      reason: 'gate_failed',
      detail: '`hooks/PreToolUse/0` failed: it did not answer within 20 ms',
    })
    expect(signal?.aborted).toBe(true)
  })

  it('answer in the same tick where every runner does', () => {
    const { parts } = partsWith(saying({ decision: 'deny' }))
    const policy = policyWith({ PreToolUse: [prompt()] })
    expect(hookGate(parts)(callOf(policy), runOf(policy))).toMatchObject({ kind: 'deny' })
  })

  it('that are meant for other tools are not run, and make nothing', () => {
    const { parts } = partsWith(saying({ decision: 'deny' }))
    const policy = policyWith({ PreToolUse: [prompt({ matcher: 'mail.*' })] })
    const gate = hookGate(parts)
    const first = gate(callOf(policy), runOf(policy))
    expect(first).toEqual({ kind: 'pass' })
    expect(gate(callOf(policy), runOf(policy))).toBe(first)
    expect(gate(callOf(policyWith({})), runOf(policyWith({})))).toBe(first)
    expect(gate(callOf(policy, 'mail.send'), runOf(policy))).toMatchObject({ kind: 'deny' })
  })

  it('are not run for an explanation', () => {
    let runs = 0
    const { parts } = partsWith({ prompt: () => ({ decision: runs++ > 9 ? 'allow' : 'deny' }) })
    const policy = policyWith({ PreToolUse: [prompt(), prompt({ async: true })] })
    expect(hookGate(parts)(callOf(policy), runOf(policy, { dryRun: true }))).toEqual({
      kind: 'pass',
    })
    expect([runs, parts.background.counts().running]).toEqual([0, 0])
  })

  it('are asked again behind an approval, but for those that only watch', async () => {
    const seen: string[] = []
    const { parts } = partsWith({
      prompt: (text) => {
        seen.push(text)
        return {}
      },
    })
    const policy = policyWith({
      PreToolUse: [prompt({ prompt: 'waited' }), prompt({ prompt: 'async', async: true })],
    })
    await hookGate(parts)(callOf(policy), runOf(policy, { approved: true }))
    await parts.background.close()
    expect(seen).toEqual(['waited'])
  })

  it.each<[string, HookRunners['prompt']]>([
    [
      'that heeds its signal',
      (_prompt, _payload, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('stopped')))
        }),
    ],
    ['that does not', () => new Promise(() => undefined)],
  ])('are over when the caller gives up, with a runner %s', async (_name, runner) => {
    const over = new AbortController()
    const { parts, diagnostics } = partsWith({ prompt: runner ?? (() => ({})) })
    const policy = policyWith({ PreToolUse: [prompt({ timeout: '10m' })] })
    const asked = hookGate(parts)(callOf(policy), runOf(policy, { signal: () => over.signal }))
    over.abort()
    expect(await asked).toMatchObject({
      kind: 'deny',
      reason: 'gate_failed',
      detail: '`hooks/PreToolUse/0` failed: nobody waits for it any more',
    })
    expect(diagnostics).toEqual([])
  })

  it('of many calls that share a signal listen to it once', async () => {
    const warnings: string[] = []
    const listener = ({ name }: Error) => warnings.push(name)
    process.on('warning', listener)
    const over = new AbortController()
    const { parts } = partsWith({ prompt: () => new Promise(() => undefined) })
    const policy = policyWith({ PreToolUse: [prompt()] })
    const run = runOf(policy, { signal: () => over.signal })
    const asked = Array.from({ length: 20 }, () => hookGate(parts)(callOf(policy), run))
    await new Promise((resolve) => setImmediate(resolve))
    over.abort()
    await Promise.all(asked)
    process.off('warning', listener)
    expect(warnings).toEqual([])
  })
})

describe('several hooks', () => {
  const later = (reply: HookReply, turns: number): Promise<HookReply> =>
    turns === 0 ? Promise.resolve(reply) : Promise.resolve().then(() => later(reply, turns - 1))

  it.each<[string, readonly unknown[], object]>([
    [
      'the first denial of the file counts, whichever came first',
      [later({ decision: 'deny', reason: 'one' }, 50), { decision: 'deny', reason: 'two' }],
      { kind: 'deny', detail: 'one' },
    ],
    [
      'a failure is a denial like another',
      ['prose', { decision: 'deny', reason: 'two' }],
      { kind: 'deny', reason: 'gate_failed' },
    ],
    [
      'a question gives way to a denial',
      [{ decision: 'ask', reason: 'one' }, later({ decision: 'deny', reason: 'two' }, 5)],
      { kind: 'deny', detail: 'two' },
    ],
    [
      'the first question is asked',
      [{}, { decision: 'ask', reason: 'two' }, { decision: 'ask', reason: 'three' }],
      { kind: 'escalate', detail: 'two' },
    ],
    [
      'an approval takes nothing back',
      [{ decision: 'deny', reason: 'one' }, { decision: 'approve' }],
      { kind: 'deny', detail: 'one' },
    ],
  ])('%s', async (_name, replies, verdict) => {
    const hooks = replies.map(() => prompt())
    expect(await judged(hooks, saying(...replies))).toMatchObject(verdict)
  })

  it('run at the same time', async () => {
    let running = 0
    let release = (): void => undefined
    const together = new Promise<void>((resolve) => {
      release = resolve
    })
    const runners: HookRunners = {
      prompt: async () => {
        if (++running === 3) release()
        await together
        return {}
      },
    }
    expect(await judged([prompt(), prompt(), prompt()], runners)).toMatchObject({ kind: 'pass' })
  })

  it('that nothing waits for change nothing, and say so', async () => {
    const { parts, diagnostics } = partsWith(saying({ decision: 'deny' }))
    const policy = policyWith({ PreToolUse: [prompt({ async: true })] })
    expect(hookGate(parts)(callOf(policy), runOf(policy))).toEqual({ kind: 'pass' })
    await parts.background.close()
    expect(diagnostics).toEqual([
      {
        code: 'hook_ignored',
        message: '`hooks/PreToolUse/0` objected, which changes nothing: nothing waits for it',
      },
    ])
  })
})

describe('what a hook is shown', () => {
  const secret = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`

  it('is the call, without its secrets', async () => {
    let seen: HookPayload | undefined
    const { parts } = partsWith({
      agent: (_name, payload) => {
        seen = payload
        return {}
      },
    })
    const policy = policyWith({ PreToolUse: [{ type: 'agent', agent: 'reviewer' }] })
    const call = callOf(
      policy,
      'mail.send',
      { to: 'a@b.c', token: secret },
      { agent: 'bot', user: 'ana' },
    )
    await hookGate(parts)(call, runOf(policy))
    expect(seen).toEqual({
      hook_event_name: 'PreToolUse',
      session_id: 's1',
      trace_id: 'trace-1',
      call_id: 'call-1',
      sequence: 1,
      agent: 'bot',
      user: 'ana',
      tool_name: 'mail.send',
      server: 'mail',
      verb: 'invoke',
      tool_input: { to: 'a@b.c', token: '********' },
    })
    expect([Object.isFrozen(seen), Object.isFrozen(call.arguments['token'])]).toEqual([true, true])
  })

  it('fills the places of a prompt with JSON, once', async () => {
    let seen = ''
    const { parts } = partsWith({
      prompt: (text) => {
        seen = text
        return {}
      },
    })
    const text = 'May $TOOL_NAME run on $TOOL_INPUT? $& $COST $UNKNOWN'
    const policy = policyWith({ PreToolUse: [prompt({ prompt: text })] })
    await hookGate(parts)(callOf(policy, 'db.read', { q: '$TOOL_NAME "$&"' }), runOf(policy))
    expect(seen).toBe('May "db.read" run on {"q":"$TOOL_NAME \\"$&\\""}? $& $COST $UNKNOWN')
  })

  it('never comes back as a reason: what it says is short, and its secrets are masked', async () => {
    const reason = `leaked ${secret}\u0007\n and so on ${'long '.repeat(300)}`
    const { detail = '' } = (await judged([prompt()], saying({ decision: 'deny', reason }))) as {
      detail?: string
    }
    expect(detail).toMatch(/^leaked \*{8} and so on long long /)
    expect([detail.length, detail.at(-1)]).toEqual([500, '…'])
  })
})

describe('commands before a call', () => {
  const script = shop.script(
    'guard.cjs',
    `let text = ''
process.stdin.on('data', (chunk) => { text += chunk })
process.stdin.on('end', () => {
  const { tool_input: input } = JSON.parse(text)
  if (input.hang) { process.on('SIGTERM', () => undefined); setTimeout(() => process.exit(9), 30000); return }
  if (input.stderr) process.stderr.write(input.stderr)
  if (input.stdout) process.stdout.write(input.stdout)
  process.exitCode = input.exit ?? 0
})`,
  )
  const runners: HookRunners = { command: commandRunner() }
  const hook = (more: JsonObject = {}): JsonObject => ({
    type: 'command',
    command: script,
    timeout: '60s',
    ...more,
  })

  it.each<[string, JsonObject, object]>([
    ['exits 0', {}, { kind: 'pass' }],
    [
      'exits 2',
      { exit: 2, stderr: 'no deletions on Fridays\n' },
      { kind: 'deny', reason: 'explicit_deny', detail: 'no deletions on Fridays' },
    ],
    [
      'exits 1',
      { exit: 1, stderr: 'boom' },
      { kind: 'deny', reason: 'gate_failed', codes: ['hook_failed'] },
    ],
    [
      'denies in JSON',
      { stdout: '{"decision":"deny","reason":"closed"}' },
      { kind: 'deny', reason: 'explicit_deny', detail: 'closed' },
    ],
    [
      'asks in the nested form',
      { stdout: '{"hookSpecificOutput":{"permissionDecision":"ask"}}' },
      { kind: 'escalate', reason: 'approval_required' },
    ],
    ['approves', { stdout: '{"decision":"approve"}' }, { kind: 'pass' }],
  ])('a command that %s', async (_name, args, verdict) => {
    expect(await judged([hook()], runners, args)).toMatchObject(verdict)
  })

  it('a command that hangs and ignores being asked to end denies at its limit', async () => {
    expect(await judged([hook({ timeout: '300ms' })], runners, { hang: true })).toMatchObject({
      kind: 'deny',
      reason: 'gate_failed',
      detail: '`hooks/PreToolUse/0` failed: it did not answer within 300 ms',
    })
  })

  it.each<[string, JsonObject, HookRunners]>([
    ['is not there', { command: 'no-such-command-anywhere' }, runners],
    ['is not allowed', {}, { command: commandRunner({ allow: ['other'] }) }],
    ['needs a shell', { command: 'a | b' }, runners],
  ])('a command that %s denies', async (_name, more, given) => {
    expect(await judged([hook(more)], given)).toMatchObject({
      kind: 'deny',
      reason: 'gate_failed',
      detail: '`hooks/PreToolUse/0` failed: it could not be run',
      codes: ['hook_failed'],
    })
  })
})

describe('hooks in the background', () => {
  it('are 32 at once and 1,000 in line; what is more is dropped, counted and said once', async () => {
    const release: (() => void)[] = []
    const { parts, diagnostics } = partsWith({
      prompt: () => new Promise((resolve) => release.push(() => resolve({}))),
    })
    const policy = policyWith({ PreToolUse: [prompt({ async: true, timeout: '10m' })] })
    const gate = hookGate(parts)
    for (let call = 0; call < 1_040; call++) gate(callOf(policy), runOf(policy))
    expect(parts.background.counts()).toEqual({ running: 32, waiting: 1_000, dropped: 8 })
    expect(diagnostics.map(({ code }) => code)).toEqual(['hook_dropped'])
    await until(() => release.length === 32)
    for (let done = 0; done < 1_032; done++) {
      await until(() => release.length > done)
      expect(parts.background.counts().running).toBeLessThanOrEqual(32)
      release[done]?.()
    }
    await parts.background.close()
    expect(parts.background.counts()).toEqual({ running: 0, waiting: 0, dropped: 8 })
  })

  it('have a limit too', async () => {
    const { parts, diagnostics } = partsWith({ prompt: () => new Promise(() => undefined) })
    const policy = policyWith({ PreToolUse: [prompt({ async: true, timeout: '10ms' })] })
    hookGate(parts)(callOf(policy), runOf(policy))
    await parts.background.close()
    expect(diagnostics.map(({ message }) => message)).toEqual([
      '`hooks/PreToolUse/0` failed: it did not answer within 10 ms',
    ])
  })

  it('do not begin within the call', async () => {
    let runs = 0
    const { parts } = partsWith({
      prompt: () => {
        runs++
        return {}
      },
    })
    const policy = policyWith({ PreToolUse: [prompt({ async: true })] })
    hookGate(parts)(callOf(policy), runOf(policy))
    expect(runs).toBe(0)
    await parts.background.close()
    expect(runs).toBe(1)
  })

  it('are not taken any more once closed', async () => {
    const { parts } = partsWith(saying({}))
    const policy = policyWith({ PreToolUse: [prompt({ async: true })] })
    await parts.background.close()
    hookGate(parts)(callOf(policy), runOf(policy))
    expect(parts.background.counts()).toEqual({ running: 0, waiting: 0, dropped: 1 })
  })
})
