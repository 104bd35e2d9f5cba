/**
 * Plants secrets in calls wherever a text of outside can stand, and says where any of them came out.
 * Needs PostgreSQL, running or installed.
 *   tsx src/scripts/planted-secrets.ts [--calls 100000] [--seed 1]
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { createPlantedCalls } from '../engine/scenarios/planted-calls.fixture.ts'
import { openStage, type PlantedFigures } from '../engine/scenarios/planted-stage.fixture.ts'
import { findService } from '../testing/services/find-services.fixture.ts'

const BATCH = 250

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
})
const calls = Number(values.calls)
const found = await findService('postgres')
if (found.kind === 'missing') throw new Error(found.install)
const running = found.kind === 'startable' ? await found.start() : undefined
const url = found.kind === 'running' ? found.url : (running?.url ?? '')
const pool = new pg.Pool({ connectionString: url })
const schema = `callgate_planted_${randomBytes(6).toString('hex')}`
const folder = mkdtempSync(join(tmpdir(), 'callgate-planted-'))
const startedAt = performance.now()
// Its diagnostics are looked through, not told.
process.removeAllListeners('warning')
try {
  await pool.query(`create schema ${schema}`)
  const stage = await openStage({ pool, schema, file: join(folder, 'audit.jsonl') })
  const next = createPlantedCalls(Number(values.seed))
  for (let done = 0; done < calls; done += BATCH) {
    await stage.play(Array.from({ length: Math.min(BATCH, calls - done) }, next))
    if (done % 10_000 === 0 && done > 0) process.stderr.write(`${summary(stage.figures())}\n`)
  }
  await stage.close()
  const { leaks, outputs } = stage.figures()
  console.log(summary(stage.figures()))
  for (const [where, units] of outputs) console.log(`  ${where}: ${units} characters`)
  for (const leak of leaks) console.log(leak)
  if (leaks.length > 0) process.exitCode = 1
} finally {
  await pool.query(`drop schema if exists ${schema} cascade`)
  await pool.end()
  await running?.end()
  rmSync(folder, { recursive: true, force: true })
}

function summary({
  leaks,
  reasons,
  calls: made,
  secrets,
  records,
  searched,
}: PlantedFigures): string {
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  const counts = { calls: made, secrets, records, searched, leaks: leaks.length, seconds }
  return JSON.stringify({ ...counts, reasons: [...reasons] })
}
