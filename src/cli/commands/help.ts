import { didYouMean } from '../../core/suggest.ts'
import { type Command, EXIT, UsageError } from '../command.ts'
import { renderCommandHelp, renderFamilyHelp, renderHelp } from '../help.ts'
import { renderReference } from '../reference.ts'

export const helpCommand: Command = {
  name: 'help',
  summary: 'what the commands do, with examples',
  usage: '[COMMAND]',
  options: [],
  positionals: [
    {
      name: 'COMMAND',
      summary: 'the command to explain',
      optional: true,
      repeatable: true,
      complete: 'command',
    },
  ],
  formats: ['text', 'md'],
  examples: [
    { command: 'help can-i', summary: 'one command' },
    { command: 'help --format md', summary: 'the reference page of all of them' },
  ],
  run({ stdout, positionals, format, paint, commands }) {
    const name = positionals.length === 0 ? undefined : positionals.join(' ')
    const family = commands.filter((one) => one.name.startsWith(`${name} `))
    const command = commands.find((one) => one.name === name)
    if (name !== undefined && command === undefined && family.length === 0) {
      const hint = didYouMean(
        name,
        commands.map((one) => one.name),
      )
      throw new UsageError(`there is no command \`${name}\``, hint ?? undefined)
    }
    const shown = command === undefined ? family : [command]
    if (format === 'md') stdout.write(renderReference(shown.length === 0 ? commands : shown))
    else if (name !== undefined && command === undefined)
      stdout.write(renderFamilyHelp(name, family, paint))
    else
      stdout.write(
        command === undefined ? renderHelp(commands, paint) : renderCommandHelp(command, paint),
      )
    return EXIT.yes
  },
}
