// Runs every example against the built package, as a user's program would. Each asserts for itself.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const examples = join(root, 'examples')
let failed = 0
for (const item of readdirSync(examples, { withFileTypes: true })) {
  const folder = join(examples, item.name)
  if (!item.isDirectory() || existsSync(join(folder, 'package.json'))) continue
  for (const file of readdirSync(folder).filter((name) => /^(main|check)\.ts$/.test(name))) {
    const run = spawnSync(
      process.execPath,
      [join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs'), file],
      {
        cwd: folder,
        encoding: 'utf8',
        timeout: 60_000,
      },
    )
    console.log(`${run.status === 0 ? 'holds' : 'FAILS'}  examples/${item.name}/${file}`)
    if (run.status === 0) continue
    failed++
    console.error(run.stdout + run.stderr)
  }
}
process.exitCode = failed === 0 ? 0 : 1
