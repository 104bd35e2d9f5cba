import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { call, engineWith, guarded } from '../../engine/scenarios/engine.fixture.ts'
import { scratchFolder } from '../jsonl/scratch.fixture.ts'
import { closeSinks, watched } from '../jsonl/sink.fixture.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { childProgram, startChild } from './processes.fixture.ts'

vi.setConfig({ testTimeout: 60_000 })
closeSinks()

describe('U08 two processes with one file', () => {
  it('U08 denies the calls of the second until the first is gone, killed or not', async () => {
    const folder = scratchFolder()
    const path = join(folder, 'audit.jsonl')
    const child = startChild(await childProgram(), 'work', folder, 'held')
    expect(await child.said).toMatchObject({ done: 25 })
    const { sink, told } = watched({ path })
    const engine = engineWith({}, { audit: [sink] })
    let dispatched = 0
    const calling = () => guarded(engine, call(), () => ++dispatched)
    expect([await calling(), await calling(), dispatched]).toEqual([
      'audit_unavailable',
      'audit_unavailable',
      0,
    ])
    child.process.kill('SIGKILL')
    await child.ended
    expect([await calling(), told]).toEqual([1, ['audit_lock_taken_over']])
    await engine.close()
    const report = await verifyLedger({ files: [path] })
    expect(report).toMatchObject({ ok: true, records: 52, chains: 1 })
  })

  it('U08 lets one of four that start together write, and the chain never forks', async () => {
    const folder = scratchFolder()
    const program = await childProgram()
    const children = Array.from({ length: 4 }, () => startChild(program, 'work', folder))
    let done = 0
    for (const child of children) {
      const said = await child.said
      expect(await child.ended).toEqual([0, null])
      done += Number(said?.['done'])
    }
    const report = await verifyLedger({ files: [join(folder, 'audit.jsonl')] })
    expect(report).toMatchObject({ ok: true, records: done * 2, chains: 1 })
    expect(done).toBeGreaterThanOrEqual(25)
  })
})
