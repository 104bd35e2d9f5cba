import { createTestEngine, type TestEngine } from '../../testing/create-test-engine.ts'
import type { Params } from '../host.ts'
import { HOSTS, type Host, type HostServer, type Told, text, type Wire } from '../hosts.fixture.ts'
import type { WrapMcpOptions } from '../options.ts'
import { wrapMcpServer } from '../wrap-mcp-server.ts'

/** Those that can ask their client. */
export const ASKING = HOSTS.filter(({ major, isOldest }) => !(major === 1 && isOldest))
export const LEGACY = ASKING.filter(({ era }) => era === 'legacy')
export const MODERN = ASKING.filter(({ era }) => era === 'modern')
export const OLDEST = HOSTS.filter(({ major, isOldest }) => major === 1 && isOldest)

export function refundPolicy(approvals = '{}', effect = 'escalate'): string {
  return `
servers: [shop]
tools:
  - { name: shop.refund, server: shop }
  - { name: shop.wipe, server: shop, tags: [destructive] }
  - { name: shop.pay, server: shop, tags: [payment] }
unlisted: allow
approvals: ${approvals}
roles:
  - name: clerk
    rules:
      - { effect: ${effect}, resources: [shop.refund, shop.wipe, shop.pay], verbs: [invoke] }
      - { effect: escalate, resources: ['prompt:shop/*', 'resource:shop/*'], verbs: [invoke] }
bindings:
  - { agent: bot, roles: [clerk] }
  - { agent: other, roles: [clerk] }
`
}

export type Answer = (params: Params) => unknown

export const YES: Answer = () => ({ action: 'accept', content: { approve: true } })
export const NO: Answer = () => ({
  action: 'accept',
  content: { approve: false, reason: 'too much' },
})
export const DECLINE: Answer = () => ({ action: 'decline' })
export const DISMISS: Answer = () => ({ action: 'cancel' })

export interface StageOptions extends Partial<WrapMcpOptions> {
  readonly answer?: Answer
  readonly policy?: string
  readonly engine?: TestEngine
  readonly handler?: (args: Params, told: Told) => unknown
}

export interface Stage {
  readonly engine: TestEngine
  readonly made: HostServer
  readonly wire: Wire
  /** Arguments of the calls that reached the tool. */
  readonly ran: Params[]
  /** What the client was asked. */
  readonly asked: Params[]
  /** Calls `shop.refund` with this text. */
  refund(text?: string, meta?: Params): Promise<Reply>
  call(tool: string, args?: Params, meta?: Params): Promise<Reply>
}

/** An answer in short: `ran`, or the reason of a denial. */
export interface Reply {
  readonly said: string
  readonly approval: string | undefined
  readonly text: string
}

export async function stageOf(host: Host, options: StageOptions = {}): Promise<Stage> {
  const { answer = YES, policy = refundPolicy(), handler, ...wrap } = options
  const engine = options.engine ?? createTestEngine({ policy })
  const ran: Params[] = []
  const asked: Params[] = []
  const made = host.make()
  const { engine: _, ...rest } = wrap
  wrapMcpServer(made.server, engine, {
    server: 'shop',
    subject: { agent: 'bot', user: 'ben' },
    approvals: 'elicitation',
    ...rest,
  })
  for (const tool of ['refund', 'wipe', 'pay'])
    made.tool(tool, (args, told) => {
      ran.push(args)
      return handler?.(args, told) ?? { content: [text('ran')] }
    })
  made.prompt(
    'greet',
    () => ({ messages: [] }),
    () => ['hello'],
  )
  made.resource('note://one', (uri) => ({ contents: [{ uri, text: 'note' }] }))
  const wire = await host.connect(made, {
    answers: {
      'elicitation/create': (params) => {
        asked.push(params)
        return answer(params)
      },
    },
  })
  const call: Stage['call'] = async (name, args = { text: 'a' }, meta) =>
    replyOf(await wire.client.callTool({ name, arguments: args, ...(meta ? { _meta: meta } : {}) }))
  return {
    engine,
    made,
    wire,
    ran,
    asked,
    call,
    refund: (said = 'a', meta) => call('refund', { text: said }, meta),
  }
}

export function replyOf(result: unknown): Reply {
  const { content, _meta: meta } = result as { content?: Params[]; _meta?: Params }
  const decision = meta?.['callgate/decision'] as { reason: string } | undefined
  const approval = meta?.['callgate/approval']
  const first = String(content?.[0]?.['text'])
  return {
    said: decision?.reason ?? first,
    approval: typeof approval === 'string' ? approval : undefined,
    text: first,
  }
}

/** States of all approvals, oldest first. */
export async function statesOf(engine: TestEngine): Promise<string[]> {
  return (await engine.approvals.list()).map(({ state }) => state)
}

/** A promise, and what settles it. */
export function gate<T>(): { readonly opened: Promise<T>; open(value: T): void } {
  let open: (value: T) => void = () => undefined
  const opened = new Promise<T>((resolve) => {
    open = resolve
  })
  return { opened, open: (value) => open(value) }
}
