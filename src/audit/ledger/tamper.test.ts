import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { randomOf } from '../jsonl/random.fixture.ts'
import { recordsOf } from '../jsonl/records.fixture.ts'
import { cleanUp, scratchFolder } from '../jsonl/scratch.fixture.ts'
import { chainOf, pointOf } from './chain.fixture.ts'
import { tamper } from './tamper.fixture.ts'
import { verifyLedger } from './verify-ledger.ts'

cleanUp()

describe('five thousand ways to tamper', () => {
  it('are all named, no later than the record after', async () => {
    const { missed, kinds } = await tamper(5_000, 7)
    expect(missed).toEqual([])
    // Each way was tried.
    const ways = new Set(Object.keys(kinds).map((name) => name.split(':')[0]))
    expect(ways.size).toBe(7)
  })

  it('are named in a whole file too, byte by byte', async () => {
    const random = randomOf(7)
    const { lines, hashes } = chainOf(recordsOf(50))
    const path = join(scratchFolder(), 'audit.jsonl')
    const whole = Buffer.from(`${lines.join('\n')}\n`)
    const options = { checkpoints: [pointOf(hashes, 50)] }
    const missed: unknown[] = []
    for (let round = 0; round < 500; round++) {
      const at = random(whole.length)
      const [before, behind] = [whole.subarray(0, at), whole.subarray(at + 1)]
      const byte = whole[at] ?? 0
      const bytes = [
        Buffer.concat([before, behind]),
        Buffer.concat([before, Buffer.of(random(256), byte), behind]),
        Buffer.concat([before, Buffer.of(byte ^ (1 + random(255))), behind]),
      ][random(3)]
      writeFileSync(path, bytes ?? '')
      if ((await verifyLedger({ files: [path] }, options)).ok) missed.push({ at })
    }
    expect(missed).toEqual([])
  })
})
