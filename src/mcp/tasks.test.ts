import {
  InMemoryTaskMessageQueue,
  InMemoryTaskStore,
} from '@modelcontextprotocol/sdk/experimental/tasks/stores/in-memory.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createTestEngine, type TestEngine } from '../testing/create-test-engine.ts'
import type { Message, Params } from './host.ts'
import { HOSTS, type Host, text, type Wire } from './hosts.fixture.ts'
import { policyOf } from './matrix.fixture.ts'
import { wrapMcpServer } from './wrap-mcp-server.ts'

/** Tasks of v1: a call that is answered later, to whoever made it. */

const MAIL = 'jane.doe@acme.test'
const HOST = HOSTS.find(({ name }) => name === 'sdk 1.32.2') as Host // it has tasks in its core

interface TaskStore {
  createTask(options: object): Promise<{ taskId: string }>
  getTask(id: string): Promise<object>
  getTaskResult(id: string): Promise<object>
  storeTaskResult(id: string, status: string, result: object): Promise<void>
}

interface TaskServer {
  readonly experimental: {
    readonly tasks: {
      registerToolTask(name: string, config: object, handler: object): void
    }
  }
}

let finish: () => Promise<void>
let engine: TestEngine
let wire: Wire

const POLICY = policyOf(['db.work']).replace(
  'bindings:\n  - { agent: bot, roles: [some] }',
  'bindings:\n  - { agent: bot, roles: [some] }\n  - { agent: other, roles: [some] }\nredaction: {}',
)

async function served(wrapped: boolean): Promise<void> {
  const made = HOST.make({
    capabilities: {
      tools: {},
      tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } },
    },
    more: { taskStore: new InMemoryTaskStore(), taskMessageQueue: new InMemoryTaskMessageQueue() },
  })
  const { tasks } = (made.server as TaskServer).experimental
  tasks.registerToolTask(
    'work',
    { inputSchema: { text: z.string().optional() } },
    {
      async createTask(_args: object, { taskStore }: { taskStore: TaskStore }) {
        const task = await taskStore.createTask({ ttl: null })
        finish = () =>
          taskStore.storeTaskResult(task.taskId, 'completed', { content: [text(`to ${MAIL}`)] })
        return { task }
      },
      getTask: (_args: object, extra: { taskStore: TaskStore; taskId: string }) =>
        extra.taskStore.getTask(extra.taskId),
      getTaskResult: (_args: object, extra: { taskStore: TaskStore; taskId: string }) =>
        extra.taskStore.getTaskResult(extra.taskId),
    },
  )
  engine = createTestEngine({ policy: POLICY })
  // Who calls is said in the message here, so that one connection serves several.
  const subject = ({ meta }: { meta: Params | undefined }): { agent: string } => ({
    agent: String(meta?.['who'] ?? 'bot'),
  })
  if (wrapped) wrapMcpServer(made.server, engine, { server: 'db', subject })
  wire = await HOST.connect(made)
}

async function start(who = 'bot'): Promise<{ id: string; answer: Message }> {
  const answer = await wire.speak('tools/call', {
    name: 'work',
    arguments: {},
    task: { ttl: 60_000 },
    _meta: { who },
  })
  const { task } = (answer.result ?? {}) as { task?: { taskId: string } }
  return { id: task?.taskId ?? '', answer }
}

const ask = (method: string, id: string, who = 'bot'): Promise<Message> =>
  wire.speak(method, { taskId: id, _meta: { who } })

describe('tasks', () => {
  beforeEach(() => served(true))

  it('are started, watched, fetched and cancelled by who may call the tool', async () => {
    const { id } = await start()
    expect((await ask('tasks/get', id)).result).toMatchObject({ taskId: id, status: 'working' })
    await finish()
    expect((await ask('tasks/get', id)).result).toMatchObject({ status: 'completed' })
    expect(JSON.stringify(await ask('tasks/result', id))).toContain('to ********')
    const second = await start()
    expect((await ask('tasks/cancel', second.id)).result).toMatchObject({ status: 'cancelled' })
    await wire.close()
    const outcomes = engine
      .records()
      .filter(
        ({ kind, resource, verb }) =>
          kind === 'outcome' && resource === 'db.work' && verb === 'invoke',
      )
    expect(outcomes.map(({ status }) => status)).toEqual(['success', 'cancelled'])
  })

  it('give what was cleaned, however often it is fetched', async () => {
    const { id } = await start()
    await finish()
    for (let round = 0; round < 2; round++) {
      const answer = JSON.stringify(await ask('tasks/result', id))
      expect(answer).toContain('to ********')
      expect(answer).not.toContain(MAIL)
    }
    await wire.close()
  })

  it('wait for their result, as calls do', async () => {
    const { id } = await start()
    const result = ask('tasks/result', id)
    await finish()
    expect(JSON.stringify(await result)).toContain('to ********')
    await wire.close()
  })

  it('cannot be started by who may not call the tool', async () => {
    const { id, answer } = await start('stranger')
    expect(id).toBe('')
    expect(JSON.stringify(answer)).toContain('Tool work not found')
    await wire.close()
  })

  it.each(['tasks/get', 'tasks/result', 'tasks/cancel'])(
    'are unknown to others by %s, byte for byte',
    async (method) => {
      const { id } = await start()
      await finish()
      const others = [
        await ask(method, id, 'other'),
        await ask(method, id, 'stranger'),
        await ask(method, 'no-such-task'),
      ].map(({ error, result }) => JSON.stringify({ error, result }).replace('no-such-task', id))
      await wire.close()
      await served(false)
      const { error, result } = await ask(method, 'no-such-task')
      await wire.close()
      const bare = JSON.stringify({ error, result }).replace('no-such-task', id)
      expect(others).toEqual([bare, bare, bare])
    },
  )

  it('are listed to who has started them alone', async () => {
    const { id } = await start()
    await start('other')
    const list = async (who: string): Promise<string[]> => {
      const { result } = await wire.speak('tasks/list', { _meta: { who } })
      return (result as { tasks: { taskId: string }[] }).tasks.map(({ taskId }) => taskId)
    }
    expect(await list('bot')).toEqual([id])
    expect(await list('other')).toHaveLength(1)
    expect(await list('stranger')).toEqual([])
    await wire.close()
  })
})
