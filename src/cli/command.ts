import type { Paint } from './paint.ts'

/** What a command answers, whatever its format. API: scripts depend on these. */
export const EXIT = {
  /** Yes; done; allowed. */
  yes: 0,
  /** No: denied, asked, paused, terminated, tests failed, findings over the threshold. */
  no: 1,
  /** The command line cannot be understood. */
  usage: 2,
  /** A policy has problems. */
  policyInvalid: 3,
  /** A file cannot be read, or something broke. */
  fault: 4,
} as const

/** How results are written. A command offers some of them, its first one being the default. */
export type Format =
  | 'text'
  | 'json'
  | 'ndjson'
  | 'junit'
  | 'tap'
  | 'sarif'
  | 'github'
  | 'md'
  | 'dot'
  | 'mermaid'
  | 'svg'
  | 'csv'
  | 'ocsf'
  | 'ecs'
  | 'cef'
  | 'leef'
  | 'syslog'
  | 'cloudevents'

/** One option of a command line. Without `value` it is a flag. */
export interface OptionSpec {
  /** Long name, without dashes. */
  readonly name: string
  readonly short?: string
  /** Placeholder of its value, such as `FILE`. */
  readonly value?: string
  readonly repeatable?: boolean
  readonly summary: string
  /** What the value may be, where that is a closed list. */
  readonly choices?: readonly string[]
  /** What a shell completes the value with. */
  readonly complete?: 'file' | 'directory'
}

/** One positional argument. */
export interface PositionalSpec {
  /** In capitals, as usage shows it. */
  readonly name: string
  readonly summary: string
  readonly optional?: boolean
  /** Only the last one may be. */
  readonly repeatable?: boolean
  readonly choices?: readonly string[]
  readonly complete?: 'file' | 'directory' | 'command'
}

/** An example as a user types it, without the leading `callgate`. */
export interface Example {
  readonly command: string
  readonly summary: string
}

/** One member of the command line. Help, usage, completion and the reference page come from this table. */
export interface Command {
  /** One word, or two where several commands belong together: `audit verify`. */
  readonly name: string
  /** One line, lower case, no full stop. */
  readonly summary: string
  /** What follows the name, such as `AGENT VERB RESOURCE [options]`. */
  readonly usage: string
  /** A paragraph or two for `--help`, where the summary is not enough. */
  readonly description?: string
  /** Options of its own; the global ones need not be listed. */
  readonly options: readonly OptionSpec[]
  readonly positionals: readonly PositionalSpec[]
  /** The first is the default. Empty or absent: `--format` does not apply. */
  readonly formats?: readonly Format[]
  readonly examples: readonly Example[]
  /**
   * Does the work and gives one of `EXIT`.
   * Throw `UsageError` for a command line that makes no sense, and let a `PolicyError` or any other
   * `CallgateError` pass: `main` prints it and chooses the exit code.
   */
  run(context: CommandContext): Promise<number> | number
}

/** Where a command writes. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  /** Where it can tell: `write` gives false when it is full, and this says when it takes more. */
  once?(event: 'drain' | 'close' | 'error', listener: () => void): unknown
}

/** What `main` needs of the process. Tests pass their own. */
export interface CommandLineIo {
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
}

/** Options as parsed. Asking for one that the command does not declare gives nothing. */
export interface OptionValues {
  /** The value of an option; the last one where it was given twice. */
  text(name: string): string | undefined
  flag(name: string): boolean
  /** Every value of a repeatable option, in order. */
  list(name: string): readonly string[]
}

/** What a command is given. */
export interface CommandContext extends CommandLineIo {
  readonly options: OptionValues
  readonly positionals: readonly string[]
  readonly format: Format
  /** Whether stdout takes colours. `paint` already follows it. */
  readonly color: boolean
  /** Styles for stdout; give the text back unchanged where there is no colour. */
  readonly paint: Paint
  /** Every command, for help and completion. */
  readonly commands: readonly Command[]
}

/** A command line that makes no sense. `main` prints it with the usage and gives exit code 2. */
export class UsageError extends Error {
  /** What to type instead, where that is known. */
  readonly hint: string | undefined
  constructor(message: string, hint?: string) {
    super(message)
    this.name = 'UsageError'
    this.hint = hint
  }
}
