import { CallgateError } from '../../core/model/errors.ts'
import { wordsOf } from './command-words.ts'
import { type ProcessStart, runProcess } from './run-process.ts'
import type { CommandRunner } from './runners.ts'

export interface CommandRunnerOptions {
  /**
   * Which commands may be run. An entry of a list allows commands that begin with its words; a last
   * word that ends in `/` is a folder, and allows what lies in it. With `shell` an entry is a whole
   * command. @default all that the policy has
   */
  readonly allow?: readonly string[] | ((command: string) => boolean)
  /** Where commands are run. @default the working folder of this process */
  readonly cwd?: string
  /** Names of variables that commands get besides `PATH` and the like. @default [] */
  readonly env?: readonly string[]
  /** Bytes kept of stdout, and of stderr. @default 65536 */
  readonly maxOutputBytes?: number
  /** Hand commands to a shell as they stand. @default false */
  readonly shell?: boolean
}

const DEFAULT_OUTPUT_BYTES = 65_536
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024

/**
 * Runs commands of hooks as processes of this machine. The payload is JSON on stdin.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export function commandRunner(options: CommandRunnerOptions = {}): CommandRunner {
  checkOptions(options)
  const shell = options.shell === true
  const isAllowed = allowance(options.allow, shell)
  const names = [...BASE_ENV, ...(options.env ?? [])]
  const { cwd, maxOutputBytes = DEFAULT_OUTPUT_BYTES } = options
  return (command, payload, signal) => {
    const words = shell ? [command] : wordsOf(command)
    if (!isAllowed(command, words)) throw new Error('the host does not allow this command')
    const [file = '', ...args] = words
    const start: ProcessStart = { file, args, shell, cwd, env: environment(names), maxOutputBytes }
    return runProcess(start, JSON.stringify(payload), signal)
  }
}

// What programs need to be found and to run; nothing that could be a secret.
const BASE_ENV = [
  'PATH',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'PATHEXT',
  'ComSpec',
]

function environment(names: readonly string[]): Readonly<Record<string, string>> {
  const env: Record<string, string> = {}
  for (const name of names) {
    const value = process.env[name]
    if (value !== undefined) env[name] = value
  }
  return env
}

type Allowance = (command: string, words: readonly string[]) => boolean

function allowance(allow: CommandRunnerOptions['allow'], shell: boolean): Allowance {
  if (allow === undefined) return () => true
  // Only `true`: a function that answers later would allow everything.
  if (typeof allow === 'function') return (command) => allow(command) === true
  // A shell can do anything behind a harmless beginning.
  if (shell) return (command) => allow.includes(command)
  const entries = allow.map(wordsOf)
  return (_command, words) => entries.some((entry) => beginsWith(words, entry))
}

function beginsWith(words: readonly string[], entry: readonly string[]): boolean {
  return entry.every((wanted, index) => {
    const word = words[index]
    if (word === wanted && !wanted.endsWith('/')) return true
    const isFolder = wanted.endsWith('/') && index === entry.length - 1
    return isFolder && word?.startsWith(wanted) === true && staysWithin(word)
  })
}

function staysWithin(path: string): boolean {
  return !path.split(/[\\/]/).includes('..')
}

const KNOWN = new Set<string>([
  'allow',
  'cwd',
  'env',
  'maxOutputBytes',
  'shell',
] satisfies (keyof CommandRunnerOptions)[])

function checkOptions(options: CommandRunnerOptions): void {
  for (const name of Object.keys(options))
    if (!KNOWN.has(name)) throw invalid(`unknown option \`${name}\` of commandRunner`)
  const { allow, cwd, env, maxOutputBytes = 1, shell } = options
  if (allow !== undefined && typeof allow !== 'function' && !isTextList(allow))
    throw invalid('`allow` is a list of texts or a function')
  if (env !== undefined && !isTextList(env)) throw invalid('`env` is a list of names')
  if (cwd !== undefined && typeof cwd !== 'string') throw invalid('`cwd` is a path')
  if (shell !== undefined && typeof shell !== 'boolean') throw invalid('`shell` is true or false')
  if (!(maxOutputBytes >= 1 && maxOutputBytes <= MAX_OUTPUT_BYTES))
    throw invalid(`\`maxOutputBytes\` is a number from 1 to ${MAX_OUTPUT_BYTES}`)
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '')
}

function invalid(message: string): CallgateError {
  return new CallgateError('ERR_OPTIONS_INVALID', message)
}
