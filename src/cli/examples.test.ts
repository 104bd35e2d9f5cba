import { describe, expect, it } from 'vitest'
import { COMMANDS } from './commands/index.ts'
import { demoFolder, run } from './run-main.fixture.ts'

const EXAMPLES = COMMANDS.flatMap(({ examples }) => examples.map(({ command }) => command))

// Their files are not among those of the demo.
const ELSEWHERE = /^test( policies|.* --policy policy\.yaml|$)/

describe('the examples of the help', () => {
  it.each(EXAMPLES.filter((one) => !ELSEWHERE.test(one)))('`callgate %s` works', async (line) => {
    const { exit, stdout, stderr } = await run(words(line), { cwd: demoFolder() })
    expect({ known: exit === 0 || exit === 1, stderr, isEmpty: stdout === '' }).toEqual({
      known: true,
      stderr: '',
      isEmpty: false,
    })
  })

  it.each(COMMANDS.map(({ name }) => name))('begin with the name of their command: %s', (name) => {
    const command = COMMANDS.find((one) => one.name === name)
    for (const { command: line } of command?.examples ?? []) expect(words(line)[0]).toBe(name)
  })
})

/** Splits as a shell does, as far as the examples need it. */
function words(line: string): string[] {
  return (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''))
}
