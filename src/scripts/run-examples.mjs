// Runs every example against the built package, as a user's program would. Each asserts for itself.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const examples = join(root, 'examples')
const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs')
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')

let failed = 0
for (const item of readdirSync(examples, { withFileTypes: true })) {
  const folder = join(examples, item.name)
  // What has a manifest of its own is not part of this package's promise: see examples/benchmark.
  if (!item.isDirectory() || existsSync(join(folder, 'package.json'))) continue
  for (const file of readdirSync(folder)) {
    if (file === 'main.ts' || file === 'check.ts') hold(item.name, file, [tsx, file], folder)
    if (file.endsWith('.test.ts')) hold(item.name, file, [vitest, 'run', '--root', folder], folder)
  }
}
process.exitCode = failed === 0 ? 0 : 1

function hold(example, file, args, cwd) {
  const run = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', timeout: 60_000 })
  console.log(`${run.status === 0 ? 'holds' : 'FAILS'}  examples/${example}/${file}`)
  if (run.status === 0) return
  failed++
  console.error(run.stdout + run.stderr)
}
