// What users get: packs the built package, installs the tarball into an empty project, loads every
// entry as ESM and as CommonJS, decides with both, and runs the binary.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'callgate-pack-'))
const policy = `
roles:
  - { name: r, rules: [{ resources: [db.q], verbs: [invoke], constraints: { sql_intent: { allow: [select], dialect: postgresql }, matches: { field: tag, pattern: "^[a-z]+$" } } }] }
bindings: [{ agent: a, roles: [r] }]
`
const body = `
const policy = parsePolicy(${JSON.stringify(policy)})
const engine = createPolicyEngine({ policy, audit: [memorySink()] })
const ask = async (query) => (await engine.explain({ session: 's', subject: { agent: 'a' }, resource: 'db.q', arguments: { query, tag: 'x' } })).decision.reason
const main = async () => {
  const got = [await ask('SELECT 1'), await ask('DROP TABLE t')].join()
  if (got !== 'allowed,constraint_violation') throw new Error(got)
  if (typeof createTestEngine !== 'function') throw new Error('no test kit')
}
main().then(() => console.log('holds'), (error) => { console.error(error); process.exitCode = 1 })
`
writeFileSync(join(folder, 'package.json'), '{"private":true}\n')
writeFileSync(
  join(folder, 'load.mjs'),
  `import { createPolicyEngine, parsePolicy } from 'callgate'
import { memorySink } from 'callgate/audit'
import { createTestEngine } from 'callgate/testing'
import schema from 'callgate/policy.schema.json' with { type: 'json' }
if (typeof schema.title !== 'string') throw new Error('no schema')
${body}`,
)
writeFileSync(
  join(folder, 'load.cjs'),
  `const { createPolicyEngine, parsePolicy } = require('callgate')
const { memorySink } = require('callgate/audit')
const { createTestEngine } = require('callgate/testing')
require('callgate/package.json')
${body}`,
)

const run = (command, args, cwd) => {
  const done = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (done.status !== 0) {
    console.error(done.stdout + done.stderr)
    throw new Error(`${args.join(' ')} ended with ${done.status}`)
  }
  return done.stdout
}
const npm = (args, cwd) =>
  process.env.npm_execpath
    ? run(process.execPath, [process.env.npm_execpath, ...args], cwd)
    : run('npm', args, cwd)

try {
  const packed = npm(['pack', '--ignore-scripts', '--json', '--pack-destination', folder], root)
  const [{ filename, unpackedSize, entryCount }] = JSON.parse(packed)
  npm(['install', '--no-audit', '--no-fund', '--loglevel=error', `./${filename}`], folder)
  for (const file of ['load.mjs', 'load.cjs'])
    console.log(`${run(process.execPath, [file], folder).trim()}  ${file}`)
  const binary = join('node_modules', 'callgate', 'dist', 'cli.js')
  run(process.execPath, [binary, 'demo'], folder)
  console.log(
    `holds  callgate demo\npackage of ${entryCount} files, ${(unpackedSize / 1024).toFixed(0)} KiB`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
