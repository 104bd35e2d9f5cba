import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AuditRecord } from '../../index.ts'
import { crash } from '../jsonl/crash.fixture.ts'
import { scratchFolder } from '../jsonl/scratch.fixture.ts'
import { closeSinks, watched } from '../jsonl/sink.fixture.ts'
import { readCalls } from '../ledger/read-ledger.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { childProgram, startChild } from './processes.fixture.ts'

closeSinks()

async function callsOf(path: string): Promise<readonly AuditRecord['status'][]> {
  const statuses: AuditRecord['status'][] = []
  for await (const { status } of readCalls([path])) statuses.push(status)
  return statuses
}

describe('a process that is killed', () => {
  it('U04 loses no acknowledged record and lets no call out without an intent, killed 12 times', async () => {
    const count = await crash(scratchFolder(), 12)
    expect(count).toMatchObject({ lost: 0, undeclared: 0, faults: 0 })
    expect(count.torn).toBeLessThanOrEqual(12)
    expect(count.acknowledged).toBeGreaterThan(100)
    expect(count.dispatched).toBeGreaterThan(50)
  }, 120_000)

  it.each([
    ['U05', 'between the intent and the dispatch', 'before'],
    ['U06', 'between the dispatch and the outcome', 'after'],
  ])('%s %s leaves a call that reads as unknown, never as success', async (_, _when, how) => {
    const folder = scratchFolder()
    const path = join(folder, 'audit.jsonl')
    const child = startChild(await childProgram(), 'die', folder, how)
    expect(await child.ended).toEqual([null, 'SIGKILL'])
    expect(existsSync(join(folder, 'dispatched'))).toBe(how === 'after')
    expect(await callsOf(path)).toEqual(['success', 'unknown'])
    // The next process goes on with the chain, and the call stays as it is.
    const { sink } = watched({ path })
    await sink.ready()
    await sink.close()
    expect(await callsOf(path)).toEqual(['success', 'unknown'])
    expect(await verifyLedger({ files: [path] })).toMatchObject({ ok: true, records: 3 })
  })
})
