import { expect, it } from 'vitest'
import { caseOf, playCase } from './fuzz-session.fixture.ts'

// `src/scripts/fuzz-behavior.ts` plays as many as wanted.
it('holds whatever is asked and answered: nothing is thrown, nothing raw comes out', async () => {
  const faults: unknown[] = []
  let denied = 0
  for (let seed = 1; seed <= 300; seed++) {
    const result = await playCase(caseOf(seed))
    denied += result.denied
    if (result.fault !== undefined) faults.push({ seed, fault: result.fault })
  }
  expect([faults, denied > 50]).toEqual([[], true])
}, 60_000)
