import type { Command, OptionSpec } from '../command.ts'
import { families, optionsOf, quoted, takesFiles, wordsOf } from './words.ts'

/** A fish completion script. */
export function fishCompletion(commands: readonly Command[]): string {
  const lines = commands.flatMap((command) => commandLines(command, commands))
  const groups = [...families(commands)].flatMap(([first, seconds]) => [
    `complete -c callgate -n __fish_use_subcommand -a ${first}`,
    `complete -c callgate -n ${quoted(`${seen(first)}; and not ${seen(...seconds)}`)} -a ${quoted(seconds.join(' '))}`,
  ])
  return `# callgate completion for fish\ncomplete -c callgate -f\n${[...groups, ...lines].join('\n')}\n`
}

function seen(...words: readonly string[]): string {
  return `__fish_seen_subcommand_from ${words.join(' ')}`
}

function commandLines(command: Command, commands: readonly Command[]): readonly string[] {
  const named = command.name.split(' ')
  const within = `-n ${quoted(named.map((word) => seen(word)).join('; and '))}`
  const words = wordsOf(command, commands)
  return [
    ...(named.length > 1
      ? []
      : [
          `complete -c callgate -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.summary)}`,
        ]),
    ...optionsOf(command).map((option) => `complete -c callgate ${within} ${optionWords(option)}`),
    ...(words.length > 0 ? [`complete -c callgate ${within} -a ${quoted(words.join(' '))}`] : []),
    ...(takesFiles(command) ? [`complete -c callgate ${within} -F`] : []),
  ]
}

function optionWords(option: OptionSpec): string {
  const short = option.short === undefined ? '' : ` -s ${option.short}`
  return `-l ${option.name}${short}${valueWords(option)} -d ${quoted(option.summary)}`
}

function valueWords(option: OptionSpec): string {
  if (option.value === undefined) return ''
  if (option.choices !== undefined) return ` -x -a ${quoted(option.choices.join(' '))}`
  return option.complete === undefined ? ' -x' : ' -r -F'
}
