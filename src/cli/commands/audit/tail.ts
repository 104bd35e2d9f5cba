import { followFile } from '../../../audit/query/follow-file.ts'
import { ndjsonLine } from '../../../audit/query/ndjson.ts'
import { readRecord } from '../../../audit/query/read-record.ts'
import { readTombstone } from '../../../audit/query/tombstone.ts'
import type { AuditRecord } from '../../../core/model/audit-record.ts'
import { type Command, type CommandContext, EXIT, UsageError } from '../../command.ts'
import { pathOf } from '../../policy.ts'
import { headLine, recordLine } from './record-text.ts'
import { noteWriter } from './trail.ts'
import { createLineWriter, shownJsonOn } from './write-lines.ts'

export const tailCommand: Command = {
  name: 'audit tail',
  summary: 'the last records of a file, and with -f those that are added',
  usage: 'FILE [-f] [-n N]',
  description: `Goes on over rotation and truncation, and says where records are missing between. Ends on SIGINT.`,
  options: [
    { name: 'follow', short: 'f', summary: 'wait for more' },
    { name: 'lines', short: 'n', value: 'N', summary: 'how many of the last records (10)' },
  ],
  positionals: [{ name: 'FILE', summary: 'JSON Lines of records', complete: 'file' }],
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

async function tail(context: CommandContext, signal: AbortSignal): Promise<void> {
  const { positionals, options, format, stdout, paint } = context
  const [name = ''] = positionals
  const path = pathOf(context, name)
  const onNote = noteWriter(context)
  const chain = createChainWatch()
  const writer = createLineWriter(context)
  if (format === 'text') await writer.write(headLine(paint))
  const shown = shownJsonOn(stdout)
  const lineOf = (record: AuditRecord): string =>
    format === 'ndjson' ? `${shown(ndjsonLine(record))}\n` : recordLine(record, paint)
  const followed = followFile(path, {
    lines: linesOf(context),
    follow: options.flag('follow'),
    signal,
    onNote,
  })
  for await (const { text, offset } of followed) {
    const found = readTombstone(text) ?? readRecord(text)
    const note = typeof found === 'string' ? `passed over: ${found}` : chain.faultOf(found)
    if (note !== undefined) onNote(`${path}, byte ${offset}: ${note}`)
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
  return {
    faultOf({ prev, hash }: Pick<AuditRecord, 'prev' | 'hash'>): string | undefined {
      const isNext = last === null || prev === last
      last = hash
      return isNext ? undefined : 'records before this one are missing here'
    },
  }
}
