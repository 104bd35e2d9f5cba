import type { Command, OptionSpec } from '../command.ts'
import { optionsOf, quoted, takesFiles, wordsOf } from './words.ts'

/** A zsh completion script. */
export function zshCompletion(commands: readonly Command[]): string {
  const names = commands.map((command) => `    ${quoted(`${command.name}:${command.summary}`)}`)
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
${commands.map((command) => branch(command, commands)).join('\n')}
  esac
}
compdef _callgate callgate
`
}

function branch(command: Command, commands: readonly Command[]): string {
  const specs = optionsOf(command).flatMap(optionSpecs)
  const words = wordsOf(command, commands)
  if (words.length > 0) specs.push(quoted(`*:argument:(${words.join(' ')})`))
  else if (takesFiles(command)) specs.push(quoted('*:file:_files'))
  return `    ${command.name})
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
