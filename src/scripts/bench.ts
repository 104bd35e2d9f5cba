/**
 * Runs every `*.bench.ts` and prints its table.
 *   npm run bench [-- NAME ...]
 * Peers are compared where `examples/benchmark` is installed (npm ci --prefix examples/benchmark).
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const src = fileURLToPath(new URL('..', import.meta.url))
const wanted = process.argv.slice(2)
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.bench.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((name) => file.includes(name)))
  .sort()

console.log(`node ${process.version}, ${process.arch}`)
for (const file of files) {
  const bench = (await import(pathToFileURL(join(src, file)).href)) as {
    run(print: (line: string) => void): Promise<void>
  }
  await bench.run((line) => console.log(line))
}
if (files.length === 0) {
  console.error('no benchmark of that name')
  process.exitCode = 1
}
