import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { readLedger } from '../ledger/read-ledger.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { ledgerFiles } from './closed-files.ts'

export interface CrashCount {
  kills: number
  acknowledged: number
  dispatched: number
  lost: number
  undeclared: number
  torn: number
  faults: number
}

const CHILD = fileURLToPath(new URL('crash-child.fixture.ts', import.meta.url))

/**
 * Kills a process that works on a ledger `kills` times, each time at another moment, and starts it
 * again on the same files. Counts records it acknowledged that are gone, and calls that went out
 * without an intent on the disk.
 */
export async function crash(folder: string, kills: number, seed = 1): Promise<CrashCount> {
  let state = seed
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state / 2 ** 32) * below
  }
  // Put into one file, a process starts in a tenth of the time.
  const program = join(folder, 'child.mjs')
  const asModule = { bundle: true, platform: 'node', format: 'esm', packages: 'external' } as const
  await build({ entryPoints: [CHILD], outfile: program, logLevel: 'error', ...asModule })
  for (let kill = 0; kill < kills; kill++) {
    const child = fork(program, [folder], { execArgv: [], stdio: 'inherit' })
    const exited = once(child, 'exit')
    await Promise.race([once(child, 'message'), exited])
    await new Promise((resolve) => setTimeout(resolve, random(60)))
    child.kill('SIGKILL')
    const [code] = await exited
    if (code !== null) throw new Error(`the child ended by itself with ${code}`)
  }
  return countOf(folder, kills)
}

async function countOf(folder: string, kills: number): Promise<CrashCount> {
  const path = join(folder, 'audit.jsonl')
  const files = await ledgerFiles(path)
  const intents = new Set<string>()
  const kept = new Set<string>()
  for await (const { id, kind } of readLedger(files) as AsyncIterable<AuditRecord>) {
    kept.add(`${id} ${kind}`)
    if (kind === 'decision') intents.add(id)
  }
  const acknowledged = wholeLines(join(folder, 'acknowledged'))
  const dispatched = wholeLines(join(folder, 'dispatched'))
  let aside = 0
  while (existsSync(`${path}.torn-${aside + 1}`)) aside++
  // The last crash may have cut the last record, and then nobody has opened the file since.
  const report = await verifyLedger({ files }, { allowGaps: true })
  return {
    kills,
    acknowledged: acknowledged.length,
    dispatched: dispatched.length,
    lost: acknowledged.filter((line) => !kept.has(line)).length,
    undeclared: dispatched.filter((id) => !intents.has(id)).length,
    torn: aside + report.torn,
    faults: report.ok ? 0 : 1,
  }
}

/** The child is killed while it writes these too. */
function wholeLines(path: string): readonly string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : []
}
