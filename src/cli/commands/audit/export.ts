import { CSV_HEADER, csvLine } from '../../../audit/query/csv.ts'
import { ndjsonLine } from '../../../audit/query/ndjson.ts'
import { SIEM_FORMS } from '../../../audit/siem/forms.ts'
import type { AuditRecord } from '../../../core/model/audit-record.ts'
import { type Command, type CommandContext, EXIT } from '../../command.ts'
import { TABLE_OPTIONS } from './audit-table.ts'
import { createRecordProgress } from './progress.ts'
import { FILTER_OPTIONS, filterOf, TRAIL_POSITIONALS, withTrail } from './trail.ts'
import { createLineWriter, shownJsonOn, shownOn } from './write-lines.ts'

export const exportCommand: Command = {
  name: 'audit export',
  summary: 'records in the form that another system reads',
  usage: 'FILE|DIR...|--postgres URL --format FORMAT [--since TIME] [--host NAME] [--source URI]',
  description: `One record a line: ${Object.entries(SIEM_FORMS)
    .map(([name, { summary }]) => `\`${name}\` is ${summary}`)
    .join('; ')}.`,
  options: [
    ...TABLE_OPTIONS,
    ...FILTER_OPTIONS,
    { name: 'host', value: 'NAME', summary: 'the machine or service that the records are of' },
    { name: 'source', value: 'URI', summary: 'source of CloudEvents' },
  ],
  positionals: TRAIL_POSITIONALS,
  formats: ['ndjson', 'csv', 'ocsf', 'ecs', 'cef', 'leef', 'syslog', 'cloudevents'],
  examples: [
    { command: 'audit export audit.jsonl --format ocsf --since 24h', summary: 'the last day' },
    { command: 'audit export audit.jsonl --format cef', summary: 'for a collector of CEF' },
  ],
  async run(context) {
    const filter = filterOf(context)
    const { header, line } = formOf(context)
    return withTrail(context, async (trail) => {
      const writer = createLineWriter(context)
      if (header !== undefined) await writer.write(header)
      for await (const record of createRecordProgress(context).over(trail.records(filter)))
        if (!(await writer.write(line(record)))) break
      await writer.end()
      return EXIT.yes
    })
  },
}

interface LineForm {
  readonly header?: string
  readonly line: (record: AuditRecord) => string
}

function formOf({ format, options, stdout }: CommandContext): LineForm {
  const shown = shownOn(stdout)
  const shownJson = shownJsonOn(stdout)
  const host = options.text('host')
  const source = options.text('source')
  const labels = {
    ...(host === undefined ? {} : { host }),
    ...(source === undefined ? {} : { source }),
  }
  switch (format) {
    case 'ocsf':
    case 'ecs':
    case 'cloudevents': {
      const { line } = SIEM_FORMS[format]
      return { line: (record) => `${shownJson(line(record, labels))}\n` }
    }
    case 'cef':
    case 'leef':
    case 'syslog': {
      const { line } = SIEM_FORMS[format]
      return { line: (record) => `${shown(line(record, labels))}\n` }
    }
    case 'csv':
      return { header: `${CSV_HEADER}\r\n`, line: (record) => `${shown(csvLine(record))}\r\n` }
    default:
      return { line: (record) => `${shownJson(ndjsonLine(record))}\n` }
  }
}
