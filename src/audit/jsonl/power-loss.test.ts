import { describe, expect, it, vi } from 'vitest'
import { losePower } from './power-loss.fixture.ts'

vi.setConfig({ testTimeout: 60_000 })

describe('a ledger on a disk that loses power', () => {
  it('keeps what was accepted, opens again and verifies, after 500 cuts', async () => {
    const { faults, torn, accepted } = await losePower(500, 1)
    expect(faults).toEqual([])
    // Else nothing was tried.
    expect([torn > 20, accepted > 1_000]).toEqual([true, true])
  })
})
