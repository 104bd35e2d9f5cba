import {
  type CallgateError,
  formatProblem,
  isCallgateError,
  type PolicyProblem,
} from '../core/model/errors.ts'
import { type Command, type CommandLineIo, EXIT, UsageError } from './command.ts'
import { createPaint, type Paint, printable, wantsColor } from './paint.ts'

interface Failed {
  readonly argv: readonly string[]
  readonly io: CommandLineIo
  readonly command: Command | undefined
}

/** Says what went wrong and what to do, on stderr, and gives the exit code. */
export function reportFailure(error: unknown, failed: Failed): number {
  const { argv, io } = failed
  const paint = createPaint(wantsColor(io.stderr, io.env, argv.includes('--no-color')))
  const failure = describe(error, failed)
  for (const line of failure.lines(paint)) io.stderr.write(`${line}\n`)
  if (wantsJson(argv)) io.stdout.write(`${JSON.stringify(failure.json)}\n`)
  if ((io.env['DEBUG'] ?? '') !== '' && error instanceof Error)
    io.stderr.write(`${error.stack ?? ''}\n`)
  return failure.exit
}

interface Failure {
  readonly exit: number
  readonly lines: (paint: Paint) => readonly string[]
  /** For `--format json`: stdout can always be parsed. */
  readonly json: object
}

function describe(error: unknown, failed: Failed): Failure {
  if (error instanceof UsageError) return describeUsage(error, failed.command)
  if (isPolicyError(error)) return describePolicy(error)
  const code = codeOf(error)
  const message = isCallgateError(error) ? error.message : messageOf(error)
  return {
    exit: EXIT.fault,
    lines: (paint) => [
      `${paint.bad('error:')} ${printableLines(message)}`,
      paint.quiet(`  ${code}: ${wayForward(error)}`),
    ],
    json: { schema: 1, ok: false, error: { code, message } },
  }
}

function describeUsage(error: UsageError, command: Command | undefined): Failure {
  const help = command === undefined ? 'callgate help' : `callgate ${command.name} --help`
  return {
    exit: EXIT.usage,
    lines: (paint) => [
      `${paint.bad('error:')} ${printableLines(error.message)}`,
      ...(error.hint === undefined ? [] : [`  ${printableLines(error.hint)}`]),
      paint.quiet(`  more: ${help}`),
    ],
    json: { schema: 1, ok: false, error: { code: 'ERR_USAGE', message: error.message } },
  }
}

type PolicyFault = CallgateError & { readonly problems: readonly PolicyProblem[] }

/** By its code, so that errors of another copy of callgate count too. */
function isPolicyError(error: unknown): error is PolicyFault {
  return isCallgateError(error) && error.code === 'ERR_POLICY_INVALID' && 'problems' in error
}

const MAX_PROBLEMS_SHOWN = 20

function describePolicy(error: PolicyFault): Failure {
  const { problems } = error
  const more = problems.length - MAX_PROBLEMS_SHOWN
  return {
    exit: EXIT.policyInvalid,
    lines: (paint) => [
      ...problems
        .slice(0, MAX_PROBLEMS_SHOWN)
        .map((problem) => printableLines(formatProblem(problem))),
      ...(more > 0 ? [`and ${more} more`] : []),
      `${paint.bad('error:')} the policy has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}`,
      paint.quiet('  ERR_POLICY_INVALID: see each with its line by `callgate validate FILE`'),
    ],
    json: {
      schema: 1,
      ok: false,
      error: { code: error.code, message: 'the policy has problems', problems },
    },
  }
}

function codeOf(error: unknown): string {
  if (isCallgateError(error)) return error.code
  const code = systemCode(error)
  return code ?? 'ERR_INTERNAL'
}

function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

const SYSTEM_MESSAGES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'it is there already',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  ENOSPC: 'the disk is full',
  EMFILE: 'too many files are open',
}

/** What a fault of the system means in words; a fault of our own says what it is. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return 'something broke that is not an error'
  const known = SYSTEM_MESSAGES[systemCode(error) ?? '']
  const path = 'path' in error && typeof error.path === 'string' ? error.path : undefined
  return known === undefined || path === undefined ? error.message : `\`${path}\`: ${known}`
}

function wayForward(error: unknown): string {
  if (isCallgateError(error) || SYSTEM_MESSAGES[systemCode(error) ?? ''] !== undefined)
    return 'mend this and run the command again'
  return 'this is a fault of callgate; run again with DEBUG=1 and report what it prints'
}

function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, index) =>
      word === '--format=json' ||
      word === '-fjson' ||
      (word === 'json' && /^(--format|-f)$/.test(argv[index - 1] ?? '')),
  )
}

function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}
