import type { AuditSource } from '../../../audit/query/audit-files.ts'
import { joinCalls } from '../../../audit/query/calls.ts'
import { createMatcher } from '../../../audit/query/filter.ts'
import { type AuditStats, type Counts, createStats } from '../../../audit/query/stats.ts'
import type { AuditRecord } from '../../../core/model/audit-record.ts'
import { type Command, type CommandContext, EXIT } from '../../command.ts'
import { type Paint, printable } from '../../paint.ts'
import { alignRows } from '../../table.ts'
import { TABLE_OPTIONS } from './audit-table.ts'
import { createRecordProgress } from './progress.ts'
import { overflow } from './query.ts'
import { counted } from './record-text.ts'
import { FILTER_OPTIONS, filterOf, TRAIL_POSITIONALS, withTrail } from './trail.ts'
import { shownJsonOn } from './write-lines.ts'

const CHOICES = FILTER_OPTIONS.filter(({ name }) => name !== 'kind')

export const statsCommand: Command = {
  name: 'audit stats',
  summary: 'what an audit trail adds up to: calls, denials, slow and open ones',
  usage: 'FILE|DIR...|--postgres URL [--since TIME] [--agent NAME]',
  description: `Calls are counted once, under the status of their outcome. Open calls are those without one: nobody
can say how they ended.`,
  options: [...TABLE_OPTIONS, ...CHOICES],
  positionals: TRAIL_POSITIONALS,
  formats: ['text', 'json'],
  examples: [{ command: 'audit stats audit.jsonl --since 24h', summary: 'the last day' }],
  async run(context) {
    const result = await withTrail(context, (trail) => tally(context, trail))
    const { stdout, format, paint } = context
    if (format === 'json')
      stdout.write(`${shownJsonOn(stdout)(JSON.stringify({ schema: 1, ...result }))}\n`)
    else stdout.write(statsText(result, paint))
    return EXIT.yes
  },
}

async function tally(context: CommandContext, trail: AuditSource): Promise<AuditStats> {
  const stats = createStats()
  const filter = filterOf(context)
  const isWanted = createMatcher(filter)
  // A status is that of a whole call: the records of those that are wanted may have others.
  const { status: _, ...ofRecords } = filter
  const isRecordWanted = createMatcher(ofRecords)
  const all = createRecordProgress(context).over(trail.records())
  const tallied = async function* (): AsyncGenerator<AuditRecord> {
    for await (const record of all) {
      if (isRecordWanted(record)) stats.record(record)
      yield record
    }
  }
  // Calls are chosen once they are joined: else one that ended after --until would count as open.
  for await (const call of joinCalls(tallied(), overflow(context)))
    if (isWanted(call)) stats.call(call)
  return stats.result()
}

const MOST_SHOWN = 10

function statsText(stats: AuditStats, paint: Paint): string {
  const { records, calls, open } = stats
  const range = stats.first_ts === null ? '' : `, ${stats.first_ts} to ${stats.last_ts}`
  const openIds = stats.open_ids.map(printable).join(', ')
  const openLine =
    open === 0
      ? '0 open'
      : `${paint.warning(`${open} open`)}: ${openIds}${open > stats.open_ids.length ? ', ...' : ''}`
  return `${[
    `${counted(records, 'record')}, ${counted(calls, 'call')}${printable(range)}`,
    openLine,
    ...countLines('by effect', stats.effects, paint),
    ...countLines('by status', stats.statuses, paint),
    ...countLines('by reason', stats.reasons, paint),
    ...countLines('by gate', stats.gates, paint),
    ...countLines('by tool', stats.tools, paint),
    ...countLines('by agent', stats.agents, paint),
    ...countLines('by user', stats.users, paint),
    ...countLines('denied, by agent and user', stats.denied_callers, paint),
    ...countLines('findings', stats.findings, paint),
    ...countLines('denials by hour, the latest', stats.denials_per_hour.slice(-24), paint, 24),
    ...slowLines(stats, paint),
  ].join('\n')}\n`
}

function countLines(title: string, counts: Counts, paint: Paint, most = MOST_SHOWN): string[] {
  if (counts.length === 0) return []
  const rows = counts.slice(0, most).map(([name, count]) => [printable(name), String(count)])
  const more = counts.length - rows.length
  return [
    '',
    paint.strong(title),
    ...alignRows(rows, '  '),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ]
}

function slowLines({ slowest }: AuditStats, paint: Paint): string[] {
  if (slowest.length === 0) return []
  const rows = slowest.map(({ id, resource, agent, duration_ms: duration }) => [
    `${duration} ms`,
    printable(resource ?? '-'),
    printable(agent ?? '-'),
    printable(id),
  ])
  return ['', paint.strong('slowest'), ...alignRows(rows, '  ')]
}
