import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { afterEach } from 'vitest'

const require = createRequire(import.meta.url)
const CLI = fileURLToPath(new URL('../../../cli.ts', import.meta.url))

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

export interface Program {
  readonly child: ChildProcess
  /** Resolves with the first match in what was written to stderr. */
  said(pattern: RegExp): Promise<string>
  readonly ended: Promise<{
    readonly code: number | null
    readonly stdout: string
    readonly stderr: string
  }>
}

/** `callgate router` as a program of its own. */
export function startRouter(
  cwd: string,
  env: Readonly<Record<string, string>>,
  ...options: readonly string[]
): Program {
  // Without a loader's process between: signals are for the program itself.
  const args = ['--import', require.resolve('tsx'), CLI, 'router', ...options]
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env } })
  ends.push(() => child.kill('SIGKILL'))
  const written = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text
      for (const listener of listeners) listener()
    })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve)).then(
    (code) => ({ code, ...written }),
  )
  return {
    child,
    ended,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(written.stderr)
          if (found !== null) resolve(found[1] ?? found[0])
        }
        listeners.add(look)
        look()
        void ended.then(({ code, stderr }) => reject(new Error(`ended with ${code}: ${stderr}`)))
      }),
  }
}
