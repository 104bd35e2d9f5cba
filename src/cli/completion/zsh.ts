import type { Command, OptionSpec } from '../command.ts'
import { families, optionsOf, quoted, takesFiles, wordsOf } from './words.ts'

/** A zsh completion script. */
export function zshCompletion(commands: readonly Command[]): string {
  const groups = [...families(commands)]
  const names = [
    ...commands
      .filter(({ name }) => !name.includes(' '))
      .map((command) => `    ${quoted(`${command.name}:${command.summary}`)}`),
    ...groups.map(([first, seconds]) => `    ${quoted(`${first}:${seconds.join(', ')}`)}`),
  ]
  return `#compdef callgate
# callgate completion for zsh
_callgate() {
  local -a commands
  commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="\${words[2]}"
  shift words
  (( CURRENT-- ))
  case "$command" in
${groups.map(([first, seconds]) => familyBranch(first, seconds)).join('\n')}
  esac
  case "$command" in
${commands.map((command) => branch(command, commands)).join('\n')}
  esac
}
compdef _callgate callgate
`
}

/** A second word belongs to the name. */
function familyBranch(first: string, seconds: readonly string[]): string {
  return `    ${first})
      if (( CURRENT == 2 )); then
        compadd -- ${seconds.join(' ')}
        return
      fi
      command="$command \${words[2]}"
      shift words
      (( CURRENT-- )) ;;`
}

function branch(command: Command, commands: readonly Command[]): string {
  const specs = optionsOf(command).flatMap(optionSpecs)
  const words = wordsOf(command, commands)
  if (words.length > 0) specs.push(quoted(`*:argument:(${words.join(' ')})`))
  else if (takesFiles(command)) specs.push(quoted('*:file:_files'))
  return `    '${command.name}')
      _arguments \\
        ${specs.join(' \\\n        ')} ;;`
}

function optionSpecs(option: OptionSpec): readonly string[] {
  const flags = [`--${option.name}`, ...(option.short === undefined ? [] : [`-${option.short}`])]
  const repeat = option.repeatable === true ? '*' : ''
  const summary = option.summary.replaceAll(/[[\]:]/g, ' ')
  return flags.map((flag) => quoted(`${repeat}${flag}[${summary}]${valueSpec(option)}`))
}

function valueSpec(option: OptionSpec): string {
  if (option.value === undefined) return ''
  if (option.choices !== undefined) return `:value:(${option.choices.join(' ')})`
  return option.complete === undefined ? ':value: ' : ':file:_files'
}
