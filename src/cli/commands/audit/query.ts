import { joinCalls } from '../../../audit/query/calls.ts'
import { CSV_HEADER, csvLine } from '../../../audit/query/csv.ts'
import { createMatcher } from '../../../audit/query/filter.ts'
import { ndjsonLine } from '../../../audit/query/ndjson.ts'
import { trailError } from '../../../audit/query/trail-error.ts'
import type { AuditRecord } from '../../../core/model/audit-record.ts'
import { type Command, type CommandContext, EXIT, UsageError } from '../../command.ts'
import { TABLE_OPTIONS } from './audit-table.ts'
import { createRecordProgress } from './progress.ts'
import { headLine, recordLine } from './record-text.ts'
import { FILTER_OPTIONS, filterOf, noteWriter, TRAIL_POSITIONALS, withTrail } from './trail.ts'
import { createLineWriter, shownJsonOn, shownOn } from './write-lines.ts'

export const queryCommand: Command = {
  name: 'audit query',
  summary: 'records of an audit trail, chosen by who, what, when and why',
  usage: 'FILE|DIR...|--postgres URL [--since TIME] [--agent NAME] [--calls] [--limit N]',
  description: `Options of different names must all match. With --calls the two records of a call are one row,
under the status of its outcome; a call without an outcome is \`unknown\`, and comes last.`,
  options: [
    ...TABLE_OPTIONS,
    ...FILTER_OPTIONS,
    { name: 'calls', short: 'c', summary: 'one row a call: intent and outcome joined' },
    { name: 'limit', short: 'n', value: 'N', summary: 'at most so many, the oldest first' },
  ],
  positionals: TRAIL_POSITIONALS,
  formats: ['text', 'json', 'ndjson', 'csv'],
  examples: [
    { command: 'audit query audit.jsonl --status denied', summary: 'what was denied' },
    {
      command: 'audit query audit.jsonl --since 7d --agent support-bot --calls --format csv',
      summary: 'a week of one agent, for a spreadsheet',
    },
  ],
  run: query,
}

async function query(context: CommandContext): Promise<number> {
  const limit = limitOf(context)
  const filter = filterOf(context)
  const isByCall = context.options.flag('calls')
  if (isByCall && filter.kind !== undefined)
    throw new UsageError('`--calls` and `--kind` do not go together', 'leave out `--kind`')
  const progress = createRecordProgress(context)
  return withTrail(context, async (trail) => {
    const found = isByCall
      ? chosen(joinCalls(progress.over(trail.records()), overflow(context)), createMatcher(filter))
      : progress.over(trail.records(filter))
    await write(context, atMost(found, limit))
    return EXIT.yes
  })
}

/** Calls are chosen once they are joined: by how they ended. */
async function* chosen(
  calls: AsyncIterable<AuditRecord>,
  isWanted: (call: AuditRecord) => boolean,
): AsyncGenerator<AuditRecord> {
  for await (const call of calls) if (isWanted(call)) yield call
}

/** Says that the bound on open calls was reached. */
export function overflow(context: CommandContext): { readonly onOverflow: () => void } {
  const note = noteWriter(context)
  return {
    onOverflow: () =>
      note('more than 20000 calls wait for their outcome: the oldest are shown as `unknown`'),
  }
}

async function* atMost<T>(items: AsyncIterable<T>, limit: number): AsyncGenerator<T> {
  if (limit === 0) return
  let count = 0
  for await (const item of items) {
    yield item
    if (++count >= limit) return
  }
}

/** @throws {UsageError} */
function limitOf({ options }: CommandContext): number {
  const text = options.text('limit')
  if (text === undefined) return Number.POSITIVE_INFINITY
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new UsageError(`\`--limit\` is a number, not \`${text}\``, 'write `--limit 100`')
}

async function write(context: CommandContext, records: AsyncIterable<AuditRecord>): Promise<void> {
  const { format, stdout, paint } = context
  if (format === 'json') return writeJson(context, records)
  const writer = createLineWriter(context)
  const shown = shownOn(stdout)
  const shownJson = shownJsonOn(stdout)
  const lineOf = (record: AuditRecord): string => {
    if (format === 'ndjson') return `${shownJson(ndjsonLine(record))}\n`
    if (format === 'csv') return `${shown(csvLine(record))}\r\n`
    return recordLine(record, paint)
  }
  if (format === 'csv') await writer.write(`${CSV_HEADER}\r\n`)
  if (format === 'text') await writer.write(headLine(paint))
  for await (const record of records) if (!(await writer.write(lineOf(record)))) break
  await writer.end()
}

const MOST_IN_JSON = 50_000

/** One object, written once all is read: a fault on the way leaves no half of it. */
async function writeJson(
  { stdout }: CommandContext,
  records: AsyncIterable<AuditRecord>,
): Promise<void> {
  const found: AuditRecord[] = []
  for await (const record of records) {
    if (found.length >= MOST_IN_JSON)
      throw trailError(
        `more than ${MOST_IN_JSON} records are too many for one JSON object: use \`--format ndjson\` or \`--limit\``,
      )
    found.push(record)
  }
  stdout.write(`${shownJsonOn(stdout)(JSON.stringify({ schema: 1, records: found }))}\n`)
}
