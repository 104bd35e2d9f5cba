import { describe, expect, it } from 'vitest'
import type { AuditRecord } from '../core/model/audit-record.ts'
import { CallgateError } from '../core/model/errors.ts'
import { callOf, mailWith, openEngine, SECRET, step } from './behavior.fixture.ts'
import type { Diagnostic } from './options.ts'
import type { Outcome } from './ticket.ts'

const READ = callOf('web.read', {})

function fail(): never {
  throw new Error('no')
}

async function errorOf(outcome: unknown): Promise<string | null | undefined> {
  const records: AuditRecord[] = []
  const engine = openEngine()
  engine.subscribe((record) => records.push(record))
  const ticket = await engine.begin(READ)
  await ticket.finish(outcome as Outcome) // what an adapter without types may say
  return records.find(({ kind }) => kind === 'outcome')?.error
}

describe('an outcome that cannot be read', () => {
  it.each<[string, unknown]>([
    ['is a Proxy that throws when it is asked', new Proxy({}, { has: fail })],
    ['throws when its value is read', Object.defineProperty({ ok: true }, 'value', { get: fail })],
    ['throws when its error is read', Object.defineProperty({ ok: false }, 'error', { get: fail })],
    ['is nothing', undefined],
  ])('that %s closes its record as failed', async (_, outcome) => {
    const engine = openEngine()
    const records: AuditRecord[] = []
    engine.subscribe((record) => records.push(record))
    const ticket = await engine.begin(READ)
    expect(() => ticket.finish(outcome as Outcome)).not.toThrow()
    expect([records.at(-1)?.status, engine.stats().in_flight]).toEqual(['failed', 0])
  })
})

describe('the record of an error', () => {
  const coded = (code: unknown): Error => Object.assign(new Error('m'), { code })
  const named = (name: string): Error => Object.assign(new Error('m'), { name })

  it.each<[string, unknown, string]>([
    ['of Node', coded('ERR_INVALID_ARG_TYPE'), 'Error ERR_INVALID_ARG_TYPE'],
    ['of the system', coded('ECONNREFUSED'), 'Error ECONNREFUSED'],
    ['of the system, with a digit', coded('E2BIG'), 'Error E2BIG'],
    ['of a name that nobody knows', coded('EAI_AGAIN'), 'Error EAI_AGAIN'],
    ['of a database', coded('42P01'), 'Error 42P01'],
    ['of HTTP', coded(404), 'Error 404'],
    ['of HTTP, as a text', coded('503'), 'Error 503'],
    ['of JSON-RPC', coded(-32_601), 'Error -32601'],
    ['of callgate', new CallgateError('ERR_DISPATCH_TIMEOUT', 'm'), 'ERR_DISPATCH_TIMEOUT'],
    ['by name', new TypeError('m'), 'TypeError'],
    [
      'of a library by name',
      named('PrismaClientKnownRequestError'),
      'PrismaClientKnownRequestError',
    ],
    ['that was thrown by a browser', new DOMException('m', 'AbortError'), 'AbortError'],
  ])('tells what is known %s', async (_, error, said) => {
    expect(await errorOf({ ok: false, error })).toBe(said)
  })

  it.each<[string, unknown, string]>([
    ['a key for a code', coded('Q7mZt4Wc9LrXv2KpB8nYd3Fs00112233'), 'Error'],
    ['a key that begins like a code', coded('ERR_Q7mZt4Wc9LrXv2KpB8nYd3Fs'), 'Error'],
    ['a key of capitals for a code', coded(`E${'QWXZ'.repeat(12)}`), 'Error'],
    ['a number of a card for a code', coded(4_111_111_111_111_111), 'Error'],
    ['a key for a name', named('Q7mZt4Wc9LrXv2KpB8nYd3Fs'), 'Error'],
    ['a key for a name of an error', named('Q7mZt4Wc9LrXv2KpB8nYd3FsError'), 'Error'],
    [
      'a key for a code of ours',
      Object.assign(new CallgateError('ERR_DISPATCH_TIMEOUT', 'm'), { code: SECRET }),
      'CallgateError',
    ],
  ])('does not hold %s', async (_, error, said) => {
    expect(await errorOf({ ok: false, error })).toBe(said)
  })
})

describe('a diagnostic', () => {
  it('says what failed, and nothing that a rule of the host says it was given', async () => {
    const said: Diagnostic[] = []
    const fault = (held: unknown): never => {
      const error = new RangeError(`no: ${JSON.stringify(held)}\n    at ${SECRET} (a.js:1:1)`)
      throw Object.assign(error, { code: 'ERR_OUT_OF_RANGE', held })
    }
    const engine = openEngine({
      onDiagnostic: (one) => said.push(one),
      rules: [
        {
          id: 'host_rule',
          on: 'request',
          severity: 'low',
          evaluate: (event) => fault(event),
        },
      ],
    })
    await step(engine, mailWith(SECRET))
    expect(said).toMatchObject([
      { code: 'gate_failed', cause: { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' } },
    ])
    const [{ cause } = { cause: undefined }] = said
    const { stack } = cause as { readonly stack: string }
    expect(JSON.stringify(cause)).not.toContain(SECRET)
    expect(stack).toContain('hostile-outcome.test.ts')
  })

  it.each<[string, unknown]>([
    ['no error', SECRET],
    [
      'an error whose stack was written by somebody',
      Object.assign(new Error('m'), { stack: SECRET }),
    ],
    ['an error that throws', Object.defineProperty(new Error('m'), 'stack', { get: fail })],
    ['nothing', undefined],
  ])('holds nothing of a cause that is %s', async (_, cause) => {
    const said: Diagnostic[] = []
    const engine = openEngine({
      onDiagnostic: (one) => said.push(one),
      gates: [
        {
          name: 'g',
          check: () => {
            throw cause
          },
        },
      ],
    })
    await step(engine, READ)
    expect([said.length, JSON.stringify(said).includes(SECRET)]).toEqual([1, false])
  })
})
