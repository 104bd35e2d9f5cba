// Makes a bare clone ready, with nothing but Node and npm: installs from the lock file when it or
// Node has changed, and with --build builds when a source is newer than the build.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`callgate needs Node 20.19 or later, this is ${process.version}`)
  process.exit(1)
}

const lock = readFileSync(join(root, 'package-lock.json'))
const wanted = createHash('sha256').update(lock).update(process.version).digest('hex')
const stampFile = join(root, 'node_modules', '.callgate-stamp')
const stamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : ''
if (stamp !== wanted) {
  console.error('installing dependencies from package-lock.json ...')
  run(['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(stampFile, wanted)
}

const entry = join(root, 'dist', 'cli.js')
if (
  process.argv.includes('--build') &&
  (!existsSync(entry) || newestSource() > statSync(entry).mtimeMs)
) {
  console.error('building ...')
  run(['run', '--silent', 'build'])
}

function run(args) {
  // npm's own path where npm started us: no shell, so it works the same on every platform.
  const npm = process.env.npm_execpath
  const done = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, {
        cwd: root,
        stdio: ['ignore', 2, 2],
        shell: process.platform === 'win32',
      })
  if (done.status !== 0) process.exit(done.status ?? 1)
}

function newestSource() {
  let newest = 0
  const visit = (folder) => {
    for (const item of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, item.name)
      if (item.isDirectory()) visit(path)
      else newest = Math.max(newest, statSync(path).mtimeMs)
    }
  }
  for (const folder of ['src', 'fixtures']) visit(join(root, folder))
  for (const file of ['package.json', 'tsup.config.ts', 'tsconfig.json'])
    newest = Math.max(newest, statSync(join(root, file)).mtimeMs)
  return newest
}
