import type { AuditRecord } from '../../core/model/audit-record.ts'
import { VERSION } from '../../version.ts'
import { levelOf, type Reading, readRecord } from './reading.ts'
import { asciiToken, bounded, printable } from './text.ts'

/**
 * IBM Log Event Extended Format 2.0, without a syslog header. Attributes are divided by tabs: no value
 * holds one, so a value may hold `=`, which readers take only after the first one.
 */
export function toLeef(asKept: AuditRecord): string {
  const reading = readRecord(asKept)
  const { record } = reading
  const header = ['LEEF:2.0', 'callgate', 'callgate', VERSION, idOf(record, reading), 'x09']
  const attributes = Object.entries(attributesOf(record, reading))
    .filter(([, value]) => value !== null && value !== '')
    .map(([key, value]) => `${key}=${printable(value ?? '')}`)
  return `${header.join('|')}|${attributes.join('\t')}`
}

/** The one predefined attribute of ours that has a limit. */
const MAX_USER = 255

/** 1 to 10. */
const SEVERITY = [1, 3, 5, 8, 10] as const

// LEEF has no escape for the pipe of its header: nothing but letters, digits, `.` and `_` gets there.
function idOf({ reason }: AuditRecord, { event, action }: Reading): string {
  const id = asciiToken(action === 'denied' || action === 'observed' ? reason : event, 64, event)
  return id.replace(/[^A-Za-z0-9._]/g, '_')
}

/** The first ones are predefined; the others are ours, in one form of name. */
function attributesOf(record: AuditRecord, reading: Reading): Record<string, string | null> {
  const { at } = reading
  return {
    devTime: at === null ? null : new Date(at).toISOString(),
    devTimeFormat: at === null ? null : "yyyy-MM-dd'T'HH:mm:ss.SSSX",
    cat: record.kind,
    sev: String(SEVERITY[levelOf(reading.severity)]),
    usrName: bounded(record.user_id ?? record.agent ?? '', MAX_USER),
    groupID: record.team,
    domain: record.tenant,
    role: record.rule?.role ?? null,
    policy: record.policy_digest,
    resource: record.resource,
    ...OWN.reduce<Record<string, string | null>>((all, [key, of]) => {
      all[key] = of(record, reading)
      return all
    }, {}),
  }
}

type Own = readonly [key: string, of: (record: AuditRecord, reading: Reading) => string | null]
const OWN: readonly Own[] = [
  ['callgateAction', ({ status }, { action }) => action ?? status],
  ['callgateOutcome', (_record, { outcome }) => outcome],
  ['callgateMessage', (_record, { message }) => message],
  ['callgateId', ({ id }) => id],
  ['callgateSequence', ({ seq }) => String(seq)],
  ['callgateStatus', ({ status }) => status],
  ['callgateEffect', ({ effect }) => effect],
  ['callgateReason', ({ reason }) => reason],
  ['callgateGate', ({ gate }) => gate],
  ['callgateAgent', ({ agent }) => agent],
  ['callgateServer', ({ server }) => server],
  ['callgateVerb', ({ verb }) => verb],
  ['callgateScope', ({ scope }) => scope],
  ['callgateSession', ({ session_id: session }) => session],
  ['callgateTrace', ({ trace_id: trace }) => trace],
  ['callgateFinding', (_record, { finding }) => finding?.rule ?? null],
  ['callgateApproval', ({ approval_id: approval }) => approval],
  ['callgateRisk', ({ risk }) => (risk === null ? null : String(risk))],
  ['callgateDurationMs', ({ duration_ms: ms }) => (ms === null ? null : String(ms))],
  ['callgateError', ({ error }) => error],
  ['callgateInputHash', ({ input_hash: hash }) => hash],
  ['callgateRecordHash', ({ hash }) => hash],
]
