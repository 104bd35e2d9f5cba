import { expect, it } from 'vitest'
import { COMMANDS } from './commands/index.ts'
import { renderReference } from './reference.ts'

it('describes every command and option on the reference page', () => {
  const page = renderReference(COMMANDS)
  for (const command of COMMANDS) {
    expect(page).toContain(`## \`callgate ${command.name}\``)
    for (const option of command.options) expect(page).toContain(`\`--${option.name}`)
  }
})
