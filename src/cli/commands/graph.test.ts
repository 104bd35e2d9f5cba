import { describe, expect, it } from 'vitest'
import { demoFolder, run } from '../run-main.fixture.ts'

const draw = (...more: string[]) =>
  run(['graph', 'secret_relay.json', ...more], { cwd: demoFolder() })

describe('graph', () => {
  it('draws events, edges and rules as DOT', async () => {
    const { exit, stdout } = await draw()
    expect(exit).toBe(0)
    expect(stdout).toMatch(/^digraph "secret_relay" \{$/m)
    expect(stdout).toContain('e5 [label="5 → support.post_reply\\nsecret_relay')
    expect(stdout).not.toContain('sk-live')
  })

  it('links what was carried', async () => {
    const { stdout } = await run(
      ['graph', 'secret_relay.json', '--format', 'mermaid', '--session', 'secret_relay'],
      { cwd: demoFolder() },
    )
    expect(stdout).toMatch(/^flowchart TB$/m)
    expect(stdout).toMatch(/^ {2}e4 ==>\|"secret 0\.9\d"\| e5$/m)
  })

  it('gives one well-formed picture as SVG', async () => {
    const { stdout } = await draw('--format', 'svg')
    expect(stdout.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true)
    expect([stdout.match(/<path /g)?.length, stdout.includes('>stopped secret_relay')]).toEqual([
      2,
      true,
    ])
    expect(stdout).not.toContain('sk-live')
  })

  it('asks for one session where the file has several, and knows when there is none', async () => {
    const cwd = demoFolder()
    const several = await run(['graph', '.', '--format', 'svg'], { cwd })
    const none = await run(['graph', 'secret_relay.json', '--session', 'x'], { cwd })
    expect([several.exit, none.exit, none.stderr.includes('no such session')]).toEqual([2, 2, true])
  })
})
