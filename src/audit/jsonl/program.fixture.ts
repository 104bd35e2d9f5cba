import { join } from 'node:path'
import { build } from 'esbuild'

/** Puts a program into one file, so that a process starts in a tenth of the time. Gives its path. */
export async function buildProgram(entry: string, folder: string): Promise<string> {
  const program = join(folder, 'child.mjs')
  const asModule = { bundle: true, platform: 'node', format: 'esm', packages: 'external' } as const
  await build({ entryPoints: [entry], outfile: program, logLevel: 'error', ...asModule })
  return program
}
