import { renameSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { recordOf, recordsOf } from './records.fixture.ts'
import { closeSinks, kept, linesOf, watched } from './sink.fixture.ts'

closeSinks()

/** Two files, the second begun after the first was moved while nobody wrote. */
async function twoChains() {
  const { sink, path } = watched()
  await sink.write(recordsOf(3))
  await sink.close()
  const moved = `${path}.1`
  renameSync(path, moved)
  const next = watched({ path })
  await next.sink.write(recordsOf(2))
  await next.sink.write([recordOf(3)])
  await next.sink.close()
  return { path, files: [moved, path] }
}

describe('a file that was moved away while no process wrote it', () => {
  it('is followed by a chain of its own, which verification counts', async () => {
    const { files, path } = await twoChains()
    expect(kept(path)[0]?.prev).toBe(null)
    const report = await verifyLedger({ files })
    expect(report).toMatchObject({ ok: true, records: 6, chains: 2, missing: 0 })
  })

  it('lets nothing be taken out of either', async () => {
    const { files } = await twoChains()
    const [one = [], two = []] = files.map(linesOf)
    const all = [...one, ...two]
    // Lines of one file: a chain begins at the beginning of a file, nowhere else.
    expect((await verifyLedger({ lines: all })).fault).toMatchObject({ kind: 'prev', line: 4 })
    for (const index of [0, 1, 4]) {
      const lines = (index < 3 ? one : two).toSpliced(index % 3, 1)
      expect((await verifyLedger({ lines })).fault?.kind).toBe('prev')
    }
  })
})
