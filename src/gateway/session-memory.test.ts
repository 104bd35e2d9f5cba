import { AsyncLocalStorage } from 'node:async_hooks'
import { afterEach, expect, it, vi } from 'vitest'
import { policyFor, testGateway, text, upstream } from './gateway.fixture.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

it('makes nothing that Node.js keeps for good, for no session and no call', async () => {
  const any = vi.spyOn(AbortSignal, 'any')
  const run = vi.spyOn(AsyncLocalStorage.prototype, 'run')
  const { gateway, agent } = testGateway({
    policy: policyFor('db.*'),
    upstreams: { db: { server: upstream().make } },
  })
  const storages = async (): Promise<number> => {
    const client = await agent()
    await client.listTools()
    expect(await client.callTool({ name: 'db__echo' })).toEqual(text('echo {}'))
    await client.close()
    return new Set(run.mock.contexts).size
  }
  const first = await storages()
  expect(first).toBeGreaterThan(0)
  expect([await storages(), await storages()]).toEqual([first, first])
  expect(any).not.toHaveBeenCalled()
  await gateway.close()
})
