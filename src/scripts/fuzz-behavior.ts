/**
 * Drives a whole engine with generated sessions and says what does not hold, from a seed.
 *   tsx src/scripts/fuzz-behavior.ts [--cases 100000] [--seed 1]
 */
import { parseArgs } from 'node:util'
import { caseOf, playCase, shrinkCase } from '../engine/fuzz-session.fixture.ts'

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
  },
})
const cases = Number(values.cases)
const seed = Number(values.seed)
const startedAt = performance.now()
let payloads = 0
let denied = 0
let slowest = { ms: 0, seed: 0 }

for (let index = 0; index < cases; index++) {
  const began = performance.now()
  const result = await playCase(caseOf(seed + index))
  const ms = performance.now() - began
  if (ms > slowest.ms) slowest = { ms, seed: seed + index }
  payloads += result.payloads
  denied += result.denied
  if (result.fault !== undefined) {
    const smallest = await shrinkCase(caseOf(seed + index))
    const { fault } = await playCase(smallest)
    console.log(`seed ${seed + index}: ${fault ?? result.fault}`)
    console.log(`smallest: ${JSON.stringify(smallest)}`)
    process.exitCode = 1
    break
  }
  if (index % 5_000 === 4_999) process.stderr.write(`${summary(index + 1)}\n`)
}
console.log(`seed ${seed}: ${summary(cases)}`)

function summary(done: number): string {
  const seconds = (performance.now() - startedAt) / 1000
  const speed = `${Math.round(done / seconds)} cases and ${Math.round(payloads / seconds)} payloads a second`
  return `${done} cases, ${payloads} payloads, ${denied} denied, ${speed}, slowest ${slowest.ms.toFixed(0)} ms (seed ${slowest.seed})`
}
