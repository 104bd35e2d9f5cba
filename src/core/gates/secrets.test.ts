import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../model/json.ts'
import { callOf } from './call.fixture.ts'
import { checkSecrets, secretSettings } from './secrets.ts'

// Put together here, so that no scanner of repositories takes them for real ones.
const GITHUB = `ghp_${'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1bC2'}`
const AWS = `AKIA${'Z7Q2M4K6X3P5W8T1'}`
const AWS_ID = `AKIA${'Z7Q2M4K6X3P5W7T2'}`
const PASSWORD = 'Vw8!kQz29$mLp'

function check(args: JsonObject, section?: JsonObject, name = 'crm.note') {
  return checkSecrets(secretSettings(section), callOf({ arguments: args, resource: { name } }))
}

describe('the secret gate', () => {
  it.each<[string, JsonObject, string]>([
    ['an argument', { note: `use ${GITHUB} please` }, '/note'],
    ['a nested argument', { a: { 'b/c': [0, `key ${GITHUB}`] } }, '/a/b~1c/1'],
    ['a list', { notes: ['x', GITHUB] }, '/notes/1'],
    ['JSON in a text', { body: JSON.stringify({ token: GITHUB }) }, '/body'],
    ['the value of a telling name', { password: 'Vw8!kQz29$mLp' }, '/password'],
    ['a link', { url: `https://x.test/?key=${AWS}&secret=${GITHUB}` }, '/url'],
  ])(
    'stops a secret in %s, and names the place and the kind, never the value',
    (_what, args, place) => {
      const verdict = check(args)
      expect(verdict).toMatchObject({ kind: 'deny', reason: 'secret_detected' })
      const { detail = '' } = verdict as { detail?: string }
      expect(detail).toContain(`\`${place}\``)
      for (const value of [GITHUB, AWS, 'Vw8!kQz29$mLp']) expect(detail).not.toContain(value)
    },
  )

  it.each<[string, JsonObject, string]>([
    ['a value beside its name', { env: [{ name: 'PASSWORD', value: PASSWORD }] }, '/env/0/value'],
    ['a value beside its key', { tags: [{ Key: 'password', Value: PASSWORD }] }, '/tags/0/Value'],
    ['a value below its name', { password: { value: PASSWORD } }, '/password/value'],
    ['a list below its name', { password: [{ value: [PASSWORD] }] }, '/password/0/value/0'],
    [
      'a value whose label says less than what is above',
      { password: { name: 'db', value: PASSWORD } },
      '/password/value',
    ],
    ['what follows a flag', { args: ['login', '--password', PASSWORD] }, '/args/2'],
    ['what follows a short flag', { args: ['login', '-u', 'ana', '-p', PASSWORD] }, '/args/4'],
    ['words of a command', { args: ['sshpass', '-p', PASSWORD, 'ssh', 'host'] }, '/args/2'],
    ['words of a command beside', { command: 'curl', args: ['-u', `ana:${PASSWORD}`] }, '/args/1'],
    ['a pair', { env: [['DB_PASSWORD', PASSWORD]] }, '/env/0/1'],
    ['a short name of an argument', { options: { [AWS_ID]: true } }, 'an argument'],
  ])('tells by what stands around it: %s', (_what, args, place) => {
    const verdict = check(args)
    expect(verdict).toMatchObject({ kind: 'deny', reason: 'secret_detected' })
    expect(verdict).toHaveProperty('detail', expect.stringContaining(place))
    expect(JSON.stringify(verdict)).not.toContain(AWS_ID)
  })

  it('reads a number under a telling name as a text', () => {
    const args = { api_key: 948271635094827 }
    expect(check(args, { min_confidence: 0.4 }).kind).toBe('deny')
    expect(check(args)).toEqual({ kind: 'pass' })
    expect(check({ amount: 948271635094827 }, { min_confidence: 0.4 })).toEqual({ kind: 'pass' })
  })

  it('names the place of the first and of the last of many', () => {
    const notes = Array.from({ length: 1_000 }, (_, index) => (index === 777 ? GITHUB : 'x'))
    expect(check({ notes })).toHaveProperty('detail', expect.stringContaining('`/notes/777`'))
    const section = { allow: [{ resources: ['*'], fields: ['notes'] }] }
    const many = { notes: Array.from({ length: 30_000 }, () => AWS_ID) }
    expect(check(many, section)).toEqual({ kind: 'pass' })
  })

  it('does not repeat a secret that is the name of an argument', () => {
    const verdict = check({ [GITHUB]: 1 })
    expect(verdict).toMatchObject({ kind: 'deny', reason: 'secret_detected' })
    expect(JSON.stringify(verdict)).not.toContain(GITHUB)
  })

  it.each<[string, JsonObject]>([
    ['plain words', { note: 'call back on Monday, order 4829' }],
    ['a masked key', { note: 'ghp_************************************' }],
    ['a placeholder', { password: '<your password>' }],
    [
      'ports, folders and versions',
      { args: ['-u', '1000', '-p', '127.0.0.1:8080:80', '-v', 'src/x2'] },
    ],
    ['a form', { fields: [{ name: 'password', value: 'required' }, ['token', 'string']] }],
    ['counts', { max_tokens: 4096, password_length: 12, has_password: true, token: 7 }],
    ['numbers and flags', { amount: 12, urgent: true, nothing: null }],
    ['a commit and a UUID', { id: '7f1c9c2e-7a55-4b0e-9c1b-8c1f6f2f9a10', sha: 'a'.repeat(40) }],
  ])('lets %s by', (_what, args) => {
    expect(check(args)).toEqual({ kind: 'pass' })
  })

  it.each<[string, JsonObject, boolean]>([
    ['that names the tool', { allow: [{ resources: ['crm.note'] }] }, true],
    ['of another tool', { allow: [{ resources: ['vault.put'] }] }, false],
    ['of the kind', { allow: [{ resources: ['crm.*'], kinds: ['github_personal_token'] }] }, true],
    ['of another kind', { allow: [{ resources: ['*'], kinds: ['aws_access_key'] }] }, false],
    ['of the argument', { allow: [{ resources: ['*'], fields: ['note'] }] }, true],
    ['of another argument', { allow: [{ resources: ['*'], fields: ['body'] }] }, false],
    ['of a pointer', { allow: [{ resources: ['*'], fields: ['/note'] }] }, true],
  ])('honours an exception %s', (_what, section, passes) => {
    const verdict = check({ note: GITHUB }, section)
    expect(verdict.kind).toBe(passes ? 'pass' : 'deny')
  })

  it('still stops a second secret that no exception is about', () => {
    const section = { allow: [{ resources: ['*'], fields: ['token'] }] }
    expect(check({ token: GITHUB, note: GITHUB }, section).kind).toBe('deny')
  })

  it('is off where the policy says so, and for listing', () => {
    expect(check({ note: GITHUB }, { enabled: false })).toEqual({ kind: 'pass' })
    const listing = callOf({ arguments: { note: GITHUB }, verb: 'discover' })
    expect(checkSecrets(secretSettings(undefined), listing)).toEqual({ kind: 'pass' })
  })

  it('stops only what it is sure enough of', () => {
    expect(check({ password: 'Vw8!kQz29$mLp' }, { min_confidence: 0.99 }).kind).toBe('pass')
  })
})
