/**
 * Kills a process that writes a ledger, again and again, and says what was lost.
 *   tsx src/scripts/crash-jsonl.ts [--kills 1000] [--seed 1]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { crash } from '../audit/jsonl/crash.fixture.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
  },
})
const folder = mkdtempSync(join(tmpdir(), 'callgate-crash-'))
try {
  const count = await crash(folder, Number(values.kills), Number(values.seed))
  console.log(JSON.stringify(count))
  if (count.lost + count.undeclared + count.faults > 0) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
