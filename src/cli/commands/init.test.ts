import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderWith, run } from '../run-main.fixture.ts'

describe('init', () => {
  it('writes a policy that is valid without a warning and names its schema', async () => {
    const cwd = folderWith()
    expect((await run(['init'], { cwd })).exit).toBe(0)
    const { exit, stdout } = await run(['validate', '--format', 'json'], { cwd })
    expect({ exit, warnings: JSON.parse(stdout).warnings }).toEqual({ exit: 0, warnings: [] })
    expect(readFileSync(join(cwd, 'callgate.yaml'), 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=/,
    )
  })

  it('writes a policy that does what its comments say', async () => {
    const cwd = folderWith()
    await run(['init'], { cwd })
    const ask = async (query: string) =>
      (
        await run(
          ['can-i', 'support-bot', 'invoke', 'db.execute_sql', '--args', JSON.stringify({ query })],
          { cwd },
        )
      ).exit
    expect([await ask('SELECT 1'), await ask('DELETE FROM a')]).toEqual([0, 1])
  })

  it('overwrites only with --force', async () => {
    const cwd = folderWith({ 'mine.yaml': 'version: 1\n' })
    const refused = await run(['init', 'mine.yaml'], { cwd })
    expect(refused.exit).toBe(2)
    expect(refused.stderr).toContain('`--force`')
    expect(readFileSync(join(cwd, 'mine.yaml'), 'utf8')).toBe('version: 1\n')
    expect((await run(['init', 'mine.yaml', '--force'], { cwd })).exit).toBe(0)
    expect(readFileSync(join(cwd, 'mine.yaml'), 'utf8')).toContain('roles:')
  })

  it('says that a folder is missing', async () => {
    const cwd = folderWith()
    writeFileSync(join(cwd, 'file'), '')
    expect((await run(['init', 'file/policy.yaml'], { cwd })).exit).toBe(4)
    expect((await run(['init', 'nowhere/policy.yaml'], { cwd })).exit).toBe(4)
  })
})
