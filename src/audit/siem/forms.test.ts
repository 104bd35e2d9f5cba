import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { VERSION } from '../../version.ts'
import { SIEM_FORMS, type SiemFormName } from './forms.ts'
import { PAYLOAD, RECORDS } from './records.fixture.ts'

const GOLDEN = fileURLToPath(new URL('../../../fixtures/golden/siem/', import.meta.url))
const FORMS = Object.keys(SIEM_FORMS) as SiemFormName[] // its own keys
const CASES = Object.entries(RECORDS)
const HOST = { host: 'agent-7.example.com' }

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
    for (const [, record] of CASES)
      expect(JSON.parse(SIEM_FORMS.cloudevents.line(record, HOST)).data).toEqual(record)
  })
})
