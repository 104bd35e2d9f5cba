import { didYouMean } from '../core/suggest.ts'
import { VERSION } from '../version.ts'
import {
  type Command,
  type CommandContext,
  type CommandLineIo,
  EXIT,
  UsageError,
} from './command.ts'
import { COMMANDS } from './commands/index.ts'
import { reportFailure } from './failure.ts'
import { GLOBAL_OPTIONS } from './global-options.ts'
import { renderCommandHelp, renderFamilyHelp, renderHelp } from './help.ts'
import { createPaint, wantsColor } from './paint.ts'
import { checkPositionals, formatOf, parseLine, splitLine } from './parse.ts'

/** Runs a command line and gives its exit code. Never throws, never ends the process. */
export async function main(argv: readonly string[], io: CommandLineIo): Promise<number> {
  let command: Command | undefined
  try {
    const { name, rest } = splitLine(argv, COMMANDS)
    if (name === undefined) return runBare(rest, io)
    const family = familyOf(name)
    // Some first words are commands themselves.
    if (family.length > 0 && !COMMANDS.some((one) => one.name === name))
      return runFamily(name, family, rest, io)
    command = findCommand(name)
    return await runCommand(command, rest, io)
  } catch (error) {
    return reportFailure(error, { argv, io, command })
  }
}

/** Commands whose names begin with this word, such as `audit verify` with `audit`. */
function familyOf(word: string): readonly Command[] {
  return COMMANDS.filter(({ name }) => name.startsWith(`${word} `))
}

/** A first word alone: the help of its commands. */
function runFamily(
  word: string,
  family: readonly Command[],
  rest: readonly string[],
  io: CommandLineIo,
): number {
  const { options } = parseLine(rest, GLOBAL_OPTIONS)
  if (!options.flag('help'))
    throw new UsageError(
      `\`${word}\` needs one of ${family.map(({ name }) => name.slice(word.length + 1)).join(', ')}`,
      `type \`callgate ${word} --help\` for what they do`,
    )
  const color = wantsColor(io.stdout, io.env, options.flag('no-color'))
  io.stdout.write(renderFamilyHelp(word, family, createPaint(color)))
  return EXIT.yes
}

/** @throws {UsageError} */
function findCommand(name: string): Command {
  const found = COMMANDS.find((command) => command.name === name)
  if (found !== undefined) return found
  const names = COMMANDS.map((command) => command.name)
  throw new UsageError(
    `unknown command \`${name}\``,
    didYouMean(name, names) ?? 'type `callgate help` for the list',
  )
}

/** Without a command: the version, or the help. */
function runBare(rest: readonly string[], io: CommandLineIo): number {
  const { options } = parseLine(rest, GLOBAL_OPTIONS)
  if (options.flag('version')) io.stdout.write(`${VERSION}\n`)
  else {
    const color = wantsColor(io.stdout, io.env, options.flag('no-color'))
    io.stdout.write(renderHelp(COMMANDS, createPaint(color)))
  }
  return EXIT.yes
}

async function runCommand(
  command: Command,
  rest: readonly string[],
  io: CommandLineIo,
): Promise<number> {
  const { options, positionals } = parseLine(rest, [...command.options, ...GLOBAL_OPTIONS])
  const color = wantsColor(io.stdout, io.env, options.flag('no-color'))
  const paint = createPaint(color)
  if (options.flag('help')) {
    io.stdout.write(renderCommandHelp(command, paint))
    return EXIT.yes
  }
  if (options.flag('version')) {
    io.stdout.write(`${VERSION}\n`)
    return EXIT.yes
  }
  checkPositionals(command, positionals)
  const context: CommandContext = {
    ...io,
    options,
    positionals,
    format: formatOf(command, options),
    color,
    paint,
    commands: COMMANDS,
  }
  return command.run(context)
}
