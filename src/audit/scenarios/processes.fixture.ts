import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { buildProgram } from '../jsonl/program.fixture.ts'
import { scratchFolder } from '../jsonl/scratch.fixture.ts'

const CHILD = fileURLToPath(new URL('child.fixture.ts', import.meta.url))

/** The path of `child.fixture.ts` as one program, for this test. */
export function childProgram(): Promise<string> {
  return buildProgram(CHILD, scratchFolder())
}

export interface Child {
  readonly process: ChildProcess
  /** The first thing it says; undefined where it ends without a word. */
  readonly said: Promise<Record<string, unknown> | undefined>
  /** How it ended. */
  readonly ended: Promise<readonly [code: number | null, signal: string | null]>
}

export function startChild(program: string, ...args: readonly string[]): Child {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const said = lines.next().then(({ value }) => {
    return value === undefined ? undefined : (JSON.parse(value) as Record<string, unknown>)
  })
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>
  return { process: child, said, ended }
}
