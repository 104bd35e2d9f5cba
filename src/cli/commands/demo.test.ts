import { describe, expect, it } from 'vitest'
import { run } from '../run-main.fixture.ts'

describe('demo', () => {
  it('replays the four scenarios with the figures that are expected', async () => {
    const { exit, stdout, stderr } = await run(['demo'])
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
    const figures = [...stdout.matchAll(/^RBAC allowed: (\d+) {3}denied: (\d+)$/gm)]
    expect(figures.map(([, allowed, denied]) => [allowed, denied])).toEqual([
      ['3', '0'],
      ['1', '1'],
      ['0', '3'],
      ['2', '1'],
    ])
    expect(stdout).toMatch(/^loaded RBAC policy: 4 roles, 3 bindings$/m)
    expect(stdout).toMatch(
      /^✗ agent=support-bot tool=db\.execute_sql reason=constraint_violation$/m,
    )
    expect(stdout).toMatch(/^✗ agent=rogue-agent tool=db\.execute_sql reason=no_binding$/m)
    expect(stdout).toMatch(/^0 events reached the behavioral engine$/m)
    expect(stdout).toMatch(/^SESSION ALLOWED$/m)
    expect(stdout).toMatch(/^secret_relay detected {2}event 4 -> event 5 {2}confidence=0\.9\d$/m)
    expect(stdout).toMatch(/^SESSION TERMINATED$/m)
    expect(stdout).not.toContain('sk-live')
  })

  it('gives the same as JSON', async () => {
    const { exit, stdout } = await run(['demo', '--format', 'json'])
    const { schema, surprises, sessions } = JSON.parse(stdout)
    expect({ exit, schema, surprises, sessions: sessions.length }).toEqual({
      exit: 0,
      schema: 1,
      surprises: [],
      sessions: 4,
    })
  })
})
