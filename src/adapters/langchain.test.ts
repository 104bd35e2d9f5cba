import { expect, it } from 'vitest'
import { CALLER, engineFor, standing } from './frameworks.fixture.ts'
import { langchainMiddleware } from './langchain.ts'

// Doubles of the shapes that LangChain.js documents: its own code is no dependency of this project.
// Under the real one the same is held by src/scripts/check-adapters.mjs.

class ToolMessage {
  readonly content: unknown
  readonly tool_call_id: string
  readonly name: string
  readonly status: string
  readonly artifact: unknown
  constructor(fields: {
    content: unknown
    tool_call_id: string
    name: string
    status: string
    artifact?: unknown
  }) {
    this.content = fields.content
    this.tool_call_id = fields.tool_call_id
    this.name = fields.name
    this.status = fields.status
    this.artifact = fields.artifact
  }
}
interface Request {
  readonly toolCall: { readonly name: string; readonly args: object; readonly id: string }
  readonly runtime: object
}
const requestOf = (name: string, args: object): Request => ({
  toolCall: { name, args, id: 'call-1' },
  runtime: {},
})
const said = (content: unknown, more: object = {}): ToolMessage =>
  new ToolMessage({ content, tool_call_id: 'call-1', name: 'read', status: 'success', ...more })
const ORDERS = requestOf('read', { table: 'orders' })

const under = (engine = engineFor()) => langchainMiddleware(engine, { ...CALLER, ToolMessage })

it('hands on the very message of an allowed call that needs no cleaning', async () => {
  const message = said('3 rows')
  expect(await under().wrapToolCall(ORDERS, () => message)).toBe(message)
})

it.each<[string, ToolMessage, object]>([
  ['text', said('of ana@example.com'), { status: 'success' }],
  ['blocks', said([{ type: 'text', text: 'of ana@example.com' }]), { status: 'success' }],
  ['an artifact', said('rows', { artifact: { by: 'ana@example.com' } }), { content: 'rows' }],
  ['an error', said('no ana@example.com', { status: 'error' }), { status: 'error' }],
])('cleans %s of a message', async (_name, message, more) => {
  const released = await under().wrapToolCall(ORDERS, async () => message)
  expect(released).toBeInstanceOf(ToolMessage)
  expect(released).toMatchObject({ tool_call_id: 'call-1', name: 'read', ...more })
  expect(JSON.stringify(released)).not.toContain('ana@')
})

it('answers a denied call by a message that the model reads', async () => {
  let runs = 0
  const request = requestOf('read', { table: 'salaries' })
  const answer = await under().wrapToolCall(request, () => said(++runs))
  expect(answer).toEqual(
    said(expect.stringContaining('Denied by policy (constraint_violation)'), { status: 'error' }),
  )
  expect(runs).toBe(0)
})

it('hands on rewritten arguments, and the rest of the request', async () => {
  const request = requestOf('list', { limit: 1000 })
  const seen: Request[] = []
  await under().wrapToolCall(request, (given) => {
    seen.push(given)
    return said('rows')
  })
  expect(seen).toEqual([{ ...request, toolCall: { ...request.toolCall, args: { limit: 10 } } }])
})

it('hands on the error of a tool, and closes its call', async () => {
  const engine = engineFor()
  const broken = under(engine).wrapToolCall(ORDERS, () => Promise.reject(new Error('broken')))
  await expect(broken).rejects.toThrow('broken')
  expect(standing(engine)).toEqual(['decision pending allowed', 'outcome failed allowed'])
})

it('hands on the signals of the graph as they are', async () => {
  const interrupt = Object.assign(new Error('interrupt'), {
    is_bubble_up: true,
    interrupts: [{ value: 'ask ana@example.com' }],
  })
  const interrupted = under().wrapToolCall(ORDERS, () => Promise.reject(interrupt))
  await expect(interrupted).rejects.toBe(interrupt)
})

it.each<[string, object, unknown]>([
  ['goes on as it is', { update: { messages: ['3 rows'] } }, { update: { messages: ['3 rows'] } }],
  [
    'is withheld where something had to be taken out of it',
    { update: { messages: ['of ana@example.com'] } },
    expect.objectContaining({ content: expect.stringContaining('withheld'), status: 'error' }),
  ],
])('a command %s', async (_name, command, want) => {
  expect(await under().wrapToolCall(ORDERS, () => command)).toEqual(want)
})

it('needs the class of messages', () => {
  expect(() => langchainMiddleware(engineFor(), CALLER as never)).toThrow(/`ToolMessage` is/)
})
