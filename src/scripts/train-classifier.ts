import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { train } from '../core/routing/classifier/train.ts'
import { readLabelledPrompts } from '../router/eval/read-rows.ts'
import { ownPrompts } from './classifier/own-prompts.ts'

// Writes the weights that come with the package: train-classifier.ts DATA... --out FILE
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' } },
})
if (values.out === undefined || positionals.length === 0)
  throw new Error('usage: train-classifier.ts DATA... --out FILE')

const read = (path: string): string => {
  const bytes = readFileSync(path)
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
}
// Templates over one data set begin with its name: they are no strangers to each other.
const rows = positionals
  .flatMap((path) => readLabelledPrompts(read(path), path))
  .map((row) => ({ ...row, source: row.source?.split(/[-_]/)[0] ?? 'none' }))
const { weights, prompts, sources } = train([...rows, ...ownPrompts()], { epochs: 8 })
const text = `// Written by src/scripts/train-classifier.ts: do not edit.
import type { ClassifierWeights } from './weights.ts'

export const WEIGHTS: ClassifierWeights = ${JSON.stringify(weights)}
`
writeFileSync(values.out, text)
process.stdout.write(
  `${JSON.stringify({ rows: rows.length, bytes: text.length, prompts, sources, temperature: weights.temperature, threshold: weights.threshold, bands: weights.bands }, null, 2)}\n`,
)
