import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { linesOf, SAMPLE, trailFolder } from '../../../audit/query/trail.fixture.ts'
import { run } from '../../run-main.fixture.ts'

export const LEDGER = linesOf(SAMPLE)
export const LAST_HASH = SAMPLE.at(-1)?.hash

export const folderWithLedger = (): string => trailFolder({ 'audit.jsonl': LEDGER })

/** Runs `callgate audit` on a fresh folder with the sample. */
export const audit = (words: string, cwd = folderWithLedger()) =>
  run(['audit', ...words.split(' ')], { cwd })

const require = createRequire(import.meta.url)
const CLI = fileURLToPath(new URL('../../../cli.ts', import.meta.url))

/** The same as a program of its own. */
export const program = (words: readonly string[]) => ({
  command: process.execPath,
  args: ['--import', require.resolve('tsx'), CLI, 'audit', ...words],
})
