import { describe, expect, it } from 'vitest'
import type { CompiledPolicy } from '../../core/policy/compile.ts'
import { callOf, partsWith, policyWith } from './hooks.fixture.ts'
import type { HookPayload } from './runners.ts'
import { createSessionHooks } from './session-hooks.ts'

const both = {
  SessionStart: [{ type: 'agent', agent: 'a' }],
  SessionEnd: [{ type: 'agent', agent: 'a' }],
}

function hooksWith(policyFor: () => CompiledPolicy = () => policyWith(both)) {
  const seen: string[] = []
  const payloads: HookPayload[] = []
  const { parts, diagnostics } = partsWith({
    agent: (_name, payload) => {
      seen.push(`${payload['hook_event_name']} ${payload['session_id']} ${payload['user'] ?? '-'}`)
      payloads.push(payload)
      return { decision: 'deny' }
    },
  })
  return { hooks: createSessionHooks(parts, policyFor), seen, payloads, diagnostics }
}

describe('hooks of a session', () => {
  it('are told of its start and, once, of its end; neither can be denied', async () => {
    const { hooks, seen, payloads, diagnostics } = hooksWith()
    const policy = policyWith(both)
    await hooks.started(policy, callOf(policy))
    await hooks.ended('s1', 'terminated')
    await hooks.ended('s1', 'ended')
    expect(seen).toEqual(['SessionStart s1 -', 'SessionEnd s1 -'])
    expect(payloads[1]).toMatchObject({ name: 'terminated', agent: 'bot' })
    expect(diagnostics.map(({ code }) => code)).toEqual(['hook_ignored', 'hook_ignored'])
  })

  it('are told of the end for each principal, and not twice for one that came back', async () => {
    const { hooks, seen } = hooksWith()
    const policy = policyWith(both)
    const by = (user: string) => callOf(policy, 'db.read', {}, { agent: 'bot', user })
    for (const user of ['ana', 'ben', 'ana']) await hooks.started(policy, by(user))
    await hooks.ended('s1', 'ended')
    expect(seen.slice(3)).toEqual(['SessionEnd s1 ben', 'SessionEnd s1 ana'])
  })

  it('are told only of the principals that are meant', async () => {
    const { hooks, seen } = hooksWith()
    const policy = policyWith(both)
    const by = (user: string, tenant: string) =>
      callOf(policy, 'db.read', {}, { agent: 'bot', user, tenant })
    for (const user of ['ana', 'ben']) await hooks.started(policy, by(user, 'one'))
    await hooks.started(policy, by('cleo', 'two'))
    await hooks.ended('s1', 'ended', { tenant: 'two' })
    await hooks.ended('s1', 'ended', { subject: { tenant: 'one', user: 'ben' } })
    await hooks.ended('s1', 'ended', { subject: { user: 'ana' } })
    await hooks.ended('s1', 'ended')
    expect(seen.slice(3)).toEqual(['SessionEnd s1 cleo', 'SessionEnd s1 ben', 'SessionEnd s1 ana'])
  })

  it('are held against their matchers by how a session ended', async () => {
    const policy = policyWith({
      SessionEnd: [{ type: 'agent', agent: 'a', matcher: 'terminated' }],
    })
    const { hooks, seen } = hooksWith(() => policy)
    await hooks.started(policy, callOf(policy))
    await hooks.ended('s1', 'ended')
    await hooks.started(policy, callOf(policy))
    await hooks.ended('s1', 'terminated')
    expect(seen).toEqual(['SessionEnd s1 -'])
  })

  it('hear nothing of sessions that never began', () => {
    const { hooks, seen } = hooksWith()
    expect([hooks.ended('other', 'ended'), seen]).toEqual([undefined, []])
  })

  it('are those of the policy of the moment', async () => {
    const { hooks, seen } = hooksWith(() => policyWith({}))
    const policy = policyWith(both)
    await hooks.started(policy, callOf(policy))
    await hooks.ended('s1', 'ended')
    expect(seen).toEqual(['SessionStart s1 -'])
  })

  it('are left out, and said to be, where no policy can be chosen', async () => {
    const { hooks, diagnostics } = hooksWith(() => {
      throw new Error('the tenant is gone')
    })
    const policy = policyWith({ SessionEnd: both.SessionEnd })
    await hooks.started(policy, callOf(policy))
    await hooks.ended('s1', 'ended')
    expect(diagnostics.map(({ code }) => code)).toEqual(['hook_failed'])
  })

  it('cost nothing without any', () => {
    const { hooks } = hooksWith()
    const policy = policyWith({})
    expect(hooks.started(parsed, callOf(policy))).toBeUndefined()
    expect(hooks.ended('s1', 'ended')).toBeUndefined()
  })
})

const parsed = { ...policyWith({}), document: {} }
