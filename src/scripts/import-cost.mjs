// The root entry may cost at most 30 ms more than an empty module, and load no parser, no validator
// compiler and no SDK. Processes are timed in pairs, so that a slow machine slows both.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const BUDGET_MS = 30
const FORBIDDEN = ['yaml', 'ajv', 'libpg-query', 're2js', 'openai', '@modelcontextprotocol']
const root = fileURLToPath(new URL('../../', import.meta.url))
const entry = pathToFileURL(join(root, 'dist', 'index.js')).href
const folder = mkdtempSync(join(tmpdir(), 'callgate-import-'))
const empty = join(folder, 'empty.mjs')
writeFileSync(empty, 'export {}\n')

const importMs = (href) => {
  const code = `const s = performance.now(); await import(${JSON.stringify(href)}); process.stdout.write(String(performance.now() - s))`
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
  if (run.status !== 0) throw new Error(run.stderr)
  return Number(run.stdout)
}
const medianExtra = () => {
  const extras = []
  for (let round = 0; round < 11; round++)
    extras.push(importMs(entry) - importMs(pathToFileURL(empty).href))
  return extras.sort((a, b) => a - b)[5]
}
// What else runs on a machine only adds: the least of up to five medians is nearest to the cost.
let extra = medianExtra()
for (let round = 1; round < 5 && extra > BUDGET_MS; round++) extra = Math.min(extra, medianExtra())

// Which packages end up loaded: both module systems leave traces.
const probe = `
  await import(${JSON.stringify(entry)})
  const { createRequire } = await import('node:module')
  const cache = Object.keys(createRequire(${JSON.stringify(entry)}).cache)
  process.stdout.write(cache.join('\\n'))`
const loaded = spawnSync(process.execPath, ['--input-type=module', '-e', probe], {
  encoding: 'utf8',
}).stdout
const found = FORBIDDEN.filter((name) => loaded.includes(`node_modules/${name}`))

rmSync(folder, { recursive: true })
console.log(
  `importing callgate costs ${extra.toFixed(1)} ms more than an empty module (budget ${BUDGET_MS} ms)`,
)
if (found.length > 0) console.error(`it loads ${found.join(', ')}, which it must not`)
if (extra > BUDGET_MS || found.length > 0) process.exitCode = 1
