/** Builds `dist/`: the library for ESM and CommonJS with types, the binary, the schemas, the demo. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

rmSync(`${root}dist`, { recursive: true, force: true })
const built = spawnSync(process.execPath, ['node_modules/tsup/dist/cli-default.js', '--silent'], {
  cwd: root,
  stdio: 'inherit',
})
if (built.status !== 0) process.exit(built.status ?? 1)

cpSync(
  `${root}src/core/policy/schema/policy.schema.generated.json`,
  `${root}dist/policy.schema.json`,
)
cpSync(
  `${root}src/audit/schema/audit-record.schema.generated.json`,
  `${root}dist/audit-record.schema.json`,
)
mkdirSync(`${root}dist/demo`, { recursive: true })
cpSync(`${root}fixtures/policies/demo.yaml`, `${root}dist/demo/policy.yaml`)
cpSync(`${root}fixtures/policies/models-demo.yaml`, `${root}dist/demo/models.yaml`)
cpSync(`${root}fixtures/traces`, `${root}dist/demo/traces`, { recursive: true })
