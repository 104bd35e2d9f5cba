import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { median, medianNs, row } from '../../scripts/measure.ts'
import { scan } from './scan.ts'

// The same chunks for both: 2 KB of JSON each, clean but for one in sixteen.
const CHUNKS = Array.from({ length: 64 }, (_, index) => {
  const rows = Array.from({ length: 16 }, (__, place) => ({
    id: index * 16 + place,
    customer: `Customer ${index * 31 + place}`,
    city: ['Berlin', 'Lisbon', 'Austin'][place % 3],
    note: 'Delivered on time; asked about the invoice and the opening hours.',
    price: place * 3.5,
  }))
  const text = JSON.stringify(rows).slice(0, 2000)
  return index % 16 === 0
    ? `${text} ${['ghp', `${'aB3dE6gH9jK2mN5p'}${'Q8sT1vW4xY7zA0cF3h'}Jk`].join('_')}`
    : text
})

type LintSource = (input: object) => Promise<{ readonly messages: readonly unknown[] }>

/** secretlint with its recommended rules, where `examples/benchmark` is installed. */
export async function run(print: (line: string) => void): Promise<void> {
  print('A 2 KB scan for secrets beside a peer, same chunks, median')
  const options = { classes: ['secret'] } as const
  const ours = medianNs((index) => scan(CHUNKS[index & 63] ?? '', options), { calls: 2_000 }) / 1000
  print(row('scan, all formats', ours, 'us', 'goal 8 us'))
  const lint = await loadPeer()
  if (lint === undefined) print('  secretlint: not installed (npm ci --prefix examples/benchmark)')
  else print(row('secretlint, recommended preset', await peerMicroseconds(lint), 'us'))
}

async function peerMicroseconds(lint: (text: string) => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 24; round++) {
    const started = performance.now()
    for (const chunk of CHUNKS) await lint(chunk)
    times.push(((performance.now() - started) * 1000) / CHUNKS.length)
  }
  return median(times.slice(4))
}

async function loadPeer(): Promise<((text: string) => Promise<unknown>) | undefined> {
  try {
    const require = createRequire(
      new URL('../../../examples/benchmark/package.json', import.meta.url),
    )
    const load = async (name: string): Promise<Record<string, unknown>> =>
      await import(pathToFileURL(require.resolve(name)).href)
    const { lintSource } = (await load('@secretlint/core')) as { lintSource: LintSource }
    const { creator } = await load('@secretlint/secretlint-rule-preset-recommend')
    const id = '@secretlint/secretlint-rule-preset-recommend'
    const config = { rules: [{ id, rule: creator, options: {}, rules: [] }] }
    return (content) =>
      lintSource({
        source: { filePath: 'chunk.json', content, ext: '.json', contentType: 'text' },
        options: { config },
      })
  } catch {
    return undefined
  }
}
