// Runs the adapters under the real frameworks, each with a model that answers from a list. On demand:
//
//     node src/scripts/check-adapters.mjs [folder of the build]
//
// Fetches exact versions into a temporary folder; the project itself depends on none of them.
import { deepStrictEqual, match, ok, strictEqual } from 'node:assert'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const build = resolve(process.argv[2] ?? join(root, 'dist'))
const { createPolicyEngine, parsePolicy } = await import(
  pathToFileURL(join(build, 'index.js')).href
)
const { aiSdkTools, guardAgentTools, langchainMiddleware } = await import(
  pathToFileURL(join(build, 'adapters.js')).href
)

const FRAMEWORKS = [
  { name: 'ai', packages: ['ai@6.0.326', 'zod@4.6.7'], check: checkAiSdk },
  {
    name: 'agents',
    packages: ['@openai/agents@0.20.0', '@modelcontextprotocol/client@2.4.0', 'zod@4.6.7'],
    check: checkAgents,
  },
  {
    name: 'langchain',
    packages: ['langchain@1.5.14', '@langchain/core@1.2.13', 'zod@4.6.7'],
    // What it asks for by range has moved on to a core that is not its own.
    overrides: { '@langchain/langgraph': '1.4.17' },
    check: checkLangChain,
  },
]

// Its model is a program of its own: only its types are held against ours.
const CLAUDE = '@anthropic-ai/claude-agent-sdk@0.3.328'

const POLICY = parsePolicy(`
redaction: { classes: [pii] }
roles:
  - name: support
    rules:
      - { resources: [db.watch], verbs: [invoke] }
      - resources: [db.read]
        verbs: [invoke]
        constraints: { one_of: { field: table, allow: [orders] } }
      - name: A person looks at it
        effect: escalate
        resources: [db.refund]
        verbs: [invoke]
bindings: [{ agent: bot, roles: [support] }]
`)
const OPTIONS = { server: 'db', session: 'session-1', subject: { agent: 'bot' } }

/** What the tools did, and an engine of their own. */
function desk() {
  const ran = []
  const read = ({ table }) => {
    ran.push(`read ${table}`)
    return { rows: [`${table} of ana@example.com`] }
  }
  const refund = ({ amount }) => {
    ran.push(`refund ${amount}`)
    return { paid: amount }
  }
  return { ran, read, refund, engine: createPolicyEngine({ policy: POLICY }) }
}

/** One allowed call, one denied, then the model is done. */
const CALLS = [
  { name: 'read', args: { table: 'orders' } },
  { name: 'read', args: { table: 'salaries' } },
]

function assertGoverned(ran, seen) {
  deepStrictEqual(ran, ['read orders'])
  const text = JSON.stringify(seen)
  match(text, /orders of /)
  ok(!text.includes('ana@example.com'), 'the result is redacted')
  match(text, /Denied by policy \(constraint_violation\)/)
}

/** The SDK's own test model: one call a step, then text. */
function aiModel({ MockLanguageModelV3, simulateReadableStream }, calls, prompts = []) {
  const usage = {
    inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 1, text: 1, reasoning: 0 },
  }
  const next = (prompt) => {
    const call = calls[prompts.length]
    prompts.push(prompt)
    if (call === undefined) return { text: 'done', finishReason: { unified: 'stop' } }
    const toolCallId = `call-${prompts.length}`
    const input = JSON.stringify(call.args)
    const part = { type: 'tool-call', toolCallId, toolName: call.name, input }
    return { part, finishReason: { unified: 'tool-calls' } }
  }
  return new MockLanguageModelV3({
    doGenerate: async ({ prompt }) => {
      const { part, text, finishReason } = next(prompt)
      return { content: [part ?? { type: 'text', text }], finishReason, usage, warnings: [] }
    },
    doStream: async ({ prompt }) => {
      const { part, text, finishReason } = next(prompt)
      const said = [
        { type: 'text-start', id: '1' },
        { type: 'text-delta', id: '1', delta: text },
        { type: 'text-end', id: '1' },
      ]
      const finish = { type: 'finish', finishReason, usage }
      const chunks = [{ type: 'stream-start', warnings: [] }, ...(part ? [part] : said), finish]
      return { stream: simulateReadableStream({ chunks }) }
    },
  })
}

function aiTools({ tool, z }, { read, refund, engine }, more = {}) {
  const tools = {
    read: tool({ inputSchema: z.object({ table: z.string() }), execute: read }),
    refund: tool({ inputSchema: z.object({ amount: z.number() }), execute: refund }),
    watch: tool({
      inputSchema: z.object({ table: z.string() }),
      execute: async function* ({ table }) {
        yield 'first of ana@example.com'
        yield `${table} of ana@example.com`
      },
    }),
  }
  return aiSdkTools(tools, engine, { ...OPTIONS, ...more })
}

async function checkAiSdk(load) {
  const sdk = { ...(await load('ai/test')), ...(await load('ai')), ...(await load('zod')) }
  const stopWhen = sdk.stepCountIs(5)

  const one = desk()
  const prompts = []
  const model = aiModel(sdk, CALLS, prompts)
  const { text } = await sdk.generateText({
    model,
    tools: aiTools(sdk, one),
    prompt: 'go',
    stopWhen,
  })
  strictEqual(text, 'done')
  assertGoverned(one.ran, prompts.at(-1))

  const other = desk()
  const streamed = []
  const streaming = { model: aiModel(sdk, CALLS, streamed), tools: aiTools(sdk, other) }
  await sdk.streamText({ ...streaming, prompt: 'go', stopWhen }).consumeStream()
  assertGoverned(other.ran, streamed.at(-1))

  await checkAiStream(sdk)
  for (const approved of [true, false]) {
    await checkAiApproval(sdk, approved, sdk.generateText)
    await checkAiApproval(sdk, approved, (asked) => sdk.streamText(asked).consumeStream())
  }
}

/** A tool that gives one state after the other. */
async function checkAiStream(sdk) {
  const calls = [{ name: 'watch', args: { table: 'orders' } }]
  const states = []
  const tools = aiTools(sdk, desk())
  const result = sdk.streamText({ model: aiModel(sdk, calls), tools, prompt: 'go' })
  for await (const part of result.fullStream)
    if (part.type === 'tool-result') states.push([part.preliminary === true, part.output])
  strictEqual(states.length, 3)
  deepStrictEqual(
    states.map(([preliminary]) => preliminary),
    [true, true, false],
  )
  ok(states.every(([, output]) => / of /.test(output) && !output.includes('ana@example.com')))
}

/** A person is asked by the SDK: the run ends, and goes on with the answer. */
async function checkAiApproval(sdk, approved, goOn) {
  const one = desk()
  // A server makes its tools anew for each request.
  const toolsOf = () => aiTools(sdk, one, { approvals: { by: 'ana' } })
  const refund = [{ name: 'refund', args: { amount: 5 } }]
  const asking = { model: aiModel(sdk, refund), tools: toolsOf(), prompt: 'go' }
  const first = await sdk.generateText(asking)
  const { approvalId } = first.content.find(({ type }) => type === 'tool-approval-request')
  deepStrictEqual(one.ran, [])
  const answer = { type: 'tool-approval-response', approvalId, approved }
  const messages = [
    { role: 'user', content: 'go' },
    ...first.response.messages,
    { role: 'tool', content: [answer] },
  ]
  await goOn({ model: aiModel(sdk, []), tools: toolsOf(), messages })
  deepStrictEqual(one.ran, approved ? ['refund 5'] : [])
}

async function checkAgents(load) {
  const { Agent, run, setTracingDisabled, tool, Usage } = await load('@openai/agents')
  const { z } = await load('zod')
  setTracingDisabled(true)
  const modelOf = (calls, inputs) => {
    let step = 0
    return {
      async getResponse({ input }) {
        inputs.push(structuredClone(input))
        const call = calls[step++]
        const output =
          call === undefined
            ? {
                type: 'message',
                role: 'assistant',
                status: 'completed',
                content: [{ type: 'output_text', text: 'done' }],
              }
            : {
                type: 'function_call',
                callId: `call-${step}`,
                name: call.name,
                arguments: JSON.stringify(call.args),
                status: 'completed',
              }
        return { usage: new Usage(), output: [output] }
      },
      async *getStreamedResponse() {},
    }
  }
  const agentOf = ({ read, refund, engine }, model, more = {}) =>
    new Agent({
      name: 'bot',
      model,
      tools: guardAgentTools(
        [
          tool({
            name: 'read',
            description: 'reads',
            parameters: z.object({ table: z.string() }),
            execute: read,
          }),
          tool({
            name: 'refund',
            description: 'pays',
            parameters: z.object({ amount: z.number() }),
            execute: refund,
          }),
        ],
        engine,
        { ...OPTIONS, ...more },
      ),
    })

  const one = desk()
  const inputs = []
  const result = await run(agentOf(one, modelOf(CALLS, inputs)), 'go')
  strictEqual(result.finalOutput, 'done')
  assertGoverned(one.ran, inputs.at(-1))

  for (const approved of [true, false]) {
    const asked = desk()
    const refund = [{ name: 'refund', args: { amount: 5 } }]
    const agent = agentOf(asked, modelOf(refund, []), { approvals: { by: 'ana' } })
    const first = await run(agent, 'go')
    strictEqual(first.interruptions.length, 1)
    deepStrictEqual(asked.ran, [])
    if (approved) first.state.approve(first.interruptions[0])
    else first.state.reject(first.interruptions[0])
    strictEqual((await run(agent, first.state)).finalOutput, 'done')
    deepStrictEqual(asked.ran, approved ? ['refund 5'] : [])
  }
}

async function checkLangChain(load) {
  const { AIMessage, createAgent, createMiddleware, ToolMessage, tool } = await load('langchain')
  const { BaseChatModel } = await load('@langchain/core/language_models/chat_models')
  const { z } = await load('zod')
  class ListModel extends BaseChatModel {
    step = 0
    seen = []
    _llmType() {
      return 'list'
    }
    bindTools() {
      return this
    }
    async _generate(messages) {
      this.seen.push(messages.map(({ content }) => content))
      const call = CALLS[this.step++]
      const message =
        call === undefined
          ? new AIMessage('done')
          : new AIMessage({
              content: '',
              tool_calls: [{ ...call, id: `call-${this.step}`, type: 'tool_call' }],
            })
      return { generations: [{ text: '', message }] }
    }
  }
  const { ran, read, engine } = desk()
  const model = new ListModel({})
  const agent = createAgent({
    model,
    tools: [
      tool((input) => JSON.stringify(read(input)), {
        name: 'read',
        description: 'reads',
        schema: z.object({ table: z.string() }),
      }),
    ],
    middleware: [createMiddleware(langchainMiddleware(engine, { ...OPTIONS, ToolMessage }))],
  })
  const { messages } = await agent.invoke({ messages: [{ role: 'user', content: 'go' }] })
  strictEqual(messages.at(-1).content, 'done')
  assertGoverned(ran, model.seen.at(-1))
  const statuses = messages.filter((one) => ToolMessage.isInstance(one)).map((one) => one.status)
  strictEqual(statuses.at(-1), 'error')
}

/** Our types are those that the frameworks take. */
const PROGRAM = `
import { query } from '@anthropic-ai/claude-agent-sdk'
import { Agent, tool as agentTool, webSearchTool } from '@openai/agents'
import { generateText, tool, type LanguageModel } from 'ai'
import type { PolicyEngine } from 'callgate'
import { aiSdkTools, claudeHooks, guardAgentTools, langchainMiddleware } from 'callgate/adapters'
import { createAgent, createMiddleware, ToolMessage } from 'langchain'
import { z } from 'zod'

declare const engine: PolicyEngine
declare const model: LanguageModel
const inputSchema = z.object({ q: z.string() })
const tools = aiSdkTools({ a: tool({ inputSchema, execute: ({ q }) => q.length }) }, engine)
generateText({ model, tools, prompt: '' }).then(({ toolResults }) => {
  for (const one of toolResults) if (!one.dynamic) one.output satisfies number
})
const one = agentTool({ name: 'a', description: '', parameters: inputSchema, execute: ({ q }) => q })
new Agent({ name: 'a', tools: guardAgentTools([one, webSearchTool()], engine) })
createAgent({ model: '', middleware: [createMiddleware(langchainMiddleware(engine, { ToolMessage }))] })
query({ prompt: '', options: { ...claudeHooks(engine) } })
`

function checkTypes(folder) {
  mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true })
  symlinkSync(root, join(folder, 'node_modules', 'callgate'), 'dir')
  writeFileSync(join(folder, 'program.ts'), PROGRAM)
  const settings = '--noEmit --strict --skipLibCheck --module nodenext --target es2023 --types node'
  const places = ['--typeRoots', join(root, 'node_modules', '@types')]
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  run(process.execPath, [compiler, ...settings.split(' '), ...places, 'program.ts'], folder)
}

function run(command, args, cwd) {
  const done = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: 600_000 })
  if (done.status !== 0)
    throw new Error(`${command} ${args.join(' ')}\n${done.stdout}${done.stderr}`)
}

const folder = mkdtempSync(join(tmpdir(), 'callgate-adapters-'))
let failed = 0
async function hold(name, check) {
  try {
    await check()
    console.log(`holds  ${name}`)
  } catch (error) {
    failed++
    console.error(`FAILS  ${name}\n`, error)
  }
}

try {
  const overrides = Object.assign({}, ...FRAMEWORKS.map((one) => one.overrides))
  const manifest = { name: 'frameworks', type: 'module', private: true, overrides }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  const packages = [...new Set([CLAUDE, ...FRAMEWORKS.flatMap((one) => one.packages)])]
  run('npm', ['install', '--no-audit', '--no-fund', '--omit=optional', ...packages], folder)
  const { resolve: place } = createRequire(join(folder, 'package.json'))
  const load = (name) => import(pathToFileURL(place(name)).href)
  for (const { name, check } of FRAMEWORKS) await hold(name, () => check(load))
  await hold('types', async () => checkTypes(folder))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failed === 0 ? 0 : 1
