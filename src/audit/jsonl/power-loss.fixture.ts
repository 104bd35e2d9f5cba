import { basename } from 'node:path'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { closedFiles } from './closed-files.ts'
import { jsonlSink } from './jsonl-sink.ts'
import { type DiskStep, type MemoryDisk, memoryDisk } from './memory-disk.fixture.ts'
import { type Cut, powerCuts } from './power-cut.fixture.ts'
import { randomOf } from './random.fixture.ts'
import { recordOf } from './records.fixture.ts'

const PATH = '/ledger/audit.jsonl'
const OPTIONS = { path: PATH, checkEveryMs: 0, onDiagnostic: () => undefined }

export interface PowerLossCount {
  cuts: number
  /** Cuts that left something to repair. */
  torn: number
  /** Accepted records, summed over the cuts. */
  accepted: number
  faults: string[]
}

/**
 * Lets a sink write to a disk that takes writes in part and fails now and then, cuts the power after
 * each step, and opens what is left. Stops after `wanted` cuts.
 */
export async function losePower(wanted: number, seed: number): Promise<PowerLossCount> {
  const count: PowerLossCount = { cuts: 0, torn: 0, accepted: 0, faults: [] }
  for (let run = seed; count.cuts < wanted; run++) {
    const random = randomOf(run)
    const steps = await recordRun(random)
    for (const cut of powerCuts(steps, 2, random)) {
      if (count.cuts === wanted) break
      count.cuts++
      count.accepted += cut.accepted.length
      const { fault, torn } = await afterwards(cut)
      if (torn) count.torn++
      if (fault !== undefined) count.faults.push(`run ${run}, step ${cut.after}: ${fault}`)
    }
  }
  return count
}

/** What a sink asks of a disk while it writes some sixty records. */
async function recordRun(random: (below: number) => number): Promise<readonly DiskStep[]> {
  const disk = memoryDisk()
  const sink = jsonlSink({ ...OPTIONS, fs: disk.fs, rotate: { maxBytes: 12_000 } })
  disk.fault = (call) => {
    if (random(25) === 0) return 'fail'
    return call === 'write' && random(4) === 0 ? 'short' : undefined
  }
  for (let seq = 1; seq <= 60; ) {
    const together: Promise<void>[] = []
    for (let left = 1 + random(6); left > 0; left--) together.push(accept(sink, seq++, disk))
    await Promise.all(together)
    if (random(15) === 0) await sink.reopen().catch(() => undefined)
  }
  disk.fault = undefined
  await sink.close()
  return disk.steps
}

async function accept(
  sink: ReturnType<typeof jsonlSink>,
  seq: number,
  { steps }: MemoryDisk,
): Promise<void> {
  try {
    await sink.write([recordOf(seq)])
    steps.push({ step: 'accepted', seq })
  } catch {
    // Refused: nobody counts on it.
  }
}

/** Opens the ledger as the next process does. */
async function afterwards({ accepted, state }: Cut): Promise<{ fault?: string; torn: boolean }> {
  const disk = memoryDisk(state, 2)
  const sink = jsonlSink({ ...OPTIONS, fs: disk.fs })
  try {
    await sink.write([recordOf(1, { id: 'after' })])
    await sink.close()
  } catch (error) {
    return { fault: `cannot be opened: ${String(error)}`, torn: false }
  }
  const torn = sink.stats().torn > 0
  const lines = (await linesOf(disk)).filter((line) => line !== '')
  const { fault } = await verifyLedger({ lines })
  if (fault !== undefined) return { fault: `${fault.kind} at line ${fault.line}`, torn }
  const kept = new Set(lines.map((line) => (JSON.parse(line) as AuditRecord).id))
  const lost = ['after', ...accepted.map((seq) => `id-${seq}`)].filter((id) => !kept.has(id))
  return lost.length === 0 ? { torn } : { fault: `lost ${lost.join(', ')}`, torn }
}

async function linesOf(disk: MemoryDisk): Promise<readonly string[]> {
  const files = [...(await closedFiles(PATH, disk.fs)), PATH]
  return files.flatMap((file) => (disk.bytesOf(basename(file)) ?? '').toString().split('\n'))
}
