import { type Command, EXIT } from '../command.ts'
import { bashCompletion } from '../completion/bash.ts'
import { fishCompletion } from '../completion/fish.ts'
import { zshCompletion } from '../completion/zsh.ts'

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const

export const completionCommand: Command = {
  name: 'completion',
  summary: 'a completion script for your shell',
  usage: 'bash|zsh|fish',
  description: `Put one of these where your shell starts:
  bash   source <(callgate completion bash)
  zsh    source <(callgate completion zsh)
  fish   callgate completion fish | source`,
  options: [],
  positionals: [{ name: 'SHELL', summary: 'which shell', choices: ['bash', 'zsh', 'fish'] }],
  examples: [{ command: 'completion bash', summary: 'to read it first' }],
  run({ stdout, positionals, commands }) {
    const shell = positionals[0] as keyof typeof SHELLS // `main` has checked it against the choices
    stdout.write(SHELLS[shell](commands))
    return EXIT.yes
  },
}
