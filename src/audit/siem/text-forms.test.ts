import { describe, expect, it } from 'vitest'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { VERSION } from '../../version.ts'
import { SIEM_FORMS } from './forms.ts'
import { CEF_HEADER_LENGTHS, CEF_KEYS, LEEF_KEYS, LEEF_LENGTHS } from './public-fields.fixture.ts'
import { readCef, readLeef, readSyslog } from './readers.fixture.ts'
import { RECORDS, recordOf } from './records.fixture.ts'
import { toSyslog } from './syslog.ts'

const CASES = Object.entries(RECORDS)
const HOST = { host: 'agent-7.example.com' }

describe('CEF', () => {
  const read = (record: AuditRecord) => readCef(SIEM_FORMS.cef.line(record))

  it.each(CASES)('has only keys of the dictionary, within their lengths: %s', (_name, record) => {
    const { extension } = read(record)
    const wrong = Object.entries(extension).filter(
      ([key, value]) => value.length > (CEF_KEYS[key] ?? -1),
    )
    expect(wrong).toEqual([])
  })

  it.each(CASES)('has a header within its lengths: %s', (_name, record) => {
    const { header } = read(record)
    expect(header.map((field, at) => field.length <= (CEF_HEADER_LENGTHS[at] ?? 0))).toEqual(
      CEF_HEADER_LENGTHS.map(() => true),
    )
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

  it('has values within their lengths', () => {
    const { attributes } = read(recordOf({ user_id: 'u'.repeat(1_000) }))
    const long = Object.entries(LEEF_LENGTHS).filter(
      ([key, max]) => (attributes[key] ?? '').length > max,
    )
    expect([long, attributes['usrName']?.slice(0, 3)]).toEqual([[], 'uuu'])
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
