import { randomBytes } from 'node:crypto'
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  type InputRequests,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import { result } from './features.ts'
import { text } from './samples.ts'

/** Tools of the 2026-07-28 protocol: they ask their client by what they answer, in rounds. */

/** One key for all servers: each request has a server of its own. */
export const STATES = createRequestStateCodec<string>({ key: randomBytes(32) })

const NAME = inputRequired.elicit({
  message: 'What is your name?',
  requestedSchema: z.object({ name: z.string() }),
})
const CONFIRMED = inputRequired.elicit({
  message: 'Please confirm',
  requestedSchema: z.object({ ok: z.boolean() }),
})
const COLOR = inputRequired.elicit({
  message: 'Step 2: What is your favorite color?',
  requestedSchema: z.object({ color: z.string() }),
})
const CONTEXT = inputRequired.elicit({
  message: 'What context should the prompt use?',
  requestedSchema: z.object({ context: z.string() }),
})
const ROOTS = inputRequired.listRoots()

function question(content: string): InputRequests[string] {
  return inputRequired.createMessage({
    messages: [{ role: 'user', content: text(content) }],
    maxTokens: 100,
  })
}

const CAPITAL = question('What is the capital of France?')
const GREETING = question('Generate a greeting')

/** What is asked at once. What is wrong or missing in the answers is asked for again. */
interface Round {
  readonly asks: InputRequests
  /** Sealed, and handed to the next round. */
  readonly state?: string
}

async function asking({ asks, state }: Round, ctx: ServerContext): Promise<InputRequiredResult> {
  return inputRequired({
    inputRequests: asks,
    ...(state === undefined ? {} : { requestState: await STATES.mint(state, ctx) }),
  })
}

function isAnswered({ asks, state }: Round, ctx: ServerContext): boolean {
  if (state !== undefined && ctx.mcpReq.requestState() !== state) return false
  return Object.keys(asks).every((key) => {
    const view = inputResponse(ctx.mcpReq.inputResponses, key)
    return view.kind === 'elicit' ? view.action === 'accept' : view.kind !== 'missing'
  })
}

const ROUNDS: Readonly<Record<string, { readonly round: Round; readonly done: string }>> = {
  test_input_required_result_sampling: {
    round: { asks: { capital_question: CAPITAL } },
    done: 'The model has answered',
  },
  test_input_required_result_list_roots: {
    round: { asks: { client_roots: ROOTS } },
    done: 'There are roots',
  },
  test_input_required_result_request_state: {
    round: { asks: { confirm: CONFIRMED }, state: 'confirming' },
    done: 'state-ok',
  },
  test_input_required_result_multiple_inputs: {
    round: {
      asks: { user_name: NAME, greeting: GREETING, client_roots: ROOTS },
      state: 'asking for all',
    },
    done: 'All is answered',
  },
  test_input_required_result_tampered_state: {
    round: { asks: { confirm: CONFIRMED }, state: 'untouched' },
    done: 'state-ok',
  },
  test_missing_capability: { round: { asks: { question: CAPITAL } }, done: 'Answered' },
  test_streaming_elicitation: { round: { asks: { user_name: NAME } }, done: 'Answered' },
}

export function addRounds(server: McpServer): void {
  for (const [name, { round, done }] of Object.entries(ROUNDS))
    server.registerTool(name, { description: 'Asks its client' }, (ctx) =>
      isAnswered(round, ctx) ? result(done) : asking(round, ctx),
    )
  server.registerTool(
    'test_input_required_result_elicitation',
    { description: 'Asks for a name' },
    (ctx) => {
      const given = acceptedContent(
        ctx.mcpReq.inputResponses,
        'user_name',
        z.object({ name: z.string() }),
      )
      return given === undefined
        ? asking({ asks: { user_name: NAME } }, ctx)
        : result(`Hello, ${given.name}!`)
    },
  )
  server.registerTool(
    'test_input_required_result_multi_round',
    { description: 'Asks twice' },
    (ctx) => {
      const first: Round = { asks: { step1: NAME }, state: 'first' }
      const second: Round = { asks: { step2: COLOR }, state: 'second' }
      if (isAnswered(second, ctx)) return result('Both are answered')
      return asking(isAnswered(first, ctx) ? second : first, ctx)
    },
  )
  server.registerTool(
    'test_input_required_result_capabilities',
    { description: 'Asks only what its client can answer' },
    (ctx) => {
      const envelope: Readonly<Record<string, unknown>> = { ...ctx.mcpReq.envelope }
      const can = z.looseObject({}).parse(envelope[CLIENT_CAPABILITIES_META_KEY])
      return asking(
        {
          asks: {
            ...(can['sampling'] === undefined ? {} : { capital_question: CAPITAL }),
            ...(can['elicitation'] === undefined ? {} : { user_name: NAME }),
          },
        },
        ctx,
      )
    },
  )
  server.registerPrompt(
    'test_input_required_result_prompt',
    { description: 'Asks for its context' },
    (ctx) => {
      const round: Round = { asks: { user_context: CONTEXT } }
      if (!isAnswered(round, ctx)) return asking(round, ctx)
      return { messages: [{ role: 'user', content: text('With the context that was given.') }] }
    },
  )
}
