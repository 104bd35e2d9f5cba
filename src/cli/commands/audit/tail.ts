import { type FollowTableOptions, followTable } from '../../../audit/postgres/follow-table.ts'
import type { AuditTable } from '../../../audit/postgres/read-table.ts'
import { placeOf } from '../../../audit/postgres/verify-table.ts'
import { followFile } from '../../../audit/query/follow-file.ts'
import { ndjsonLine } from '../../../audit/query/ndjson.ts'
import { readRecord } from '../../../audit/query/read-record.ts'
import { readTombstone, type Tombstone } from '../../../audit/query/tombstone.ts'
import type { AuditRecord } from '../../../core/model/audit-record.ts'
import { type Command, type CommandContext, EXIT, UsageError } from '../../command.ts'
import { pathOf } from '../../policy.ts'
import { TABLE_OPTIONS, tableUrlOf, withTable } from './audit-table.ts'
import { counted, headLine, recordLine } from './record-text.ts'
import { noteWriter } from './trail.ts'
import { createLineWriter, shownJsonOn } from './write-lines.ts'

export const tailCommand: Command = {
  name: 'audit tail',
  summary: 'the last records of a file, and with -f those that are added',
  usage: 'FILE|--postgres URL [-f] [-n N]',
  description: `Goes on over rotation and truncation, and says where records are missing between. Ends on SIGINT.
A table of several chains needs \`--chain\`.`,
  options: [
    ...TABLE_OPTIONS,
    { name: 'follow', short: 'f', summary: 'wait for more' },
    { name: 'lines', short: 'n', value: 'N', summary: 'how many of the last records (10)' },
  ],
  positionals: [
    { name: 'FILE', summary: 'JSON Lines of records', optional: true, complete: 'file' },
  ],
  formats: ['text', 'ndjson'],
  examples: [{ command: 'audit tail audit.jsonl -n 20', summary: 'the last twenty' }],
  async run(context) {
    const ended = new AbortController()
    const end = (): void => ended.abort()
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, end)
    try {
      await tail(context, ended.signal)
    } finally {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, end)
    }
    return EXIT.yes
  },
}

/** A line, and how its place is told. */
interface Followed {
  readonly text: string
  readonly place: string
}

async function tail(context: CommandContext, signal: AbortSignal): Promise<void> {
  const { positionals, options } = context
  const url = tableUrlOf(context)
  const wanted = { lines: linesOf(context), follow: options.flag('follow'), signal }
  if (url !== undefined)
    return withTable(context, url, (table) => show(context, chainLines(table, wanted)))
  const [name = ''] = positionals
  return show(context, fileLines(pathOf(context, name), noteWriter(context), wanted))
}

async function* fileLines(
  path: string,
  onNote: (note: string) => void,
  wanted: FollowTableOptions,
): AsyncGenerator<Followed> {
  for await (const { text, offset } of followFile(path, { ...wanted, onNote }))
    yield { text, place: `${path}, byte ${offset}` }
}

/** @throws {UsageError} unless there is one chain */
async function* chainLines(
  table: AuditTable,
  wanted: FollowTableOptions,
): AsyncGenerator<Followed> {
  const [chain, other] = await table.chains()
  if (other !== undefined)
    throw new UsageError('the table has several chains', 'write `--chain NAME`')
  if (chain === undefined) return
  for await (const { text, position } of followTable(table, chain, wanted))
    yield { text, place: `${placeOf(table, chain)}, position ${position}` }
}

async function show(context: CommandContext, lines: AsyncIterable<Followed>): Promise<void> {
  const { format, stdout, paint } = context
  const onNote = noteWriter(context)
  const chain = createChainWatch()
  const writer = createLineWriter(context)
  if (format === 'text') await writer.write(headLine(paint))
  const shown = shownJsonOn(stdout)
  const lineOf = (record: AuditRecord): string =>
    format === 'ndjson' ? `${shown(ndjsonLine(record))}\n` : recordLine(record, paint)
  for await (const { text, place } of lines) {
    const found = readTombstone(text) ?? readRecord(text)
    const notes = typeof found === 'string' ? [`passed over: ${found}`] : chain.notesOf(found)
    for (const note of notes) onNote(`${place}: ${note}`)
    if (typeof found === 'string' || 'removed' in found) continue
    await writer.write(lineOf(found))
    // At once: whoever follows waits for it.
    if (!(await writer.end())) return
  }
  await writer.end()
}

/** @throws {UsageError} */
function linesOf({ options }: CommandContext): number {
  const text = options.text('lines') ?? '10'
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new UsageError(`\`--lines\` is a number, not \`${text}\``, 'write `-n 20`')
}

/** Sees that a line names the one before it. A file without links is taken as it is. */
function createChainWatch() {
  let last: string | null = null
  let hasOlder = false
  return {
    notesOf(line: AuditRecord | Tombstone): readonly string[] {
      const isNext = last === null || line.prev === last
      // Numbers begin anew: by them alone nobody sees where.
      const isNewProcess = hasOlder && line.seq === 1 && !('removed' in line)
      last = line.hash
      hasOlder = true
      return [
        ...(isNext ? [] : ['records before this one are missing here']),
        ...(isNewProcess ? ['another process begins here, at seq 1'] : []),
        ...('removed' in line ? [removalText(line)] : []),
      ]
    },
  }
}

function removalText({ removed, removed_at, why }: Tombstone): string {
  return `${counted(removed.length, 'record')} removed at ${removed_at}: ${why}`
}
