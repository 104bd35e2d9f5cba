import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')
const SCHEMA = join(ROOT, 'src', 'core', 'policy', 'schema')

function run(...args: readonly string[]) {
  return spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', timeout: 60_000 })
}

describe('the generated schema', () => {
  it('is what the sources say', () => {
    const script = join(import.meta.dirname, 'generate-schema.ts')
    const { status, stderr } = run('--import', 'tsx', script, '--check')
    expect([status, stderr]).toEqual([0, ''])
  }, 60_000)

  it('validates without evaluating text as code, and requires nothing', () => {
    const script = `
      const { validate } = await import(${JSON.stringify(join(SCHEMA, 'validate.generated.js'))})
      console.log(validate({ roles: [] }), validate({ role: [] }))`
    const { stdout } = run(
      '--disallow-code-generation-from-strings',
      '--input-type=module',
      '-e',
      script,
    )
    expect(stdout).toBe('true false\n')
  })
})
