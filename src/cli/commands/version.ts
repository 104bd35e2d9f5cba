import { VERSION } from '../../version.ts'
import { type Command, EXIT } from '../command.ts'

export const versionCommand: Command = {
  name: 'version',
  summary: 'the version of callgate and of Node.js',
  usage: '',
  options: [],
  positionals: [],
  formats: ['text', 'json'],
  examples: [{ command: 'version --format json', summary: 'for scripts' }],
  run({ stdout, format }) {
    const versions = { callgate: VERSION, node: process.versions.node }
    stdout.write(
      format === 'json'
        ? `${JSON.stringify({ schema: 1, ...versions })}\n`
        : `callgate ${versions.callgate}\nnode ${versions.node}\n`,
    )
    return EXIT.yes
  },
}
