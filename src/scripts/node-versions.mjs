// Runs the tests under other versions of Node: node src/scripts/node-versions.mjs 22 24 26
// They come from the package registry as plain binaries, into a cache folder outside the lock file.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const versions = process.argv.slice(2).length > 0 ? process.argv.slice(2) : ['22', '24', '26']
const platform = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
const cache = join(root, '.cache', 'node')
mkdirSync(cache, { recursive: true })
writeFileSync(join(cache, 'package.json'), '{"private":true}\n')

let failed = 0
for (const version of versions) {
  const binary = join(
    cache,
    'node_modules',
    `n${version}`,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  )
  if (!existsSync(binary)) {
    const wanted = `n${version}@npm:${platform}@${version}`
    const got = spawnSync(
      'npm',
      ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--force', wanted],
      {
        cwd: cache,
        stdio: ['ignore', 2, 2],
      },
    )
    if (got.status !== 0) process.exit(got.status ?? 1)
  }
  const name = spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout.trim()
  console.log(`\nNode ${name}`)
  for (const args of [
    ['node_modules/vitest/vitest.mjs', 'run', '--reporter=dot'],
    ['dist/cli.js', 'demo'],
    ['-e', "const { parsePolicy } = require('./dist/index.cjs'); parsePolicy('roles: []')"],
  ]) {
    const run = spawnSync(binary, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    if (run.status !== 0) {
      failed++
      console.error(`Node ${name}: ${args[0]} failed`)
    }
  }
}
process.exitCode = failed === 0 ? 0 : 1
