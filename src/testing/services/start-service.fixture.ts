/** Starts a service of our own in a folder of its own, and ends it with all it has left. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/** A service that runs, and how it is ended; one that was there already goes on. */
export interface Running {
  readonly url: string
  end(): Promise<void>
}

/** A service of our own. */
export interface Started extends Running {
  /** Ends it as if the machine had failed, and starts it again in the same place. */
  crash(): Promise<void>
}

export interface Binaries {
  /** Path of a program, undefined where it is not installed. */
  find(program: string): string | undefined
}

/** On PATH, or where Debian keeps what only servers need. */
export const installed: Binaries = {
  find(program) {
    const folders = (process.env['PATH'] ?? '').split(delimiter)
    const versions = '/usr/lib/postgresql'
    if (existsSync(versions))
      folders.push(...readdirSync(versions).map((version) => join(versions, version, 'bin')))
    return folders.map((folder) => join(folder, program)).find((path) => existsSync(path))
  },
}

const READY_MS = 30_000

interface Start {
  readonly program: string
  readonly words: (folder: string, port: number) => readonly string[]
  /** What it prints once it can be asked. */
  readonly isReady: RegExp
  readonly url: (port: number) => string
  /** Run before it, in the folder. */
  readonly before?: (
    folder: string,
    run: (program: string, words: readonly string[]) => void,
  ) => void
  /** Asks it to end. */
  readonly signal: NodeJS.Signals
}

async function start({ program, words, isReady, url, before, signal }: Start): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'callgate-service-'))
  const user = userFor(program)
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  const clean = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    before?.(folder, (prepared, given) => {
      const done = spawnSync(prepared, given, { ...user, cwd: folder, encoding: 'utf8' })
      if (done.status !== 0) throw new Error(`${prepared} failed: ${done.stderr}`)
    })
    const port = await freePort()
    const spawned = async (): Promise<ChildProcess> => {
      const started = spawn(program, words(folder, port), {
        ...user,
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      await printed(started, isReady)
      return started
    }
    let child = await spawned()
    const kill = (): void => {
      child.kill('SIGKILL')
      clean()
    }
    process.once('exit', kill)
    return {
      url: url(port),
      async crash() {
        await ended(child, CRASH)
        child = await spawned()
      },
      async end() {
        process.removeListener('exit', kill)
        await ended(child, signal)
        clean()
      },
    }
  } catch (error) {
    clean()
    throw error
  }
}

/** What `pg_ctl stop -m immediate` sends: nothing is written down any more. Others know no gentler end. */
const CRASH: NodeJS.Signals = 'SIGQUIT'

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exited = new Promise((resolve) => child.once('exit', resolve))
  if (child.exitCode === null && child.kill(signal)) await exited
}

/** PostgreSQL refuses to run as root: then its own user, or nobody. */
function userFor(program: string): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0 || !program.endsWith('postgres')) return undefined
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new Error('PostgreSQL does not run as root, and there is no user `postgres` or `nobody`')
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : 0),
      )
    })
  })
}

/** Resolves once the child has printed that it is ready. */
function printed(child: ChildProcess, isReady: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    const fail = (why: string): void => {
      child.kill('SIGKILL')
      reject(new Error(`${child.spawnfile} ${why}: ${text.slice(-2_000)}`))
    }
    const timer = setTimeout(() => fail('was not ready in time'), READY_MS)
    const read = (chunk: Buffer): void => {
      text = (text + chunk).slice(-10_000)
      if (!isReady.test(text)) return
      clearTimeout(timer)
      resolve()
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('error', () => fail('could not be started'))
    child.once('exit', () => {
      clearTimeout(timer)
      fail('ended')
    })
  })
}

export function startPostgres(postgres: string, initdb: string): Promise<Started> {
  return start({
    program: postgres,
    before: (folder, run) =>
      run(initdb, [
        ...['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust'],
        ...['-E', 'UTF8', '--locale=C', '--no-sync'],
      ]),
    words: (folder, port) => [
      ...['-D', join(folder, 'data'), '-p', String(port), '-c', 'listen_addresses=127.0.0.1'],
      ...['-c', 'unix_socket_directories=', '-c', 'logging_collector=off'],
    ],
    isReady: /ready to accept connections/,
    url: (port) => `postgres://postgres@127.0.0.1:${port}/postgres`,
    signal: 'SIGINT',
  })
}

export function startRedis(program: string): Promise<Started> {
  return start({
    program,
    words: (folder, port) => [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
    ],
    isReady: /Ready to accept connections/i,
    url: (port) => `redis://127.0.0.1:${port}`,
    signal: 'SIGTERM',
  })
}

export function startNats(program: string): Promise<Started> {
  return start({
    program,
    words: (folder, port) => ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder],
    isReady: /Server is ready/,
    url: (port) => `nats://127.0.0.1:${port}`,
    signal: 'SIGTERM',
  })
}
