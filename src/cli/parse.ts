import { parseArgs } from 'node:util'
import { didYouMean } from '../core/suggest.ts'
import {
  type Command,
  type Format,
  type OptionSpec,
  type OptionValues,
  UsageError,
} from './command.ts'
import { GLOBAL_OPTIONS } from './global-options.ts'

/** A command line split at its command. */
export interface SplitLine {
  /** Undefined: only global options were given. */
  readonly name: string | undefined
  /** Everything but the name. */
  readonly rest: readonly string[]
}

/**
 * Finds the command's name: the first word that is neither an option nor an option's value, and the
 * second one too where the first begins the names of several commands, such as `audit verify`.
 */
export function splitLine(argv: readonly string[], commands: readonly Command[]): SplitLine {
  const { tokens } = tokenise(argv, GLOBAL_OPTIONS)
  const [first, second] = tokens.filter((token) => token.kind === 'positional')
  if (first === undefined) return { name: undefined, rest: argv }
  const isFamily = commands.some(({ name }) => name.startsWith(`${first.value} `))
  // A first word that is a command itself may be followed by something else, such as a value.
  const isCommand = (word: string): boolean => commands.some(({ name }) => name === word)
  const hasSecond =
    second !== undefined &&
    isFamily &&
    (isCommand(`${first.value} ${second.value}`) || !isCommand(first.value))
  const words = hasSecond ? [first, second] : [first]
  return {
    name: words.map(({ value }) => value).join(' '),
    rest: argv.filter((_, index) => !words.some((word) => word.index === index)),
  }
}

export interface ParsedLine {
  readonly options: OptionValues
  readonly positionals: readonly string[]
}

/**
 * Reads the options and positionals that a list of options allows.
 * @throws {UsageError} for an option that is unknown, lacks its value or has one too many
 */
export function parseLine(argv: readonly string[], specs: readonly OptionSpec[]): ParsedLine {
  const values = new Map<string, string[]>()
  const positionals: string[] = []
  for (const token of tokenise(argv, specs).tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const spec = specs.find((one) => one.name === token.name)
    if (spec === undefined) throw unknownOption(token.rawName, specs)
    // `--policy --format json` is a forgotten value, not a policy called `--format`.
    const isForgotten = token.inlineValue === false && /^-./.test(token.value ?? '')
    const value = checkedValue(spec, token.rawName, isForgotten ? undefined : token.value)
    values.set(spec.name, [...(values.get(spec.name) ?? []), value])
  }
  return {
    positionals,
    options: {
      text: (name) => values.get(name)?.at(-1),
      flag: (name) => values.has(name),
      list: (name) => values.get(name) ?? [],
    },
  }
}

function tokenise(argv: readonly string[], specs: readonly OptionSpec[]) {
  const options = Object.fromEntries(
    specs.map((spec) => [
      spec.name,
      {
        type: spec.value === undefined ? ('boolean' as const) : ('string' as const),
        multiple: true,
        ...(spec.short === undefined ? {} : { short: spec.short }),
      },
    ]),
  )
  return parseArgs({
    args: [...argv],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
}

function checkedValue(spec: OptionSpec, typed: string, value: string | undefined): string {
  if (spec.value === undefined) {
    if (value === undefined) return ''
    throw new UsageError(`\`${typed}\` takes no value`, `write \`${typed}\` alone`)
  }
  if (value === undefined || (value === '' && spec.choices !== undefined))
    throw new UsageError(`\`${typed}\` needs a value`, `write \`--${spec.name} ${spec.value}\``)
  if (spec.choices !== undefined && !spec.choices.includes(value))
    throw new UsageError(
      `\`${typed}\` does not know \`${value}\``,
      didYouMean(value, spec.choices) ?? `it takes ${spec.choices.join(', ')}`,
    )
  return value
}

function unknownOption(typed: string, specs: readonly OptionSpec[]): UsageError {
  const known = specs.map((spec) => `--${spec.name}`)
  const hint = didYouMean(typed, known)
  return new UsageError(`unknown option \`${typed}\``, hint ?? undefined)
}

/**
 * Checks the words of a command against what it takes.
 * @throws {UsageError} for one that is missing, too many or not among the choices
 */
export function checkPositionals(command: Command, given: readonly string[]): void {
  const specs = command.positionals
  const missing = specs.find((spec, index) => spec.optional !== true && given[index] === undefined)
  if (missing !== undefined)
    throw new UsageError(
      `\`${command.name}\` needs ${missing.name}: ${missing.summary}`,
      `write \`callgate ${command.name} ${command.usage}\``,
    )
  const extra = specs.at(-1)?.repeatable === true ? undefined : given[specs.length]
  if (extra !== undefined)
    throw new UsageError(
      `\`${command.name}\` does not know what to do with \`${extra}\``,
      `write \`callgate ${command.name} ${command.usage}\``,
    )
  specs.forEach((spec, index) => {
    const value = given[index]
    if (value === undefined || spec.choices === undefined || spec.choices.includes(value)) return
    throw new UsageError(
      `${spec.name} is one of ${spec.choices.join(', ')}, not \`${value}\``,
      didYouMean(value, spec.choices) ?? undefined,
    )
  })
}

/**
 * The format asked for, or the command's first.
 * @throws {UsageError} for a format that the command does not write
 */
export function formatOf(command: Command, options: OptionValues): Format {
  const formats = command.formats ?? ['text']
  const asked = options.text('format')
  const found = asked === undefined ? formats[0] : formats.find((format) => format === asked)
  if (found !== undefined) return found
  throw new UsageError(
    `\`${command.name}\` does not write \`${asked ?? ''}\``,
    `it writes ${formats.join(', ')}`,
  )
}
