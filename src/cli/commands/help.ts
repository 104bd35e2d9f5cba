import { didYouMean } from '../../core/suggest.ts'
import { type Command, EXIT, UsageError } from '../command.ts'
import { renderCommandHelp, renderHelp } from '../help.ts'
import { renderReference } from '../reference.ts'

export const helpCommand: Command = {
  name: 'help',
  summary: 'what the commands do, with examples',
  usage: '[COMMAND]',
  options: [],
  positionals: [
    { name: 'COMMAND', summary: 'the command to explain', optional: true, complete: 'command' },
  ],
  formats: ['text', 'md'],
  examples: [
    { command: 'help can-i', summary: 'one command' },
    { command: 'help --format md', summary: 'the reference page of all of them' },
  ],
  run({ stdout, positionals, format, paint, commands }) {
    const [name] = positionals
    const command = commands.find((one) => one.name === name)
    if (name !== undefined && command === undefined) {
      const hint = didYouMean(
        name,
        commands.map((one) => one.name),
      )
      throw new UsageError(`there is no command \`${name}\``, hint ?? undefined)
    }
    if (format === 'md') stdout.write(renderReference(command === undefined ? commands : [command]))
    else
      stdout.write(
        command === undefined ? renderHelp(commands, paint) : renderCommandHelp(command, paint),
      )
    return EXIT.yes
  },
}
