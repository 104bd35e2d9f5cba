/** Suites that need a service: run where there is one, left out loudly where there is none. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { findService, leaveOut, type ServiceName } from './find-services.fixture.ts'
import type { Running } from './start-service.fixture.ts'

/** A service while the tests of a suite run. */
export interface TestService {
  /** Throws before the suite has begun. */
  readonly url: string
}

/** A PostgreSQL with a schema of the suite's own, which is dropped at its end. */
export interface TestPostgres extends TestService {
  readonly schema: string
  /** One pool for the suite. */
  readonly pool: pg.Pool
  /** Another pool, ended with the suite. */
  open(settings?: pg.PoolConfig): pg.Pool
}

const STARTING_MS = 60_000

function withService(
  service: ServiceName,
  name: string,
  suite: (service: TestService, hooks: Hooks) => void,
): Promise<void> {
  return findService(service).then((found) => {
    if (found.kind === 'missing') {
      const print = (line: string): void => void process.stderr.write(line)
      if (leaveOut(name, found.install, { env: process.env, print }) === 'fail')
        describe(name, () => {
          it(`has its ${service}`, () => {
            throw new Error(found.install)
          })
        })
      else describe.skip(name, () => suite(notYet, NO_HOOKS))
      return
    }
    describe(name, () => {
      const ends: (() => Promise<void>)[] = []
      let running: Running | undefined
      beforeAll(async () => {
        running = found.kind === 'running' ? foreign(found.url) : await found.start()
        // Last, after what the suite has opened.
        ends.unshift(running.end)
      }, STARTING_MS)
      afterAll(async () => {
        for (const end of ends.reverse()) await end()
      }, STARTING_MS)
      const service = {
        get url() {
          return running?.url ?? notYet.url
        },
      }
      suite(service, { atEnd: (end) => ends.push(end) })
    })
  })
}

interface Hooks {
  atEnd(end: () => Promise<void>): void
}
const NO_HOOKS: Hooks = { atEnd: () => undefined }

/** It was there before, and goes on. */
function foreign(url: string): Running {
  return { url, end: () => Promise.resolve() }
}

const notYet: TestService = {
  get url(): string {
    throw new Error('the service is there while tests run')
  },
}

/** Await it at the top of a test file. */
export function withRedis(name: string, suite: (redis: TestService) => void): Promise<void> {
  return withService('redis', name, suite)
}

/** Await it at the top of a test file. */
export function withNats(name: string, suite: (nats: TestService) => void): Promise<void> {
  return withService('nats', name, suite)
}

/** Await it at the top of a test file. */
export function withPostgres(name: string, suite: (db: TestPostgres) => void): Promise<void> {
  return withService('postgres', name, (service, { atEnd }) => {
    const schema = `callgate_test_${randomBytes(6).toString('hex')}`
    let shared: pg.Pool | undefined
    const open = (settings: pg.PoolConfig = {}): pg.Pool => {
      const pool = new pg.Pool({ connectionString: service.url, ...settings })
      // Connections that a test ends on purpose are no fault of the run.
      pool.on('error', () => undefined)
      atEnd(() => pool.end())
      return pool
    }
    beforeAll(async () => {
      shared = open()
      await shared.query(`create schema ${schema}`)
      atEnd(async () => void (await shared?.query(`drop schema ${schema} cascade`)))
    }, STARTING_MS)
    suite({
      schema,
      open,
      get url() {
        return service.url
      },
      get pool() {
        if (shared === undefined) throw new Error('the pool is there while tests run')
        return shared
      },
    })
  })
}
