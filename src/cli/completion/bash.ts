import type { Command } from '../command.ts'
import { families, firstWords, optionsOf, takesFiles, wordsOf } from './words.ts'

/** A bash completion script; needs no bash-completion package. */
export function bashCompletion(commands: readonly Command[]): string {
  const names = firstWords(commands).join(' ')
  const groups = [...families(commands)]
  return `# callgate completion for bash
_callgate() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="" index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case " ${names} " in *" \${COMP_WORDS[index]} "*) command="\${COMP_WORDS[index]}"; break ;; esac
  done
  COMPREPLY=()
  case "$command" in
    ${groups.map(([first]) => first).join('|')}) ((index + 1 < COMP_CWORD)) && command="$command \${COMP_WORDS[index + 1]}" ;;
  esac
  case "$command" in
    '') COMPREPLY=($(compgen -W "${names} --help --version" -- "$word")) ;;
${groups.map(([first, seconds]) => `    ${first}) ${reply(`-W "${seconds.join(' ')}"`)} ;;`).join('\n')}
${commands.map((command) => branch(command, commands)).join('\n')}
  esac
}
complete -o filenames -F _callgate callgate
`
}

function branch(command: Command, commands: readonly Command[]): string {
  const options = optionsOf(command)
  const values = options
    .filter((option) => option.value !== undefined)
    .map((option) => {
      const flags = [
        `--${option.name}`,
        ...(option.short === undefined ? [] : [`-${option.short}`]),
      ]
      return `        ${flags.join('|')}) ${reply(valueWords(option))}; return ;;`
    })
  const flags = options.map((option) => `--${option.name}`)
  const words = wordsOf(command, commands)
  const rest = takesFiles(command) ? '-f ' : ''
  return `    '${command.name}')
      case "$before" in
${values.join('\n')}
      esac
      if [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "${flags.join(' ')}" -- "$word"))
      else COMPREPLY=($(compgen ${rest}-W "${words.join(' ')}" -- "$word")); fi ;;`
}

function valueWords(option: {
  readonly choices?: readonly string[]
  readonly complete?: string
}): string {
  if (option.choices !== undefined) return `-W "${option.choices.join(' ')}"`
  return option.complete === undefined ? '-W ""' : '-f'
}

function reply(words: string): string {
  return `COMPREPLY=($(compgen ${words} -- "$word"))`
}
