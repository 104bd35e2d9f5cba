import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { SiemOptions } from './options.ts'
import { levelOf, readRecord } from './reading.ts'
import { asciiToken, bounded, printable } from './text.ts'

/** Longest value of one parameter, so that a message stays within what receivers commonly take (8 KiB). */
const MAX_PARAMETER = 160

/** Informational, notice, warning, error and critical. @see https://www.rfc-editor.org/rfc/rfc5424#section-6.2.1 */
const SEVERITY = [6, 5, 4, 3, 2] as const
const LOG_AUDIT = 13
/** Kept for examples. @see https://www.rfc-editor.org/rfc/rfc5612 */
const EXAMPLE_NUMBER = 32473

/**
 * One message of RFC 5424, without the framing that a transport adds. What machines read is structured
 * data; the text is for people, and starts with a byte order mark only where it is not ASCII, as the RFC
 * asks of UTF-8.
 */
export function toSyslog(asKept: AuditRecord, options: SiemOptions = {}): string {
  const reading = readRecord(asKept)
  const { record } = reading
  const priority =
    facilityOf(options) * 8 + SEVERITY[levelOf(reading.severity) as 0 | 1 | 2 | 3 | 4] // 0 to 4 by levelOf
  const time = reading.at === null ? '-' : new Date(reading.at).toISOString()
  const host = asciiToken(options.host ?? null, 255, '-')
  const header = [`<${priority}>1`, time, host, 'callgate', '-', asciiToken(reading.event, 32, '-')]
  const text = printable(reading.message, 512)
  const mark = /^[ -~]*$/.test(text) ? '' : '\ufeff'
  return `${header.join(' ')} ${structured(record, options)} ${mark}${text}`
}

function facilityOf({ facility = LOG_AUDIT }: SiemOptions): number {
  return Number.isInteger(facility) && facility >= 0 && facility <= 23 ? facility : LOG_AUDIT
}

function structured(record: AuditRecord, { enterpriseNumber }: SiemOptions): string {
  const isNumber = Number.isInteger(enterpriseNumber) && (enterpriseNumber ?? 0) > 0
  const id = `callgate@${isNumber ? enterpriseNumber : EXAMPLE_NUMBER}`
  const parameters = PARAMETERS.flatMap((name) => {
    const value = record[name]
    if (value === null || value === '') return []
    return [` ${name}="${inParameter(String(value))}"`]
  })
  const rules = [...new Set(record.findings.slice(0, 8).map(({ rule }) => rule))].join(' ')
  if (rules !== '') parameters.push(` findings="${inParameter(rules)}"`)
  return `[${id}${parameters.join('')}]`
}

function inParameter(value: string): string {
  return printable(bounded(value, MAX_PARAMETER)).replace(/["\\\]]/g, '\\$&')
}

/** Under their own names. No arguments, no patch, no obligations: those may hold payload. */
const PARAMETERS = [
  'id',
  'seq',
  'kind',
  'status',
  'effect',
  'reason',
  'gate',
  'constraint',
  'mode',
  'enforced',
  'agent',
  'user_id',
  'tenant',
  'tier',
  'server',
  'resource',
  'verb',
  'scope',
  'session_id',
  'trace_id',
  'request_method',
  'approval_id',
  'disposition',
  'risk',
  'duration_ms',
  'error',
  'policy_digest',
  'input_hash',
  'output_hash',
  'hash',
] as const satisfies readonly (keyof AuditRecord)[]
