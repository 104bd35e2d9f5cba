import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { readLedger } from '../ledger/read-ledger.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { ledgerFiles } from './closed-files.ts'
import { buildProgram } from './program.fixture.ts'
import { randomOf } from './random.fixture.ts'

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
  const random = randomOf(seed)
  const program = await buildProgram(CHILD, folder)
  for (let kill = 0; kill < kills; kill++) {
    const child = fork(program, [folder], { execArgv: [], stdio: 'inherit' })
    const exited = once(child, 'exit')
    // One in five is killed while it starts: when it opens and repairs what the one before it left.
    const isEarly = kill % 5 === 4
    if (!isEarly) await Promise.race([once(child, 'message'), exited])
    await new Promise((resolve) => setTimeout(resolve, random(isEarly ? 500 : 60)))
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
  const report = await verifyLedger({ files })
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
