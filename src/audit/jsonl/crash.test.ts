import { expect, it } from 'vitest'
import { crash } from './crash.fixture.ts'
import { cleanUp, scratchFolder } from './records.fixture.ts'

cleanUp()

it('loses no acknowledged record and lets no call out without an intent, killed 30 times (U04 to U06)', async () => {
  const count = await crash(scratchFolder(), 30)
  expect(count).toMatchObject({ lost: 0, undeclared: 0, faults: 0 })
  expect(count.torn).toBeLessThanOrEqual(30)
  expect(count.acknowledged).toBeGreaterThan(100)
  expect(count.dispatched).toBeGreaterThan(50)
}, 120_000)
