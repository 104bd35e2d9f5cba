/** Which services tests may use: those that run here, or that can be started. */
import { connect } from 'node:net'
import pg from 'pg'
import {
  type Binaries,
  installed,
  type Running,
  startNats,
  startPostgres,
  startRedis,
} from './start-service.fixture.ts'

export type ServiceName = 'postgres' | 'redis' | 'nats'

/** Where a service is, how it is started, or what is missing. */
export type Found =
  | { readonly kind: 'running'; readonly url: string }
  | { readonly kind: 'startable'; start(): Promise<Running> }
  | { readonly kind: 'missing'; readonly install: string }

export interface Places {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly binaries: Binaries
  /** @default the usual port */
  readonly port?: number
}

interface Service {
  readonly variable: string
  readonly port: number
  /** Addresses to try on a port. */
  readonly urls: (port: number, env: Places['env']) => readonly string[]
  readonly answers: (url: string) => Promise<boolean>
  readonly start: (binaries: Binaries) => (() => Promise<Running>) | undefined
  readonly install: string
}

const PROBE_MS = 3_000

const SERVICES: Readonly<Record<ServiceName, Service>> = {
  postgres: {
    variable: 'CALLGATE_TEST_POSTGRES_URL',
    port: 5432,
    urls: (port, env) =>
      [env['PGUSER'], 'postgres', env['USER']]
        .filter((user) => user !== undefined && user !== '')
        .map((user) => `postgres://${user}@127.0.0.1:${port}/${env['PGDATABASE'] ?? 'postgres'}`),
    answers: postgresAnswers,
    start(binaries) {
      const postgres = binaries.find('postgres')
      const initdb = binaries.find('initdb')
      if (postgres === undefined || initdb === undefined) return undefined
      return () => startPostgres(postgres, initdb)
    },
    install: 'install PostgreSQL (the package `postgresql`)',
  },
  redis: {
    variable: 'CALLGATE_TEST_REDIS_URL',
    port: 6379,
    urls: (port) => [`redis://127.0.0.1:${port}`],
    answers: (url) => socketAnswers(url, 'PING\r\n', /^\+PONG/),
    start(binaries) {
      const program = binaries.find('redis-server')
      return program === undefined ? undefined : () => startRedis(program)
    },
    install: 'install Redis (the package `redis-server`)',
  },
  nats: {
    variable: 'CALLGATE_TEST_NATS_URL',
    port: 4222,
    urls: (port) => [`nats://127.0.0.1:${port}`],
    answers: (url) => socketAnswers(url, '', /^INFO \{/),
    start(binaries) {
      const program = binaries.find('nats-server')
      return program === undefined ? undefined : () => startNats(program)
    },
    install: 'install NATS (the package `nats-server`)',
  },
}

const here = (): Places => ({ env: process.env, binaries: installed })

/** @throws where the address that the environment names does not answer: that is no reason to leave out tests */
export async function findService(name: ServiceName, places: Places = here()): Promise<Found> {
  const { variable, port, urls, answers, start, install } = SERVICES[name]
  const given = places.env[variable]
  if (given !== undefined && given !== '') {
    if (await answers(given)) return { kind: 'running', url: given }
    throw new Error(`${variable} is set, and nothing answers there`)
  }
  for (const url of urls(places.port ?? port, places.env))
    if (await answers(url)) return { kind: 'running', url }
  const starter = start(places.binaries)
  if (starter !== undefined) return { kind: 'startable', start: starter }
  return { kind: 'missing', install: `${install}, or set ${variable}` }
}

/** Says that a suite is left out; on CI nothing is. */
export function leaveOut(
  suite: string,
  install: string,
  { env, print }: { env: Places['env']; print: (line: string) => void },
): 'skip' | 'fail' {
  print(`left out: ${suite}: ${install}\n`)
  return env['CI'] === 'true' ? 'fail' : 'skip'
}

async function postgresAnswers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: PROBE_MS })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

function socketAnswers(url: string, question: string, answer: RegExp): Promise<boolean> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: PROBE_MS })
    const end = (isIt: boolean): void => {
      socket.destroy()
      resolve(isIt)
    }
    socket.once('connect', () => socket.write(question))
    socket.once('data', (data) => end(answer.test(data.toString('latin1'))))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(false))
    socket.once('close', () => resolve(false))
  })
}
