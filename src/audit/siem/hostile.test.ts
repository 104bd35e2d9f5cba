import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { JsonObject, JsonValue } from '../../core/model/json.ts'
import { toCef } from './cef.ts'
import { SIEM_FORMS, type SiemFormName } from './forms.ts'
import { hostileRecord, hostileText, hugeRecord } from './hostile.fixture.ts'
import { toLeef } from './leef.ts'
import {
  CEF_KEYS,
  CLOUDEVENT_REQUIRED,
  ECS_FIELDS,
  LEEF_KEYS,
  OCSF_FIELDS,
  OCSF_REQUIRED,
} from './public-fields.fixture.ts'
import { pathsOf, readCef, readLeef, readSyslog } from './readers.fixture.ts'
import { recordOf } from './records.fixture.ts'
import { toSyslog } from './syslog.ts'
import { bounded, boundedJson } from './text.ts'

/** UTF-8 bytes that no record, whatever is in it, is longer than. */
const MAX_BYTES: Readonly<Record<SiemFormName, number>> = {
  ocsf: 400_000,
  ecs: 400_000,
  cef: 60_000,
  leef: 120_000,
  syslog: 20_000,
  cloudevents: 200_000,
}
const FORMS = Object.keys(SIEM_FORMS) as SiemFormName[] // its own keys

// C0, DEL and C1 (a tab divides attributes of LEEF), and what else ends a line for some readers.
const NEVER = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]|\p{Cs}/u

/** Throws where a line is not one valid event of its form. */
const CHECKS: Readonly<Record<SiemFormName, (line: string) => void>> = {
  ocsf: (line) => {
    const event = JSON.parse(line) as JsonObject
    const uid = Number(event['class_uid'])
    const paths = pathsOf(event).filter((path) => !path.startsWith('unmapped.'))
    expect(paths.filter((path) => !OCSF_FIELDS[uid]?.includes(path))).toEqual([])
    expect(OCSF_REQUIRED[uid]?.filter((name) => event[name] === undefined)).toEqual([])
    expect(event['type_uid']).toBe(uid * 100 + Number(event['activity_id']))
    expect(Number.isSafeInteger(event['time'])).toBe(true)
  },
  ecs: (line) => {
    const event = JSON.parse(line) as JsonObject
    const paths = pathsOf(event).filter((path) => !path.startsWith('callgate.'))
    expect(paths.filter((path) => !ECS_FIELDS.includes(path))).toEqual([])
    expect(Date.parse(String(event['@timestamp']))).not.toBeNaN()
  },
  cef: (line) => {
    const { extension } = readCef(line)
    const wrong = Object.entries(extension).filter(
      ([key, text]) => text.length > (CEF_KEYS[key] ?? -1),
    )
    expect(wrong).toEqual([])
  },
  leef: (line) => {
    const keys = Object.keys(readLeef(line).attributes)
    expect(keys.filter((key) => !LEEF_KEYS.includes(key) && !key.startsWith('callgate'))).toEqual(
      [],
    )
  },
  syslog: (line) => {
    readSyslog(line)
  },
  cloudevents: (line) => {
    const event = JSON.parse(line) as JsonObject
    expect(CLOUDEVENT_REQUIRED.filter((name) => event[name] === undefined)).toEqual([])
    const attributes = Object.entries(event).filter(([name]) => name !== 'data')
    expect(
      attributes.filter(([, value]) => typeof value !== 'string' || NEVER.test(value)),
    ).toEqual([])
  },
}

function check(form: SiemFormName, record: AuditRecord): void {
  const line = SIEM_FORMS[form].line(record, { host: record.agent ?? '' })
  expect(NEVER.test(line)).toBe(false)
  expect(Buffer.byteLength(line)).toBeLessThan(MAX_BYTES[form])
  CHECKS[form](line)
}

describe('any record', () => {
  it.each(FORMS)('is one valid line of %s', (form) => {
    fc.assert(
      fc.property(hostileRecord, (record) => {
        check(form, record)
      }),
      { numRuns: 300 },
    )
  })

  it.each(
    FORMS.flatMap((form) =>
      (['decision', 'finding', 'session'] as const).map((kind) => [form, kind] as const),
    ),
  )('with a megabyte in each field is one bounded line of %s (%s)', (form, kind) => {
    for (const piece of ['x', '\u0001', '\ud83d\udd12', '\ud800', '\\|="]\n'])
      check(form, hugeRecord(kind, piece))
  })
})

describe('what a caller writes', () => {
  it('is read back from CEF as it was, but for what cannot be shown', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~](?:[ -~]{0,60}[!-~])?$/), (agent) => {
        const { extension } = readCef(toCef(recordOf({ agent })))
        expect([extension['sourceServiceName'], extension['suid']]).toEqual([agent, undefined])
      }),
    )
  })

  it('is read back from LEEF and syslog as it was, but for what cannot be shown', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]{1,60}$/), (agent) => {
        const record = recordOf({ agent })
        expect(readLeef(toLeef(record)).attributes['callgateAgent']).toBe(agent)
        expect(readSyslog(toSyslog(record)).parameters['agent']).toBe(agent)
      }),
    )
  })

  it('cannot add a field', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const keysOf = (agent: string) => {
          const record = recordOf({ agent, user_id: agent })
          return [
            Object.keys(readCef(toCef(record)).extension),
            Object.keys(readLeef(toLeef(record)).attributes),
            Object.keys(readSyslog(toSyslog(record)).parameters),
          ]
        }
        expect(keysOf(`a${text}`)).toEqual(keysOf('a'))
      }),
    )
  })
})

describe('bounds', () => {
  it('cut a text without breaking a pair', () => {
    expect([bounded('ab\u{1f512}cd', 4), bounded('abcd', 4), bounded('abcde', 4)]).toEqual([
      'ab\ufffd…',
      'abcd',
      'abc…',
    ])
  })

  it('end a wide value soon after its room', () => {
    const wide = Array.from({ length: 100 }, () =>
      Array.from({ length: 100 }, () => 'x'.repeat(100)),
    )
    expect(JSON.stringify(boundedJson(wide, 1000)).length).toBeLessThan(1300)
  })

  it('leave a value alone that fits', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4, stringUnit: 'grapheme-ascii' }), (value) => {
        expect(boundedJson(value as JsonValue, 1_000_000)).toEqual(value)
      }),
    )
  })
})
