/**
 * Compares the compiled evaluator with its naive twin on random policies and calls, from a seed.
 *   tsx src/scripts/differential.ts [--pairs 10000000] [--seed 1]
 */
import { parseArgs } from 'node:util'
import * as fc from 'fast-check'
import { compiled, queryOf } from '../core/gates/query.fixture.ts'
import { referenceEvaluate } from '../core/gates/rbac.reference.ts'
import { evaluate } from '../core/gates/rbac.ts'
import { policyArbitrary, queryArbitrary } from '../testing/arbitraries.ts'

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '10000000' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
  },
})
const pairs = Number(values.pairs)
const seed = Number(values.seed)

// Making values costs far more than judging them: every policy meets every call of its batch.
const POLICIES = 250
const CALLS = 400
let done = 0
let mismatches = 0
const seen = new Map<string, number>()
for (let batch = 0; done < pairs; batch++) {
  const policies = fc.sample(policyArbitrary(fc), { numRuns: POLICIES, seed: seed + 2 * batch })
  const requests = fc.sample(queryArbitrary(fc), { numRuns: CALLS, seed: seed + 2 * batch + 1 })
  for (const document of policies) {
    const policy = compiled(document)
    for (const request of requests) {
      const query = queryOf(policy, request)
      const verdict = evaluate(policy, query, {})
      if (verdict instanceof Promise) throw new Error('synchronous constraints only')
      const got = verdict.effect === 'deny' ? verdict.reason : verdict.effect
      const wanted = referenceEvaluate(document, query)
      seen.set(wanted, (seen.get(wanted) ?? 0) + 1)
      done++
      if (got === wanted) continue
      mismatches++
      if (mismatches <= 3) console.log(JSON.stringify({ document, request, got, wanted }))
    }
  }
  if (batch % 10 === 9) process.stderr.write(`${done} pairs, ${mismatches} mismatches\n`)
}
console.log(`seed ${seed}: ${done} pairs, ${mismatches} mismatches`)
for (const [what, count] of [...seen].sort((a, b) => b[1] - a[1])) console.log(`  ${what} ${count}`)
process.exitCode = mismatches === 0 ? 0 : 1
