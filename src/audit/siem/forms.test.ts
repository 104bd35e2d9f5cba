import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { REASONS } from '../../core/model/decision.ts'
import type { JsonObject } from '../../core/model/json.ts'
import { VERSION } from '../../version.ts'
import { SIEM_FORMS, type SiemFormName } from './forms.ts'
import { toOcsf } from './ocsf.ts'
import {
  CEF_KEYS,
  CLOUDEVENT_FIELDS,
  CLOUDEVENT_REQUIRED,
  ECS_FIELDS,
  ECS_TYPES,
  LEEF_KEYS,
  OCSF_ACTIVITIES,
  OCSF_CATEGORY,
  OCSF_ENUMS,
  OCSF_FIELDS,
  OCSF_REQUIRED,
  OCSF_STATUSES,
} from './public-fields.fixture.ts'
import { pathsOf, readCef, readLeef, readSyslog } from './readers.fixture.ts'
import { FINDING, PAYLOAD, RECORDS, recordOf } from './records.fixture.ts'
import { toSyslog } from './syslog.ts'

const GOLDEN = fileURLToPath(new URL('../../../fixtures/golden/siem/', import.meta.url))
const FORMS = Object.keys(SIEM_FORMS) as SiemFormName[] // its own keys
const CASES = Object.entries(RECORDS)
const HOST = { host: 'agent-7.example.com' }

const jsonOf = (form: SiemFormName, record: AuditRecord): JsonObject =>
  JSON.parse(SIEM_FORMS[form].line(record, HOST)) as JsonObject
const member = (event: JsonObject, name: string): JsonObject => event[name] as JsonObject

describe('golden files', () => {
  it.each(FORMS)('have every sort of record as %s', (form) => {
    const text = CASES.map(
      ([name, record]) => `# ${name}\n${SIEM_FORMS[form].line(record, HOST)}\n`,
    )
      .join('')
      .replaceAll(VERSION, '{version}')
    const file = `${GOLDEN}${form}.txt`
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text)
    expect(existsSync(file), `${form}.txt is missing: run with UPDATE_GOLDEN=1`).toBe(true)
    expect(text).toBe(readFileSync(file, 'utf8'))
  })
})

describe('every form', () => {
  it.each(FORMS)('%s is pure', (form) => {
    for (const [, record] of CASES) {
      const frozen = Object.freeze({ ...record })
      expect(SIEM_FORMS[form].line(frozen, HOST)).toBe(SIEM_FORMS[form].line(record, HOST))
    }
  })

  it.each(FORMS.filter((form) => form !== 'cloudevents'))('%s holds no payload', (form) => {
    const lines = CASES.map(([, record]) => SIEM_FORMS[form].line(record, HOST))
    expect(lines.filter((line) => line.includes(PAYLOAD))).toEqual([])
  })

  it('cloudevents holds what the record holds', () => {
    for (const [, record] of CASES) expect(jsonOf('cloudevents', record)['data']).toEqual(record)
  })
})

describe('OCSF', () => {
  it.each(CASES)(
    'has only attributes of the schema, and all that are required: %s',
    (_name, record) => {
      const event = jsonOf('ocsf', record)
      const uid = Number(event['class_uid'])
      const paths = pathsOf(event).filter((path) => !path.startsWith('unmapped.callgate.'))
      expect({
        foreign: paths.filter((path) => !OCSF_FIELDS[uid]?.includes(path)),
        missing: OCSF_REQUIRED[uid]?.filter((name) => event[name] === undefined),
      }).toEqual({ foreign: [], missing: [] })
    },
  )

  it.each(CASES)('has ids that belong together: %s', (_name, record) => {
    const event = jsonOf('ocsf', record)
    const [uid, activity] = [Number(event['class_uid']), Number(event['activity_id'])]
    expect(event).toMatchObject({
      type_uid: uid * 100 + activity,
      category_uid: OCSF_CATEGORY[uid],
    })
    expect(OCSF_ACTIVITIES[uid]).toContain(activity)
    if (event['status_id'] !== undefined) expect(OCSF_STATUSES[uid]).toContain(event['status_id'])
    for (const [name, values] of Object.entries(OCSF_ENUMS))
      if (event[name] !== undefined) expect(values).toContain(event[name])
  })

  it.each([
    ['permitted', 6003, 1, 0, 1],
    ['succeeded', 6003, 1, 1, 1],
    ['failed', 6003, 1, 2, 2],
    ['denied', 6003, 2, 2, 3],
    ['denied for what it does', 6003, 2, 2, 5],
    ['observed', 6003, 3, 0, 3],
    ['rewritten', 6003, 4, 0, 1],
    ['a finding outside of a call', 2004, undefined, 1, 4],
    ['a person refused', 3004, undefined, 1, 1],
    ['a session ended by an operator', 3004, undefined, 1, 4],
  ] as const)(
    '%s is class %i, action %s, status %i, severity %i',
    (name, uid, action, status, severity) => {
      const event = jsonOf('ocsf', RECORDS[name] ?? recordOf({}))
      const { class_uid, action_id, status_id, severity_id } = event
      expect([class_uid, action_id, status_id, severity_id]).toEqual([
        uid,
        action,
        status,
        severity,
      ])
    },
  )

  it('names the other rules of a finding as related analytics', () => {
    const info = member(
      jsonOf('ocsf', RECORDS['a finding outside of a call'] ?? recordOf({})),
      'finding_info',
    )
    expect(info).toMatchObject({
      title: 'tool_poisoning',
      related_analytics: [{ name: 'burst', type_id: 1 }],
    })
  })

  it('keeps the two records of a call apart, and links them', () => {
    const ids = ['permitted', 'succeeded'].map((name) =>
      member(jsonOf('ocsf', RECORDS[name] ?? recordOf({})), 'metadata'),
    )
    expect(ids.map(({ uid }) => uid)).toEqual(['call-1/decision', 'call-1/outcome'])
    expect(ids[0]?.['correlation_uid']).toBe(ids[1]?.['correlation_uid'])
  })

  it.each(REASONS)('gives a denial for %s a severity', (reason) => {
    const { severity_id } = toOcsf(recordOf({ status: 'denied', effect: 'deny', reason }))
    expect(severity_id).toBeGreaterThanOrEqual(reason === 'allowed' ? 1 : 2)
  })
})

describe('ECS', () => {
  it.each(CASES)('has only fields of the schema besides its own: %s', (_name, record) => {
    const paths = pathsOf(jsonOf('ecs', record)).filter((path) => !path.startsWith('callgate.'))
    expect(paths.filter((path) => !ECS_FIELDS.includes(path))).toEqual([])
  })

  it.each(CASES)('has types that go with its category: %s', (_name, record) => {
    const { category, type } = member(jsonOf('ecs', record), 'event')
    const [one = ''] = category as string[]
    expect((type as string[]).filter((each) => !ECS_TYPES[one]?.includes(each))).toEqual([])
  })

  it('says who in the fields that searches join on', () => {
    const event = jsonOf('ecs', RECORDS['denied'] ?? recordOf({}))
    expect(event).toMatchObject({
      event: { outcome: 'failure', action: 'call.denied', reason: 'constraint_violation' },
      user: { id: 'ada', name: 'ada' },
      related: { user: ['ada', 'sales-bot'] },
      trace: { id: '4bf92f3577b34da6a3ce929d0e0e4736' },
    })
  })

  it('counts durations in nanoseconds', () => {
    expect(member(jsonOf('ecs', RECORDS['succeeded'] ?? recordOf({})), 'event')['duration']).toBe(
      12_500_000,
    )
  })
})

describe('CEF', () => {
  const read = (record: AuditRecord) => readCef(SIEM_FORMS.cef.line(record))

  it.each(CASES)('has only keys of the dictionary, within their lengths: %s', (_name, record) => {
    const { extension } = read(record)
    const wrong = Object.entries(extension).filter(
      ([key, value]) => value.length > (CEF_KEYS[key] ?? -1),
    )
    expect(wrong).toEqual([])
  })

  it('gives every custom field its label', () => {
    const { extension } = read(RECORDS['succeeded'] ?? recordOf({}))
    const custom = Object.keys(extension).filter((key) => /^(?:cs|cn|flexString)\d$/.test(key))
    expect(custom.length).toBeGreaterThan(5)
    expect(custom.filter((key) => extension[`${key}Label`] === undefined)).toEqual([])
  })

  it('escapes what its grammar is made of', () => {
    const agent = 'a|b\\c=d\ne\r\nf suid=root'
    const { extension } = read(recordOf({ agent }))
    expect(extension).toMatchObject({ sourceServiceName: 'a|b\\c=d\ne\nf suid=root' })
    expect(extension['suid']).toBeUndefined()
  })

  it('names the reason of a denial as the signature', () => {
    const { header } = read(RECORDS['denied'] ?? recordOf({}))
    expect(header).toEqual([
      'CEF:0',
      'callgate',
      'callgate',
      VERSION,
      'constraint_violation',
      'call denied',
      '5',
    ])
  })
})

describe('LEEF', () => {
  const read = (record: AuditRecord) => readLeef(SIEM_FORMS.leef.line(record))

  it.each(CASES)('has only predefined attributes besides its own: %s', (_name, record) => {
    const own = Object.keys(read(record).attributes).filter((key) => !key.startsWith('callgate'))
    expect(own.filter((key) => !LEEF_KEYS.includes(key))).toEqual([])
  })

  it('keeps what would divide it out of its values', () => {
    const { attributes } = read(recordOf({ agent: 'a\tusrName=root\nb|c=d' }))
    expect(attributes['callgateAgent']).toBe('a\ufffdusrName=root\ufffdb|c=d')
  })

  it.each(CASES)('has a severity from 1 to 10: %s', (_name, record) => {
    expect(['1', '3', '5', '8', '10']).toContain(read(record).attributes['sev'])
  })
})

describe('syslog', () => {
  it.each(CASES)('is a message of RFC 5424: %s', (_name, record) => {
    const { priority, header, id, parameters } = readSyslog(toSyslog(record, HOST))
    expect(Math.floor(priority / 8)).toBe(13)
    expect(header.slice(1, 4)).toEqual(['agent-7.example.com', 'callgate', '-'])
    expect(id).toBe('callgate@32473')
    expect(parameters).toMatchObject({ id: record.id, seq: String(record.seq), kind: record.kind })
  })

  it.each([
    ['permitted', 6],
    ['failed', 5],
    ['denied', 4],
    ['a finding outside of a call', 3],
    ['denied for what it does', 2],
  ] as const)('%s has severity %i', (name, severity) => {
    expect(readSyslog(toSyslog(RECORDS[name] ?? recordOf({}))).priority % 8).toBe(severity)
  })

  it('escapes what ends a value', () => {
    const agent = 'a"] [x@1 b="\\'
    expect(readSyslog(toSyslog(recordOf({ agent }))).parameters['agent']).toBe(agent)
  })

  it('marks a text that is not ASCII, and no other', () => {
    const marked = [{ agent: 'plain' }, { agent: 'Zoë' }].map((who) =>
      toSyslog(recordOf(who)).includes('] \ufeff'),
    )
    expect(marked).toEqual([false, true])
  })

  it.each([
    [{ facility: 10, enterpriseNumber: 9 }, 10, 'callgate@9'],
    [{ facility: 24, enterpriseNumber: 0 }, 13, 'callgate@32473'],
    [{ facility: -1, enterpriseNumber: 1.5 }, 13, 'callgate@32473'],
  ])('takes %j', (options, facility, id) => {
    const message = readSyslog(toSyslog(recordOf({}), options))
    expect([Math.floor(message.priority / 8), message.id]).toEqual([facility, id])
  })
})

describe('CloudEvents', () => {
  it.each(CASES)('has the attributes of the specification, and no other: %s', (_name, record) => {
    const event = jsonOf('cloudevents', record)
    expect(Object.keys(event).filter((name) => !CLOUDEVENT_FIELDS.includes(name))).toEqual([])
    expect(CLOUDEVENT_REQUIRED.filter((name) => event[name] === undefined)).toEqual([])
    expect(event).toMatchObject({ specversion: '1.0', source: 'urn:callgate' })
  })

  it('hands a traceparent on, and nothing else under that name', () => {
    const [one, other] = ['permitted', 'anonymous'].map((name) =>
      jsonOf('cloudevents', RECORDS[name] ?? recordOf({})),
    )
    expect([one?.['traceparent'], other?.['traceparent']]).toEqual([
      RECORDS['permitted']?.trace_id,
      undefined,
    ])
  })

  it('has sequences whose texts are in order', () => {
    const [nine, ten] = [9, 10].map((seq) =>
      String(jsonOf('cloudevents', recordOf({ seq }))['sequence']),
    )
    expect((nine ?? '') < (ten ?? '')).toBe(true)
  })
})

describe('a record with many findings', () => {
  it('is as grave as the gravest of them', () => {
    const findings = [
      { ...FINDING, severity: 'low' as const },
      FINDING,
      { ...FINDING, severity: 'high' as const },
    ]
    expect(toOcsf(recordOf({ kind: 'finding', status: 'success', findings }))['severity']).toBe(
      'Critical',
    )
  })
})
