import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { run } from '../run-main.fixture.ts'

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish'])('writes a %s script that the shell can read', async (shell) => {
    const { exit, stdout } = await run(['completion', shell])
    expect({ exit, named: stdout.includes('can-i') }).toEqual({ exit: 0, named: true })
    if (has(shell)) expect(spawnSync(shell, ['-n'], { input: stdout }).stderr.toString()).toBe('')
  })

  it.runIf(has('bash')).each([
    ['callgate va', 'validate'],
    ['callgate replay --ob', '--observe'],
    ['callgate can-i --tier an', 'anonymous'],
    ['callgate can-i --policy x su', ''],
    ['callgate validate --format sa', 'sarif'],
    ['callgate completion f', 'fish'],
    ['callgate help expl', 'explain'],
    ['callgate aud', 'audit'],
    ['callgate audit ver', 'verify'],
    ['callgate audit query --cal', '--calls'],
    ['callgate audit export --format oc', 'ocsf'],
  ])('completes `%s` in bash', async (line, wanted) => {
    const { stdout: script } = await run(['completion', 'bash'])
    const words = line.split(' ').map((word) => `'${word}'`)
    const asked = `${script}\nCOMP_WORDS=(${words.join(' ')})\nCOMP_CWORD=${words.length - 1}\n_callgate\nprintf '%s' "\${COMPREPLY[*]}"`
    expect(spawnSync('bash', { input: asked }).stdout.toString()).toBe(wanted)
  })
})
