import {
  type AuditFilesOptions,
  type AuditSource,
  auditFiles,
  STDIN,
} from '../../../audit/query/audit-files.ts'
import { FILTER_FIELDS, type RecordFilter } from '../../../audit/query/filter.ts'
import { REASONS } from '../../../core/model/decision.ts'
import type { CommandContext, OptionSpec, PositionalSpec } from '../../command.ts'
import { printable } from '../../paint.ts'
import { pathOf } from '../../policy.ts'
import { tableUrlOf, withTable } from './audit-table.ts'
import { readTime } from './read-time.ts'

const FILES: PositionalSpec = {
  name: 'FILE|DIR',
  summary: 'JSON Lines of records, also gzipped; a folder gives its files, `-` is standard input',
  repeatable: true,
  complete: 'file',
}

/** What a command takes that only works on files. */
export const FILE_POSITIONALS: readonly PositionalSpec[] = [FILES]

/** What every reading command takes: without files, a table is named. */
export const TRAIL_POSITIONALS: readonly PositionalSpec[] = [{ ...FILES, optional: true }]

const repeated = { repeatable: true } as const

/** Options that choose records; of one that is repeated any value will do. */
export const FILTER_OPTIONS: readonly OptionSpec[] = [
  { name: 'since', value: 'TIME', summary: 'not before: RFC 3339, or an age such as 7d or 24h' },
  { name: 'until', value: 'TIME', summary: 'before: the same' },
  { name: 'id', value: 'ID', summary: 'the call: its decision and its outcome', ...repeated },
  { name: 'session', value: 'ID', summary: 'the session', ...repeated },
  { name: 'user', value: 'ID', summary: 'the person behind the agent', ...repeated },
  { name: 'agent', value: 'NAME', summary: 'the agent', ...repeated },
  {
    name: 'tool',
    value: 'NAME',
    summary: 'what was called, with or without its server',
    ...repeated,
  },
  { name: 'server', value: 'NAME', summary: 'the server of the tool', ...repeated },
  {
    name: 'effect',
    value: 'EFFECT',
    summary: 'what was decided',
    choices: ['allow', 'deny', 'compute', 'escalate'],
    ...repeated,
  },
  {
    name: 'reason',
    value: 'REASON',
    summary: 'why, as in the reason codes',
    choices: REASONS,
    ...repeated,
  },
  { name: 'gate', value: 'NAME', summary: 'the gate that decided', ...repeated },
  {
    name: 'kind',
    value: 'KIND',
    summary: 'the kind of record',
    choices: ['decision', 'outcome', 'finding', 'approval', 'policy', 'session', 'route'],
    ...repeated,
  },
  {
    name: 'status',
    value: 'STATUS',
    summary: 'how it stands',
    choices: ['pending', 'denied', 'success', 'failed', 'timeout', 'cancelled', 'unknown'],
    ...repeated,
  },
  { name: 'finding', value: 'RULE', summary: 'a behavioural rule that matched', ...repeated },
]

/** @throws {UsageError} for a time that is none */
export function filterOf({ options }: CommandContext): RecordFilter {
  const now = Date.now()
  const since = options.text('since')
  const until = options.text('until')
  const fields = FILTER_FIELDS.flatMap((name) => {
    const values = options.list(name)
    return values.length === 0 ? [] : [[name, values] as const]
  })
  return {
    ...(since === undefined ? {} : { since: readTime('since', since, now) }),
    ...(until === undefined ? {} : { until: readTime('until', until, now) }),
    ...Object.fromEntries(fields),
  }
}

/** Files or a table, as the command line names them, to `use`. */
export function withTrail<T>(
  context: CommandContext,
  use: (trail: AuditSource) => Promise<T>,
): Promise<T> {
  const url = tableUrlOf(context)
  if (url !== undefined) return withTable(context, url, use)
  return use(auditFiles(trailPaths(context), trailOptions(context)))
}

export function trailPaths(context: CommandContext): readonly string[] {
  return context.positionals.map((path) => (path === STDIN ? path : pathOf(context, path)))
}

function trailOptions(context: CommandContext): AuditFilesOptions {
  const onNote = noteWriter(context)
  // Only looked at where it is named: a program's input is not to be opened for nothing.
  return context.positionals.includes(STDIN) ? { onNote, stdin: process.stdin } : { onNote }
}

export function noteWriter({ stderr }: CommandContext): (note: string) => void {
  return (note) => {
    stderr.write(`note: ${printable(note)}\n`)
  }
}
