import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { call, engineWith, guarded } from '../../engine/scenarios/engine.fixture.ts'
import { closeSinks, linesOf, watched } from '../jsonl/sink.fixture.ts'
import type { Checkpoint } from '../ledger/checkpoint.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'

closeSinks()

/** A ledger of ten calls, and the checkpoints that were kept elsewhere. */
async function ledger() {
  const checkpoints: Checkpoint[] = []
  const write = (point: Checkpoint) => void checkpoints.push(point)
  const { sink, path } = watched({ checkpoints: { every: 7, write } })
  const engine = engineWith({}, { audit: [sink] })
  for (let number = 0; number < 10; number++)
    await guarded(engine, call('crm.note', { number }), () => 'out')
  await engine.close()
  return { path, lines: linesOf(path), checkpoints }
}

describe('U09 a ledger that somebody has changed', () => {
  it.each<[string, number, (lines: readonly string[]) => readonly string[]]>([
    ['edited', 7, (lines) => lines.with(6, (lines[6] ?? '').replace('"bot"', '"rot"'))],
    ['deleted', 8, (lines) => lines.toSpliced(6, 1)],
    ['deleted, the first one', 2, (lines) => lines.slice(1)],
    ['inserted', 7, (lines) => lines.toSpliced(9, 0, lines[6] ?? '')],
    ['moved', 8, (lines) => lines.with(6, lines[7] ?? '').with(7, lines[6] ?? '')],
  ])('U09 has one record %s: the first bad number is named', async (_, seq, change) => {
    const { path, lines } = await ledger()
    expect(await verifyLedger({ files: [path] })).toMatchObject({ ok: true, records: 20 })
    writeFileSync(path, `${change(lines).join('\n')}\n`)
    expect((await verifyLedger({ files: [path] })).fault).toMatchObject({ file: path, seq })
  })

  it('U09 has lost its tail: a checkpoint that was kept elsewhere shows it', async () => {
    const { path, lines, checkpoints } = await ledger()
    expect(checkpoints.length).toBe(3)
    for (const left of [19, 13, 6, 0]) {
      writeFileSync(
        path,
        lines
          .slice(0, left)
          .map((line) => `${line}\n`)
          .join(''),
      )
      const { fault } = await verifyLedger({ files: [path] }, { checkpoints })
      expect(fault).toMatchObject({ kind: 'cut', line: left })
    }
  })

  it('U09 is not mended by the next process that writes it', async () => {
    const { path, lines } = await ledger()
    writeFileSync(path, `${lines.toSpliced(6, 1).join('\n')}\n`)
    const { sink } = watched({ path })
    const engine = engineWith({}, { audit: [sink] })
    await guarded(engine, call(), () => 'out')
    await engine.close()
    expect(readFileSync(path, 'utf8').split('\n').length).toBe(22)
    expect((await verifyLedger({ files: [path] })).fault).toMatchObject({ kind: 'prev', seq: 8 })
  })
})
