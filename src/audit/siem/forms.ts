import type { AuditRecord } from '../../core/model/audit-record.ts'
import { toCef } from './cef.ts'
import { toCloudEvent } from './cloud-event.ts'
import { toEcs } from './ecs.ts'
import { toLeef } from './leef.ts'
import { toOcsf } from './ocsf.ts'
import type { SiemOptions } from './options.ts'
import { toSyslog } from './syslog.ts'

/** One way to write a record for others. */
export interface SiemForm {
  /** One line for help texts. */
  readonly summary: string
  readonly mediaType: string
  /** The record on one line, without a line break at its end. Pure: the same record, the same line. */
  readonly line: (record: AuditRecord, options?: SiemOptions) => string
}

export type SiemFormName = 'ocsf' | 'ecs' | 'cef' | 'leef' | 'syslog' | 'cloudevents'

/** Every form by the name that the command line knows. */
export const SIEM_FORMS: Readonly<Record<SiemFormName, SiemForm>> = Object.freeze({
  ocsf: {
    summary: 'Open Cybersecurity Schema Framework 1.5, JSON',
    mediaType: 'application/json',
    line: (record, options) => jsonLine(toOcsf(record, options)),
  },
  ecs: {
    summary: 'Elastic Common Schema 8.17, JSON',
    mediaType: 'application/json',
    line: (record) => jsonLine(toEcs(record)),
  },
  cef: {
    summary: 'ArcSight Common Event Format 0',
    mediaType: 'text/plain; charset=utf-8',
    line: (record) => toCef(record),
  },
  leef: {
    summary: 'IBM Log Event Extended Format 2.0',
    mediaType: 'text/plain; charset=utf-8',
    line: (record) => toLeef(record),
  },
  syslog: {
    summary: 'syslog message with structured data, RFC 5424',
    mediaType: 'text/plain; charset=utf-8',
    line: toSyslog,
  },
  cloudevents: {
    summary: 'CloudEvents 1.0, JSON',
    mediaType: 'application/cloudevents+json',
    line: (record, options) => jsonLine(toCloudEvent(record, options)),
  },
})

/** Some readers of lines end one at U+2028 and U+2029 too, which JSON leaves as they are. */
function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
