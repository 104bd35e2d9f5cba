/**
 * Changes a ledger of a thousand records in every way, and says which changes were not named.
 *   tsx src/scripts/tamper-ledger.ts [--changes 100000] [--seed 1]
 */
import { parseArgs } from 'node:util'
import { tamper } from '../audit/ledger/tamper.fixture.ts'

const { values } = parseArgs({
  options: {
    changes: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
})
const { missed, ...count } = await tamper(Number(values.changes), Number(values.seed))
console.log(JSON.stringify({ ...count, missed: missed.length }))
for (const one of missed.slice(0, 20)) console.log(one)
if (missed.length > 0) process.exitCode = 1
