import { VERSION } from '../version.ts'
import type { Command, Example, OptionSpec } from './command.ts'
import { EXIT_MEANINGS, GLOBAL_OPTIONS, globalOptionsOf } from './global-options.ts'
import type { Paint } from './paint.ts'
import { alignRows } from './table.ts'

/** What `callgate` and `callgate help` print. */
export function renderHelp(commands: readonly Command[], paint: Paint): string {
  const rows = commands.map((command) => [paint.name(command.name), command.summary])
  return page([
    `${paint.strong('callgate')} ${VERSION}: who may call which tool with which arguments`,
    '',
    `${paint.strong('usage')}  callgate COMMAND [options]`,
    '',
    paint.strong('commands'),
    ...alignRows(rows, '  '),
    '',
    paint.strong('options of every command'),
    ...optionLines(GLOBAL_OPTIONS, paint),
    '',
    paint.strong('exit codes'),
    ...alignRows(EXIT_MEANINGS, '  '),
    '',
    paint.strong('begin with'),
    ...exampleLines(FIRST_STEPS, paint),
  ])
}

const FIRST_STEPS: readonly Example[] = [
  { command: 'demo', summary: 'four sessions replayed against a policy' },
  { command: 'init', summary: 'a policy to start from' },
  { command: 'help can-i', summary: 'help on one command' },
]

/** What `callgate COMMAND --help` prints. */
export function renderCommandHelp(command: Command, paint: Paint): string {
  const formats = command.formats ?? []
  const global = globalOptionsOf(command)
  return page([
    `${paint.strong(`callgate ${command.name}`)}: ${command.summary}`,
    '',
    `${paint.strong('usage')}  ${`callgate ${command.name} ${command.usage}`.trimEnd()}`,
    ...(command.description === undefined ? [] : ['', ...command.description.split('\n')]),
    ...section('arguments', positionalLines(command, paint), paint),
    ...section('options', optionLines(command.options, paint), paint),
    ...section('options of every command', optionLines(global, paint, formats), paint),
    ...section('examples', exampleLines(command.examples, paint), paint),
  ])
}

/** What `callgate audit --help` prints: the commands that begin with the word. */
export function renderFamilyHelp(word: string, family: readonly Command[], paint: Paint): string {
  const rows = family.map((command) => [paint.name(command.name), command.summary])
  return page([
    `${paint.strong('usage')}  callgate ${word} WORD [options]`,
    '',
    ...alignRows(rows, '  '),
    '',
    `more: callgate ${family[0]?.name ?? word} --help`,
  ])
}

function section(title: string, lines: readonly string[], paint: Paint): readonly string[] {
  return lines.length === 0 ? [] : ['', paint.strong(title), ...lines]
}

function positionalLines(command: Command, paint: Paint): readonly string[] {
  return alignRows(
    command.positionals.map((one) => [paint.name(one.name), summaryOf(one)]),
    '  ',
  )
}

function optionLines(
  options: readonly OptionSpec[],
  paint: Paint,
  formats: readonly string[] = [],
): readonly string[] {
  const rows = options.map((option) => {
    const choices = option.name === 'format' && formats.length > 0 ? formats : option.choices
    return [paint.name(flagOf(option)), summaryOf({ ...option, ...(choices && { choices }) })]
  })
  return alignRows(rows, '  ')
}

/** `-q, --quiet` or `    --args JSON`. */
function flagOf(option: OptionSpec): string {
  const short = option.short === undefined ? '    ' : `-${option.short}, `
  const value = option.value === undefined ? '' : ` ${option.value}`
  return `${short}--${option.name}${value}`
}

function summaryOf(one: {
  readonly summary: string
  readonly choices?: readonly string[]
  readonly repeatable?: boolean
}): string {
  const choices = one.choices === undefined ? '' : `: ${one.choices.join(', ')}`
  return `${one.summary}${choices}${one.repeatable === true ? ' (may be repeated)' : ''}`
}

function exampleLines(examples: readonly Example[], paint: Paint): readonly string[] {
  const rows = examples.map((example) => [
    `callgate ${example.command}`,
    paint.quiet(`# ${example.summary}`),
  ])
  // Long examples would push every comment out of sight.
  const isWide = examples.some((example) => example.command.length > 56)
  if (!isWide) return alignRows(rows, '  ')
  return examples.flatMap((example) => [
    `  ${paint.quiet(`# ${example.summary}`)}`,
    `  callgate ${example.command}`,
  ])
}

function page(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`
}
