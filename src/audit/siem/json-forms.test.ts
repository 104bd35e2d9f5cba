import { describe, expect, it } from 'vitest'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { REASONS } from '../../core/model/decision.ts'
import type { JsonObject } from '../../core/model/json.ts'
import { SIEM_FORMS, type SiemFormName } from './forms.ts'
import { toOcsf } from './ocsf.ts'
import {
  CLOUDEVENT_FIELDS,
  CLOUDEVENT_REQUIRED,
  ECS_FIELDS,
  ECS_KINDS,
  ECS_OUTCOMES,
  ECS_TYPES,
  OCSF_ACTIVITIES,
  OCSF_CATEGORY,
  OCSF_DISPOSITIONS,
  OCSF_ENTITIES,
  OCSF_ENUMS,
  OCSF_FIELDS,
  OCSF_REQUIRED,
  OCSF_STATUSES,
} from './public-fields.fixture.ts'
import { pathsOf } from './readers.fixture.ts'
import { FINDING, RECORDS, recordOf } from './records.fixture.ts'

const CASES = Object.entries(RECORDS)
const HOST = { host: 'agent-7.example.com' }

const jsonOf = (form: SiemFormName, record: AuditRecord): JsonObject =>
  JSON.parse(SIEM_FORMS[form].line(record, HOST)) as JsonObject
const member = (event: JsonObject, name: string): JsonObject => event[name] as JsonObject

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
    const { action_id: action, disposition } = event
    if (action !== undefined) expect(OCSF_DISPOSITIONS[Number(action)]).toContain(disposition)
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

  it.each(CASES.filter(([, { kind }]) => ['approval', 'policy', 'session'].includes(kind)))(
    'has an entity of a listed type with its own attribute: %s',
    (_name, record) => {
      const entity = member(jsonOf('ocsf', record), 'entity')
      const listed = OCSF_ENTITIES[Number(entity['type_id'])]
      if (listed === undefined) expect(entity['type_id']).toBe(99)
      else expect(entity[listed]).toMatchObject({ uid: entity['uid'], name: entity['name'] })
    },
  )

  it.each([
    ['allow', 13, 'Resume'],
    ['pause', 12, 'Suspend'],
    ['terminate', 4, 'Delete'],
    [null, 3, 'Update'],
  ] as const)('a session of disposition %s is activity %i, %s', (disposition, id, name) => {
    const event = toOcsf(recordOf({ kind: 'session', status: 'success', disposition }))
    expect([event['activity_id'], event['activity_name']]).toEqual([id, name])
  })

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

describe('ECS', () => {
  it.each(CASES)('has only fields of the schema besides its own: %s', (_name, record) => {
    const paths = pathsOf(jsonOf('ecs', record)).filter((path) => !path.startsWith('callgate.'))
    expect(paths.filter((path) => !ECS_FIELDS.includes(path))).toEqual([])
  })

  it.each(CASES)('has types that go with its category: %s', (_name, record) => {
    const { category, type, kind, outcome } = member(jsonOf('ecs', record), 'event')
    expect(ECS_KINDS).toContain(kind)
    expect(ECS_OUTCOMES).toContain(outcome)
    const [one = ''] = category as string[]
    expect((type as string[]).filter((each) => !ECS_TYPES[one]?.includes(each))).toEqual([])
  })

  it('says who in the fields that searches join on', () => {
    const event = jsonOf('ecs', RECORDS['denied'] ?? recordOf({}))
    expect(event).toMatchObject({
      event: { outcome: 'success', action: 'call.denied', reason: 'constraint_violation' },
      user: { id: 'ada', name: 'ada' },
      related: { user: ['ada', 'sales-bot'] },
      trace: { id: '4bf92f3577b34da6a3ce929d0e0e4736' },
    })
  })

  it.each([
    ['what it denied on purpose is', 'rbac', 'constraint_violation', 'success'],
    ['what it denied since a gate was broken is', 'rbac', 'gate_failed', 'failure'],
    ['what it denied since no sink accepted it is', 'audit', 'audit_unavailable', 'failure'],
  ] as const)('%s a %s of the gate', (_what, gate, reason, outcome) => {
    const record = recordOf({ status: 'denied', effect: 'deny', gate, reason })
    expect(member(jsonOf('ecs', record), 'event')['outcome']).toBe(outcome)
  })

  it('counts durations in nanoseconds', () => {
    expect(member(jsonOf('ecs', RECORDS['succeeded'] ?? recordOf({})), 'event')['duration']).toBe(
      12_500_000,
    )
  })
})

describe('CloudEvents', () => {
  it.each(CASES)('has the attributes of the specification, and no other: %s', (_name, record) => {
    const event = jsonOf('cloudevents', record)
    expect(Object.keys(event).filter((name) => !CLOUDEVENT_FIELDS.includes(name))).toEqual([])
    expect(CLOUDEVENT_REQUIRED.filter((name) => event[name] === undefined)).toEqual([])
    expect(event).toMatchObject({ specversion: '1.0', source: 'urn:callgate:audit' })
    expect(event['type']).toMatch(/^dev\.callgate\.[a-z]+\.[a-z_]+$/)
    expect(Object.keys(event).filter((name) => !/^[a-z0-9]{1,20}$/.test(name))).toEqual([])
  })

  it.each([
    ['https://agents.example/7', 'https://agents.example/7'],
    ['/agents/7?a=b#c', '/agents/7?a=b#c'],
    ['my agents\n"<x>"', 'my%20agents%0A%22%3Cx%3E%22'],
    ['Zoë\ud800', 'Zo%C3%AB%EF%BF%BD'],
    ['', 'urn:callgate:audit'],
  ])('has a source that is a URI reference: %j', (source, wanted) => {
    const line = SIEM_FORMS.cloudevents.line(recordOf({}), { source })
    expect(JSON.parse(line).source).toBe(wanted)
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

  it('takes the span of the caller for it where the record has one', () => {
    const [trace, span] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7']
    const traceparent = `00-${trace}-${span}-01`
    const record = recordOf({ trace_id: trace, traceparent })
    expect(jsonOf('cloudevents', record)['traceparent']).toBe(traceparent)
    expect(member(jsonOf('ecs', record), 'trace')['id']).toBe(trace)
  })

  it('has sequences whose texts are in order', () => {
    const [nine, ten] = [9, 10].map((seq) =>
      String(jsonOf('cloudevents', recordOf({ seq }))['sequence']),
    )
    expect((nine ?? '') < (ten ?? '')).toBe(true)
  })
})
