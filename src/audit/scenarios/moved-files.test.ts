import { copyFileSync, renameSync, truncateSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { call, engineWith, guarded } from '../../engine/scenarios/engine.fixture.ts'
import type { PolicyEngine } from '../../index.ts'
import { ledgerFiles } from '../jsonl/closed-files.ts'
import { closeSinks, kept, watched } from '../jsonl/sink.fixture.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'

vi.setConfig({ testTimeout: 60_000 })
closeSinks()

const WORKERS = 8
const ROUNDS = 40

/** Calls from many sides; `between` comes after every tenth round of the first. */
async function work(engine: PolicyEngine, between: (time: number) => Promise<void> | void) {
  const answers: unknown[] = []
  const worker = async (number: number): Promise<void> => {
    for (let round = 1; round <= ROUNDS; round++) {
      answers.push(await guarded(engine, call('crm.note', { number, round }), () => 'out'))
      if (number === 0 && round % 10 === 0) await between(round / 10)
    }
  }
  await Promise.all(Array.from({ length: WORKERS }, (_, number) => worker(number)))
  await engine.close()
  return answers
}

const ALL = Array.from({ length: WORKERS * ROUNDS }, () => 'out')

describe('U07 a file that is moved while it is written', () => {
  it.each([
    ['and seen by the sink', { checkEveryMs: 0 }, false],
    ['and told of by the host', { checkEveryMs: 1_000_000 }, true],
  ])('U07 by rename, %s, loses no record', async (_, options, isTold) => {
    const { sink, path } = watched(options)
    const files: string[] = []
    const engine = engineWith({}, { audit: [sink] })
    const answers = await work(engine, async (time) => {
      files.push(`${path}.${time}`)
      renameSync(path, `${path}.${time}`)
      if (isTold) await sink.reopen()
      else await guarded(engine, call(), () => 'out') // so that the file is there to be moved again
    })
    expect(answers).toEqual(ALL)
    const report = await verifyLedger({ files: [...files, path] })
    const more = isTold ? 0 : files.length * 2
    expect(report).toMatchObject({
      ok: true,
      records: ALL.length * 2 + more,
      chains: 1,
      missing: 0,
    })
    expect(sink.lost()).toBe(0)
  })

  it('U07 by the sink itself, by size, loses no record', async () => {
    const { sink, path } = watched({ rotate: { maxBytes: 50_000 } })
    expect(await work(engineWith({}, { audit: [sink] }), () => undefined)).toEqual(ALL)
    const files = await ledgerFiles(path)
    expect(files.length).toBeGreaterThan(5)
    expect(await verifyLedger({ files })).toMatchObject({ ok: true, records: ALL.length * 2 })
  })

  it('U07 by copytruncate loses no more than it reports', async () => {
    const { sink, path, told } = watched({ checkEveryMs: 0 })
    const engine = engineWith({}, { audit: [sink] })
    const copies: string[] = []
    const answers = await work(engine, async (time) => {
      const copy = `${path}.${time}`
      copies.push(copy)
      copyFileSync(path, copy)
      for (let calls = 0; calls < 3; calls++) await guarded(engine, call(), () => 'out')
      truncateSync(path, 0)
    })
    expect(answers).toEqual(ALL)
    const found = new Set([...copies, path].flatMap((file) => kept(file).map(({ seq }) => seq)))
    const missing = sink.stats().written - found.size
    expect(missing).toBeGreaterThan(0)
    expect(sink.lost()).toBeGreaterThanOrEqual(missing)
    expect(told).toContain('audit_file_truncated')
    // What is gone is not passed over: the chain leads through it.
    expect((await verifyLedger({ files: [...copies, path] })).fault?.kind).toBe('prev')
  })
})
