import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { jsonlSink } from '../../../audit/jsonl/jsonl-sink.ts'
import { trailFolder } from '../../../audit/query/trail.fixture.ts'
import { compilePolicy } from '../../../core/policy/parse.ts'
import { createPolicyEngine } from '../../../engine/create-policy-engine.ts'
import { audit } from './audit.fixture.ts'

const RATES = { base: { mcp: 0.001 }, burst_multiplier: 2_000 } // two calls at once, then none for long
const BUDGETS = { disabled: true, budgets: [{ name: 'few', per: 'user', calls: 2 }] }

/** A ledger of two agents that have called more often than twice: one four times, one three times. */
async function ledger(limits: object): Promise<string> {
  const cwd = trailFolder({})
  const policy = compilePolicy({
    roles: [{ name: 'reader', rules: [{ resources: ['db.*'], verbs: ['invoke'] }] }],
    bindings: [
      { agent: 'bot', roles: ['reader'] },
      { agent: 'crawler', roles: ['reader'] },
    ],
    limits,
  } as Parameters<typeof compilePolicy>[0]) // written as a policy file has it
  const engine = createPolicyEngine({
    policy,
    audit: [jsonlSink({ path: join(cwd, 'audit.jsonl') })],
  })
  const call = async (agent: string, user: string, page: number) => {
    const request = { session: agent, resource: 'db.read', arguments: { page } }
    const done = engine.guard({ ...request, subject: { agent, user } }, () => 'rows')
    await done.catch(() => undefined)
  }
  for (let page = 0; page < 4; page++) await call('bot', 'ana', page)
  for (let page = 0; page < 3; page++) await call('crawler', 'ben', page)
  await engine.close()
  return cwd
}

describe('calls that a limit refused, in the same trail as all others', () => {
  it.each([
    ['rate_limited', RATES],
    ['budget_exceeded', BUDGETS],
  ])('are found as `%s` of the last hour, and counted by caller', async (reason, limits) => {
    const cwd = await ledger(limits)
    const chosen = `audit.jsonl --reason ${reason} --since 1h --format json`
    const { records } = JSON.parse((await audit(`query ${chosen}`, cwd)).stdout)
    const { agents, users, reasons } = JSON.parse((await audit(`stats ${chosen}`, cwd)).stdout)
    const callers = records.map(({ agent, gate }: Record<string, string>) => [agent, gate])
    expect({ callers, agents, users, reasons }).toEqual({
      callers: [
        ['bot', 'rate_limit'],
        ['bot', 'rate_limit'],
        ['crawler', 'rate_limit'],
      ],
      agents: [
        ['bot', 2],
        ['crawler', 1],
      ],
      users: [
        ['ana', 2],
        ['ben', 1],
      ],
      reasons: [[reason, 3]],
    })
  })

  it('are counted by agent and by user for people too', async () => {
    const { stdout } = await audit('stats audit.jsonl --reason rate_limited', await ledger(RATES))
    expect(stdout).toMatch(
      /by agent\n {2}bot +2\n {2}crawler +1\n\nby user\n {2}ana +2\n {2}ben +1\n/,
    )
  })
})
