import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { main } from './main.ts'

export const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url))
export const DEMO_POLICY_FILE = join(FIXTURES, 'policies', 'demo.yaml')
export const trace = (name: string): string => join(FIXTURES, 'traces', name)

export interface Run {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunSettings {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly isTTY?: boolean
}

/** Runs a command line in this process and gives what it wrote. */
export async function run(argv: readonly string[], settings: RunSettings = {}): Promise<Run> {
  const written = { stdout: '', stderr: '' }
  const output = (name: keyof typeof written) => ({
    write(text: string) {
      written[name] += text
    },
    isTTY: settings.isTTY ?? false,
  })
  const exit = await main(argv, {
    stdout: output('stdout'),
    stderr: output('stderr'),
    env: settings.env ?? {},
    cwd: settings.cwd ?? process.cwd(),
  })
  return { exit, ...written }
}

/** A new folder with files in it: text by name, or the path of a file to copy. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'callgate-cli-'))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

/** A folder with the demo's policy and every trace, as the examples of the help expect it. */
export function demoFolder(): string {
  const folder = folderWith()
  cpSync(DEMO_POLICY_FILE, join(folder, basename(DEMO_POLICY_FILE)))
  cpSync(join(FIXTURES, 'traces'), folder, { recursive: true })
  return folder
}
