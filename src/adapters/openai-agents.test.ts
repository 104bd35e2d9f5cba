import { expect, it } from 'vitest'
import { CALLER, engineFor, standing } from './frameworks.fixture.ts'
import { guardAgentTools } from './openai-agents.ts'

// Doubles of the shapes that the Agents SDK documents: its own code is no dependency of this project.
// Under the real SDK the same is held by src/scripts/check-adapters.mjs.

const DETAILS = { toolCall: { callId: 'call-1' } }
type Invoke = (context: unknown, input: string, details?: object) => Promise<unknown>
const toolOf = (name: string, invoke: Invoke) => ({
  type: 'function',
  name,
  invoke,
  needsApproval: async (_context: unknown, _input: unknown, _id?: string) => false,
})
const echo: Invoke = async (_context, input) => ({ ...JSON.parse(input), by: 'ana@example.com' })

const ran = async (name: string, input: string, engine = engineFor()): Promise<unknown> => {
  const [tool] = guardAgentTools([toolOf(name, echo)], engine, CALLER)
  return tool?.invoke({}, input, DETAILS)
}

it('runs what is allowed and cleans what comes back', async () => {
  const engine = engineFor()
  const output = await ran('read', '{"table":"orders"}', engine)
  expect(output).toEqual({ table: 'orders', by: expect.not.stringContaining('ana@') })
  expect(engine.records()[0]).toMatchObject({ resource: 'db.read', tool_call_id: 'call-1' })
})

it.each<[string, string, string, string]>([
  ['a denied call', 'read', '{"table":"salaries"}', 'constraint_violation'],
  ['an unknown tool', 'drop', '{}', 'no_matching_rule'],
  ['input that is no JSON', 'read', '{"table":', 'malformed_request'],
  ['input that is no object', 'read', '[]', 'malformed_request'],
])('answers %s by the reason, which the model reads', async (_name, tool, input, reason) => {
  expect(await ran(tool, input)).toEqual(expect.stringContaining(`Denied by policy (${reason})`))
})

it('hands on rewritten arguments', async () => {
  expect(await ran('list', '{"limit":1000}')).toMatchObject({ limit: 10 })
})

it('hands on the error of a tool, and closes its call', async () => {
  const engine = engineFor()
  const broken = toolOf('read', () => Promise.reject(new Error('broken')))
  const [tool] = guardAgentTools([broken], engine, CALLER)
  await expect(tool?.invoke({}, '{"table":"orders"}')).rejects.toThrow('broken')
  expect(standing(engine)).toEqual(['decision pending allowed', 'outcome failed allowed'])
})

it.each<[string, boolean | undefined, unknown]>([
  ['has agreed', true, { amount: 5 }],
  ['has refused', false, expect.stringContaining('approval_required')],
  ['was not asked', undefined, expect.stringContaining('approval_required')],
])('asks a person through the SDK, and runs only where one %s', async (_name, answer, want) => {
  const options = { ...CALLER, approvals: { by: 'ana' } }
  const pay = toolOf('refund', async (_context, input) => JSON.parse(input))
  const [tool] = guardAgentTools([pay], engineFor(), options)
  expect(await tool?.needsApproval({}, { amount: 5 }, 'call-1')).toBe(true)
  const asked: unknown[] = []
  const context = {
    isToolApproved(call: object) {
      asked.push(call)
      return answer
    },
  }
  expect(await tool?.invoke(context, '{"amount":5}', DETAILS)).toEqual(want)
  expect(asked).toEqual([{ toolName: 'refund', callId: 'call-1' }])
})

it('keeps what a tool says of approvals itself', async () => {
  const own = { ...toolOf('read', echo), needsApproval: async () => true }
  const [same] = guardAgentTools([own], engineFor(), CALLER)
  expect(same?.needsApproval).toBe(own.needsApproval)
  const [both] = guardAgentTools([own], engineFor(), { ...CALLER, approvals: { by: 'ana' } })
  expect(await both?.needsApproval()).toBe(true)
})

it('refuses a hosted tool, unless it is said to be one', () => {
  const hosted = { type: 'hosted_tool', name: 'web_search' }
  expect(() => guardAgentTools([hosted], engineFor(), CALLER)).toThrow(/`web_search` runs where/)
  const unguarded = { ...CALLER, unguarded: ['web_search'] }
  expect(guardAgentTools([hosted], engineFor(), unguarded)[0]).toBe(hosted)
})
