import type { Command, OptionSpec } from './command.ts'
import { EXIT_MEANINGS, GLOBAL_OPTIONS } from './global-options.ts'

/** The reference page of the command line, in Markdown, from the same table as the help. */
export function renderReference(commands: readonly Command[]): string {
  const lines = [
    '# Command line',
    '',
    'Generated from the table that `callgate help` reads; change the commands, not this page.',
    '',
    '`callgate COMMAND [options]` writes data to stdout and everything else to stderr.',
    '',
    '## Exit codes',
    '',
    '| Code | Meaning, whatever the format |',
    '|---|---|',
    ...EXIT_MEANINGS.map(([code, meaning]) => `| ${code} | ${meaning} |`),
    '',
    '## Options of every command',
    '',
    ...optionTable(GLOBAL_OPTIONS),
    ...commands.flatMap(commandSection),
  ]
  return `${lines.join('\n')}\n`
}

function commandSection(command: Command): readonly string[] {
  return [
    '',
    `## \`callgate ${command.name}\``,
    '',
    `${capitalised(command.summary)}.`,
    '',
    '```',
    `callgate ${command.name} ${command.usage}`.trimEnd(),
    '```',
    ...(command.description === undefined ? [] : ['', command.description]),
    ...(command.positionals.length === 0 ? [] : ['', ...positionalTable(command)]),
    ...(command.options.length === 0 ? [] : ['', ...optionTable(command.options)]),
    ...(command.formats === undefined ? [] : ['', formatLine(command.formats)]),
    ...(command.examples.length === 0 ? [] : ['', ...examples(command)]),
  ]
}

function positionalTable(command: Command): readonly string[] {
  return [
    '| Argument | Meaning |',
    '|---|---|',
    ...command.positionals.map(
      (one) => `| \`${one.name.replaceAll('|', '\\|')}\` | ${cell(one.summary, one)} |`,
    ),
  ]
}

function optionTable(options: readonly OptionSpec[]): readonly string[] {
  return [
    '| Option | Meaning |',
    '|---|---|',
    ...options.map((option) => {
      const value = option.value === undefined ? '' : ` ${option.value.replaceAll('|', '\\|')}`
      const short = option.short === undefined ? '' : `\`-${option.short}\`, `
      return `| ${short}\`--${option.name}${value}\` | ${cell(option.summary, option)} |`
    }),
  ]
}

function cell(
  summary: string,
  one: { readonly choices?: readonly string[]; readonly repeatable?: boolean },
): string {
  const choices =
    one.choices === undefined ? '' : `: ${one.choices.map((c) => `\`${c}\``).join(', ')}`
  return `${summary.replaceAll('|', '\\|')}${choices}${one.repeatable === true ? ' (may be repeated)' : ''}`
}

function formatLine(formats: readonly string[]): string {
  return `Formats: ${formats.map((format) => `\`${format}\``).join(', ')}.`
}

function examples(command: Command): readonly string[] {
  return [
    '```sh',
    ...command.examples.flatMap((one) => [`# ${one.summary}`, `callgate ${one.command}`]),
    '```',
  ]
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
