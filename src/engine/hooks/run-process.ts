import type { ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { CommandResult } from './runners.ts'

export interface ProcessStart {
  readonly file: string
  readonly args: readonly string[]
  readonly shell: boolean
  readonly cwd: string | undefined
  readonly env: Readonly<Record<string, string>>
  /** Bytes kept of each output; what comes after is read and dropped. */
  readonly maxOutputBytes: number
}

// Between the polite and the other way of ending a process.
const MERCY_MS = 500
// What a process left behind may hold its pipes open for ever.
const DRAIN_MS = 200

/**
 * Runs a process with a text as its input. When the signal aborts, the process and its group are
 * ended: first asked, then killed. Rejects where it could not be run, or was stopped.
 */
export async function runProcess(
  start: ProcessStart,
  input: string,
  signal: AbortSignal,
): Promise<CommandResult> {
  // Loaded here: most programs that import the package never run a command.
  const { spawn } = await import('node:child_process')
  if (signal.aborted) throw new Error('it was stopped before it began')
  const { file, args, shell, cwd, env } = start
  const child = spawn(file, args, {
    shell,
    cwd,
    env,
    // A group of its own, so that what it starts ends with it.
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: 'pipe',
  })
  return settled({ child, spawn }, start.maxOutputBytes, input, signal)
}

interface Running {
  readonly child: ChildProcess
  readonly spawn: typeof spawn
}

function settled(
  running: Running,
  maxOutputBytes: number,
  input: string,
  signal: AbortSignal,
): Promise<CommandResult> {
  const { child } = running
  return new Promise((resolve, reject) => {
    const stdout = collect(child.stdout, maxOutputBytes)
    const stderr = collect(child.stderr, maxOutputBytes)
    const stop = (): void => stopGently(running)
    signal.addEventListener('abort', stop, { once: true })
    track(running)
    const end = (failure?: Error): void => {
      if (!untrack(running)) return
      signal.removeEventListener('abort', stop)
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy()
      if (failure !== undefined) reject(failure)
      else if (signal.aborted) reject(new Error('it was stopped'))
      else resolve({ exitCode: child.exitCode, stdout: stdout(), stderr: stderr() })
    }
    child.on('error', end)
    child.on('close', () => end())
    child.on('exit', () => {
      if (signal.aborted) kill(running, 'SIGKILL')
      setTimeout(() => {
        if (!live.has(running)) return
        kill(running, 'SIGKILL')
        end()
      }, DRAIN_MS).unref()
    })
    // It need not read what it is told.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}

function collect(stream: Readable | null | undefined, maxBytes: number): () => string {
  const chunks: Uint8Array[] = []
  let room = maxBytes
  stream?.on('error', () => undefined)
  stream?.on('data', (chunk: Uint8Array) => {
    if (room <= 0) return
    chunks.push(chunk.subarray(0, room))
    room -= chunk.length
  })
  return () => Buffer.concat(chunks).toString('utf8')
}

function stopGently(running: Running): void {
  const { child } = running
  kill(running, 'SIGTERM')
  setTimeout(() => {
    if (child.exitCode === null && child.signalCode === null) kill(running, 'SIGKILL')
  }, MERCY_MS).unref()
}

/** The process and its group. */
function kill({ child, spawn }: Running, signal: 'SIGTERM' | 'SIGKILL'): void {
  const { pid } = child
  if (pid === undefined) return
  try {
    if (process.platform !== 'win32') process.kill(-pid, signal)
    else
      spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' }).on(
        'error',
        () => undefined,
      )
  } catch {
    // Already gone, with all it had started.
  }
}

// Groups of their own outlive this process, unless they are ended with it.
const live = new Set<Running>()
const killLive = (): void => {
  for (const running of live) kill(running, 'SIGKILL')
}

function track(running: Running): void {
  if (live.size === 0) process.on('exit', killLive)
  live.add(running)
}

/** False where it was not running any more. */
function untrack(running: Running): boolean {
  const wasLive = live.delete(running)
  if (wasLive && live.size === 0) process.off('exit', killLive)
  return wasLive
}
