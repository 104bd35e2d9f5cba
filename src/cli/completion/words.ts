import type { Command, OptionSpec } from '../command.ts'
import { GLOBAL_OPTIONS } from '../global-options.ts'

/** Options of a command with the global ones; `--format` offers what the command writes. */
export function optionsOf(command: Command): readonly OptionSpec[] {
  const formats = command.formats ?? []
  const global = GLOBAL_OPTIONS.filter((option) => option.name !== 'format' || formats.length > 0)
  return [...command.options, ...global].map((option) =>
    option.name === 'format' ? { ...option, choices: formats } : option,
  )
}

/** Words that a command's positionals may be: choices, or the names of commands. */
export function wordsOf(command: Command, commands: readonly Command[]): readonly string[] {
  return command.positionals.flatMap((one) => {
    if (one.complete === 'command') return commands.map((other) => other.name)
    return one.choices ?? []
  })
}

export function takesFiles(command: Command): boolean {
  return command.positionals.some((one) => one.complete === 'file' || one.complete === 'directory')
}

/** Text between single quotes of a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
