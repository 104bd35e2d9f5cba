import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from './commands/index.ts'
import { renderReference } from './reference.ts'

const PAGE = new URL('../../docs/reference/command-line.md', import.meta.url)
const page = readFileSync(PAGE, 'utf8')

describe('the reference page of the command line', () => {
  it('is what the commands make of it', () => {
    expect(renderReference(COMMANDS)).toBe(page)
  })

  it('has a section for every command, in the order of the help', () => {
    expect(page.match(/(?<=^## `callgate ).+(?=`$)/gm)).toEqual([
      'demo',
      'init',
      'validate',
      'test',
      'can-i',
      'explain',
      'replay',
      'eval',
      'graph',
      'gateway',
      'router',
      'router train',
      'router eval',
      'router replay',
      'audit verify',
      'audit query',
      'audit tail',
      'audit export',
      'audit stats',
      'audit prune',
      'completion',
      'help',
      'version',
    ])
  })

  it.each([
    ['an exit code', '| 3 | a policy has problems |'],
    ['a global option', '| `-h`, `--help` | what a command does, with examples |'],
    ['how a command is typed', 'callgate can-i AGENT VERB RESOURCE [--args JSON] | AGENT --list'],
    ['an argument with its choices', '| `VERB` | what for: `discover`, `invoke`, `admin` |'],
    ['an option whose value has a bar', '| `--args JSON\\|@FILE` | the arguments of the call |'],
    ['a short option', '| `-q`, `--quiet` | only the exit code |'],
    ['a repeatable option', '| `--group NAME` | a group they are in (may be repeated) |'],
    ['formats', 'Formats: `text`, `json`, `ndjson`, `junit`, `tap`, `github`, `md`.'],
    ['an example', '# one file\ncallgate validate demo.yaml\n'],
  ])('shows %s', (_what, lines) => {
    expect(`\n${page}`).toContain(`\n${lines}`)
  })
})
