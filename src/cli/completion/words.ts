import type { Command, OptionSpec } from '../command.ts'
import { globalOptionsOf } from '../global-options.ts'

/** Options of a command with the global ones; `--format` offers what the command writes. */
export function optionsOf(command: Command): readonly OptionSpec[] {
  const formats = command.formats ?? []
  return [...command.options, ...globalOptionsOf(command)].map((option) =>
    option.name === 'format' ? { ...option, choices: formats } : option,
  )
}

/** Words that a command line begins with, each once. */
export function firstWords(commands: readonly Command[]): readonly string[] {
  return [...new Set(commands.map(({ name }) => name.split(' ')[0] ?? ''))]
}

/** Second words by the first word of commands that have two. */
export function families(commands: readonly Command[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const { name } of commands) {
    const [first = '', second] = name.split(' ')
    if (second !== undefined) found.set(first, [...(found.get(first) ?? []), second])
  }
  return found
}

/** Words that a command's positionals may be: choices, or the names of commands. */
export function wordsOf(command: Command, commands: readonly Command[]): readonly string[] {
  return command.positionals.flatMap((one) => {
    if (one.complete === 'command') return firstWords(commands)
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
