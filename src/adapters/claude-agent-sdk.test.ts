import { expect, it, vi } from 'vitest'
import { type ClaudeOptions, claudeHooks } from './claude-agent-sdk.ts'
import { engineFor, standing } from './frameworks.fixture.ts'

// Doubles of the shapes that the Claude Agent SDK declares: its own code is no dependency of this
// project. That its types take ours is held by src/scripts/check-adapters.mjs.

const CALLER = { subject: { agent: 'bot' } } as const
const BASE = { session_id: 'session-1', tool_use_id: 'use-1' }
const { signal } = new AbortController()

function under(engine = engineFor(), options: ClaudeOptions = CALLER) {
  const { hooks, canUseTool } = claudeHooks(engine, options)
  const call = (event: keyof typeof hooks, input: object): Promise<unknown> | undefined =>
    hooks[event][0]?.hooks[0]?.({ ...BASE, ...input }, 'use-1', { signal })
  return {
    canUseTool,
    before: (name: string, args: unknown, more: object = {}) =>
      call('PreToolUse', { tool_name: name, tool_input: args, ...more }),
    after: (response: unknown) => call('PostToolUse', { tool_response: response }),
    failed: (error: string) => call('PostToolUseFailure', { error }),
  }
}
const denied = (reason: string): object => ({
  hookSpecificOutput: {
    hookEventName: 'PreToolUse',
    permissionDecision: 'deny',
    permissionDecisionReason: expect.stringContaining(reason),
  },
})

it('says nothing of what is allowed, so that the rules of the SDK still hold, and lets it by where none decides', async () => {
  const engine = engineFor()
  const { before, after, canUseTool } = under(engine)
  expect(await before('mcp__db__read', { table: 'orders' })).toEqual({})
  expect(await canUseTool('mcp__db__read', {}, { toolUseID: 'use-1' })).toEqual({
    behavior: 'allow',
    updatedInput: { table: 'orders' },
  })
  expect(await after('3 rows')).toEqual({})
  expect(engine.records()[0]).toMatchObject({
    resource: 'db.read',
    session_id: 'session-1',
    tool_call_id: 'use-1',
  })
  expect(standing(engine)).toEqual(['decision pending allowed', 'outcome success allowed'])
})

it.each<[string, string, unknown, object, string]>([
  ['a denied call', 'mcp__db__read', { table: 'salaries' }, {}, 'constraint_violation'],
  ['a tool without a rule', 'Bash', { command: 'ls' }, {}, 'no_matching_rule'],
  ['arguments that are none', 'Read', 'orders', {}, 'malformed_request'],
  ['a call that nobody can approve', 'mcp__db__refund', { amount: 5 }, {}, 'approval_required'],
  ['a call that would be rewritten', 'mcp__db__list', { limit: 99 }, {}, 'other arguments'],
  [
    'a server that only seems to be the one',
    'mcp__db__read__x',
    { table: 'orders' },
    {},
    'no_match',
  ],
  [
    'the server that the SDK names',
    'mcp__db__x__read',
    { table: 'orders' },
    { mcp_server: { name: 'db__x', source: 'user' } },
    'no_matching_rule',
  ],
])('denies %s, and says why', async (_name, tool, args, more, reason) => {
  const { before, canUseTool } = under()
  expect(await before(tool, args, more)).toEqual(denied(reason))
  expect(await canUseTool(tool, {}, { toolUseID: 'use-1' })).toMatchObject({ behavior: 'deny' })
})

it('hands on rewritten arguments where it may', async () => {
  const { before } = under(engineFor(), { ...CALLER, rewrites: true })
  expect(await before('mcp__db__list', { limit: 99 })).toEqual({
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'allow',
      updatedInput: { limit: 10 },
    },
  })
})

it('replaces a result that something was taken out of', async () => {
  const { before, after } = under()
  await before('mcp__db__read', { table: 'orders' })
  expect(await after({ rows: ['of ana@example.com'] })).toEqual({
    hookSpecificOutput: {
      hookEventName: 'PostToolUse',
      updatedToolOutput: { rows: [expect.not.stringContaining('ana@')] },
    },
  })
})

it('withholds a result of what was never judged', async () => {
  expect(await under().after('secret')).toEqual({
    decision: 'block',
    reason: expect.stringContaining('withheld'),
    hookSpecificOutput: {
      hookEventName: 'PostToolUse',
      updatedToolOutput: expect.stringContaining('withheld'),
    },
  })
})

it('records what failed', async () => {
  const engine = engineFor()
  const { before, failed } = under(engine)
  await before('mcp__db__read', { table: 'orders' })
  expect(await failed('broken')).toEqual({})
  expect(standing(engine)).toEqual(['decision pending allowed', 'outcome failed allowed'])
})

it('denies before the SDK goes on without an answer', async () => {
  vi.useFakeTimers()
  try {
    const never = { name: 'never', check: () => new Promise<never>(() => undefined) }
    const engine = engineFor({ gates: [never], limits: { gateTimeoutMs: 60_000 } })
    const answer = under(engine, { ...CALLER, timeoutSeconds: 10 }).before('Read', {
      table: 'orders',
    })
    await vi.advanceTimersByTimeAsync(9_000)
    expect(await answer).toEqual(denied('took too long'))
  } finally {
    vi.useRealTimers()
  }
})

it.each([0, 2, Number.NaN, 100_000])('refuses a limit of %s seconds', (timeoutSeconds) => {
  expect(() => claudeHooks(engineFor(), { timeoutSeconds })).toThrow(/`timeoutSeconds` is/)
})
