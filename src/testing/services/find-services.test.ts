import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { findService, leaveOut, type ServiceName } from './find-services.fixture.ts'
import { installed } from './start-service.fixture.ts'

const NOTHING = { find: () => undefined }

/** A port of which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

describe('findService', () => {
  it.each<[ServiceName, string]>([
    ['postgres', 'CALLGATE_TEST_POSTGRES_URL'],
    ['redis', 'CALLGATE_TEST_REDIS_URL'],
    ['nats', 'CALLGATE_TEST_NATS_URL'],
  ])('says what to install where there is no %s', async (name, variable) => {
    const found = await findService(name, { env: {}, binaries: NOTHING, port: await closedPort() })

    expect(found).toMatchObject({ kind: 'missing', install: expect.stringContaining(variable) })
  })

  it.each<[ServiceName, string, string]>([
    ['postgres', 'CALLGATE_TEST_POSTGRES_URL', 'postgres'],
    ['redis', 'CALLGATE_TEST_REDIS_URL', 'redis'],
    ['nats', 'CALLGATE_TEST_NATS_URL', 'nats'],
  ])(
    'fails where %s does not answer at the address that was given',
    async (name, variable, scheme) => {
      const env = { [variable]: `${scheme}://127.0.0.1:${await closedPort()}` }

      await expect(findService(name, { env, binaries: installed })).rejects.toThrow(variable)
    },
  )

  it.each<[ServiceName, string]>([
    ['postgres', 'postgres'],
    ['redis', 'redis-server'],
    ['nats', 'nats-server'],
  ])(
    'starts a %s of its own, and ends it',
    async (name, program) => {
      const found = await findService(name, {
        env: {},
        binaries: installed,
        port: await closedPort(),
      })
      if (installed.find(program) === undefined) {
        expect(found.kind).toBe('missing')
        return
      }
      if (found.kind !== 'startable') throw new Error(`it is ${found.kind}`)
      const running = await found.start()
      const port = Number(new URL(running.url).port)

      expect(await findService(name, { env: {}, binaries: NOTHING, port })).toMatchObject({
        kind: 'running',
      })
      const folder = name === 'postgres' ? await folderOf(running.url) : undefined
      await running.end()

      expect(await findService(name, { env: {}, binaries: NOTHING, port })).toMatchObject({
        kind: 'missing',
      })
      expect(folder === undefined ? false : existsSync(folder)).toBe(false)
    },
    60_000,
  )
})

async function folderOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ data_directory: string }>('show data_directory')
  await client.end()
  return rows[0]?.data_directory ?? ''
}

describe('leaveOut', () => {
  it.each([
    ['skips a suite', {}, 'skip'],
    ['fails on CI', { CI: 'true' }, 'fail'],
  ])('%s, and says so in one line', (_what, env, wanted) => {
    const lines: string[] = []

    expect(leaveOut('the sink', 'install it', { env, print: (line) => lines.push(line) })).toBe(
      wanted,
    )
    expect(lines).toEqual(['left out: the sink: install it\n'])
  })
})
