import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { type Command, EXIT, UsageError } from '../command.ts'
import { printable } from '../paint.ts'
import { DEFAULT_POLICY, pathOf } from '../policy.ts'
import { STARTER_POLICY } from '../starter-policy.ts'

export const initCommand: Command = {
  name: 'init',
  summary: 'write a commented policy to start from',
  usage: '[FILE] [--force]',
  options: [{ name: 'force', summary: 'overwrite the file if it is there' }],
  positionals: [
    {
      name: 'FILE',
      summary: `where to write it (${DEFAULT_POLICY})`,
      optional: true,
      complete: 'file',
    },
  ],
  examples: [{ command: 'init', summary: `writes ${DEFAULT_POLICY}` }],
  async run(context) {
    const { stdout, options, paint, positionals } = context
    const shown = positionals[0] ?? DEFAULT_POLICY
    const file = pathOf(context, shown)
    const force = options.flag('force')
    if (!force && existsSync(file))
      throw new UsageError(`\`${shown}\` is there already`, 'add `--force` to overwrite it')
    await writeFile(file, STARTER_POLICY, { flag: force ? 'w' : 'wx' })
    stdout.write(
      [
        `${paint.good('✓')} wrote ${printable(shown)}`,
        '',
        `  callgate validate ${printable(shown)}`,
        `  callgate can-i support-bot --list --policy ${printable(shown)}`,
        '',
      ].join('\n'),
    )
    return EXIT.yes
  },
}
