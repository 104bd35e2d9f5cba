import type { Command, Format, OptionSpec } from './command.ts'

const ALL_FORMATS = [
  'text',
  'json',
  'ndjson',
  'junit',
  'tap',
  'sarif',
  'github',
  'md',
  'dot',
  'mermaid',
  'svg',
  'csv',
  'ocsf',
  'ecs',
  'cef',
  'leef',
  'syslog',
  'cloudevents',
] as const satisfies readonly Format[]

/** Options that every command understands. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'policy',
    short: 'p',
    value: 'FILE|DIR',
    repeatable: true,
    complete: 'file',
    summary: 'policy file or folder; several are merged',
  },
  {
    name: 'format',
    short: 'f',
    value: 'FORMAT',
    choices: ALL_FORMATS,
    summary: 'how results are written',
  },
  { name: 'no-color', summary: 'no colours (NO_COLOR and FORCE_COLOR are heeded too)' },
  { name: 'help', short: 'h', summary: 'what a command does, with examples' },
  { name: 'version', short: 'v', summary: 'the version of callgate' },
]

/** Those that a command takes. Where it uses a short name for an option of its own, only the long one is left. */
export function globalOptionsOf({ formats = [], options }: Command): readonly OptionSpec[] {
  return GLOBAL_OPTIONS.filter((one) => one.name !== 'format' || formats.length > 0).map((one) => {
    const { short, ...long } = one
    return options.some((own) => own.short !== undefined && own.short === short) ? long : one
  })
}

/** Exit codes and what they mean, whatever the format. */
export const EXIT_MEANINGS: readonly (readonly [string, string])[] = [
  ['0', 'yes, or done'],
  ['1', 'no: denied, asked, stopped, or tests failed'],
  ['2', 'the command line cannot be understood'],
  ['3', 'a policy has problems'],
  ['4', 'a file cannot be read, or something broke'],
]
