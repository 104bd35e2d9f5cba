import type { AuditRecord } from '../../../core/model/audit-record.ts'
import { type Paint, printable } from '../../paint.ts'

interface Column {
  readonly title: string
  readonly width: number
  readonly text: (record: AuditRecord) => string
}

// Of fixed width: nobody knows the widest cell of a trail that is still being read.
const COLUMNS: readonly Column[] = [
  { title: 'SEQ', width: 6, text: ({ seq }) => String(seq) },
  { title: 'TIME', width: 24, text: ({ ts }) => ts },
  { title: 'KIND', width: 8, text: ({ kind }) => kind },
  { title: 'STATUS', width: 9, text: ({ status }) => status },
  { title: 'EFFECT', width: 8, text: ({ effect }) => effect ?? '-' },
  { title: 'AGENT', width: 16, text: ({ agent }) => agent ?? '-' },
  { title: 'RESOURCE', width: 28, text: ({ resource }) => resource ?? '-' },
  { title: 'REASON', width: 20, text: ({ reason }) => reason ?? '-' },
  { title: 'MORE', width: 0, text: moreOf },
]
const LONGEST_CELL = 80

export function headLine(paint: Paint): string {
  const cells = COLUMNS.map(({ title, width }) => title.padEnd(width))
  return `${paint.quiet(cells.join('  ').trimEnd())}\n`
}

/** A record as one line for people. Never holds a character that a terminal would obey. */
export function recordLine(record: AuditRecord, paint: Paint): string {
  const cells = COLUMNS.map(({ text, width }) => {
    const cell = printable(text(record))
    // Nothing stands behind the last: it is told in full.
    return width === 0 ? cell : cut(cell).padEnd(width)
  })
  const line = cells.join('  ').trimEnd()
  return `${styleOf(record, paint)(line)}\n`
}

function cut(text: string): string {
  return text.length <= LONGEST_CELL ? text : `${text.slice(0, LONGEST_CELL - 1)}…`
}

/** What is worth knowing besides: what decided, findings, whose it is, how long it took, its id. */
function moreOf(record: AuditRecord): string {
  const { findings, error, duration_ms: duration, user_id: user, rule, constraint } = record
  const { kind, session_id: session, disposition } = record
  return [
    ...(kind === 'session' ? [`session=${session ?? '-'}`, `now=${disposition ?? '-'}`] : []),
    ...(rule === null ? [] : [`rule=${rule.name ?? `${rule.role}[${rule.index}]`}`]),
    ...(constraint === null ? [] : [`constraint=${constraint}`]),
    ...new Set(findings.map((finding) => `finding=${finding?.rule}`)),
    ...(user === null ? [] : [`user=${user}`]),
    ...(error === null ? [] : [`error=${error}`]),
    ...(duration === null ? [] : [`${duration} ms`]),
    `id=${record.id}`,
  ].join(' ')
}

function styleOf({ status, effect }: AuditRecord, paint: Paint): (text: string) => string {
  if (status === 'denied') return paint.bad
  if (status === 'failed' || status === 'timeout' || status === 'unknown') return paint.warning
  return effect === 'escalate' ? paint.warning : (text) => text
}

/** `1 record`, `2 records`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
