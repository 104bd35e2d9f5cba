import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { eventRecord } from '../../engine/record.ts'
import { median, medianNs, row } from '../../scripts/measure.ts'
import { sealLine } from '../ledger/seal.ts'
import { jsonlSink } from './jsonl-sink.ts'

const ROUNDS = 1_500
const IN_FLIGHT = 256

export async function run(print: (line: string) => void): Promise<void> {
  const usual = { id: '01J00000000000000000000000', kind: 'decision', status: 'pending' } as const
  const record = eventRecord(
    { ...usual, agent: 'agent-1', server: 'srv7', tool: 'tool_0', resource: 'srv7.tool_0', seq: 7 },
    Date.UTC(2026, 0, 1),
  )
  print('JSON Lines sink')
  let prev: string | null = null
  const cost = medianNs(() => {
    prev = sealLine(record, prev).hash
  })
  print(row('a record in its chain: canonical line and hash', cost / 1_000, 'us', 'goal 15'))

  // In the working folder: the one for temporary files may be memory.
  const folder = mkdtempSync(join(process.cwd(), '.bench-jsonl-'))
  try {
    const bare = await open(join(folder, 'bare'), 'a')
    const sink = jsonlSink({ path: join(folder, 'audit.jsonl') })
    await sink.ready()
    const bytes = Buffer.from(`${sealLine(record, null).line}\n`)
    const times: { bare: number[]; sink: number[] } = { bare: [], sink: [] }
    // One after the other, so that both meet the same disk.
    for (let round = 0; round < ROUNDS; round++) {
      const started = performance.now()
      await bare.write(bytes)
      await bare.datasync()
      const between = performance.now()
      await sink.write([record])
      times.bare.push(between - started)
      times.sink.push(performance.now() - between)
    }
    const [one, other] = [median(times.bare) * 1_000, median(times.sink) * 1_000]
    print(row('bare write and fdatasync', one, 'us'))
    print(row('write, 1 in flight', other, 'us', `${(other / one).toFixed(2)} x, goal 1.3 x`))
    const started = performance.now()
    const work = async (): Promise<void> => {
      for (let round = 0; round < 200; round++) await sink.write([record])
    }
    await Promise.all(Array.from({ length: IN_FLIGHT }, work))
    const perSecond = (IN_FLIGHT * 200) / ((performance.now() - started) / 1_000)
    print(row(`records a second, ${IN_FLIGHT} in flight`, perSecond, '/s', 'goal 40,000'))
    await sink.close()
    await bare.close()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
