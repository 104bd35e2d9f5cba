/**
 * Cuts the power of a disk that a ledger is written to, and says what was lost.
 *   tsx src/scripts/power-loss.ts [--cuts 10000] [--seed 1]
 */
import { parseArgs } from 'node:util'
import { losePower } from '../audit/jsonl/power-loss.fixture.ts'

const { values } = parseArgs({
  options: {
    cuts: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
  },
})
const { faults, ...count } = await losePower(Number(values.cuts), Number(values.seed))
console.log(JSON.stringify({ ...count, faults: faults.length }))
for (const fault of faults.slice(0, 20)) console.log(fault)
if (faults.length > 0) process.exitCode = 1
