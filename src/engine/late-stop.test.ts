import { describe, expect, it } from 'vitest'
import type { AuditRecord } from '../core/model/audit-record.ts'
import type { Approvals, AuditSink } from '../core/model/ports.ts'
import { callOf, mailWith, openEngine, readSecret, step } from './behavior.fixture.ts'
import type { PolicyEngine } from './create-policy-engine.ts'
import type { EngineOptions } from './options.ts'
import type { Ticket } from './ticket.ts'

const NOTE = 'Nordwind closes on 14 March at 212 million, says Wilhelmina Ostrander-Pike'
const MAIL = mailWith(NOTE)

/** Something that a test lets go on when it wants to. */
interface Latch {
  readonly opened: Promise<void>
  /** Resolves when somebody has come to it. */
  readonly reached: Promise<void>
  open(): void
  reach(): Promise<void>
}

function latch(): Latch {
  let open = (): void => {}
  let reach = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  return {
    opened,
    reached,
    open: () => open(),
    reach() {
      reach()
      return opened
    },
  }
}

function approving(wait: Latch): Approvals {
  return { ask: () => wait.reach().then(() => ({ outcome: 'approved' as const, by: 'ana' })) }
}

/** Keeps what it is given; holds up the first record that `isHeld`. */
function sinkThat(wait: Latch, isHeld: (record: AuditRecord) => boolean) {
  const records: AuditRecord[] = []
  const sink: AuditSink = {
    name: 'slow',
    write(batch) {
      records.push(...batch)
      return batch.some(isHeld) ? wait.reach() : undefined
    },
  }
  return { sink, records }
}

const asPromise = async (ticket: ReturnType<PolicyEngine['begin']>): Promise<Ticket> => ticket

describe('a call that waits for a person does not go out', () => {
  it.each<[string, Partial<EngineOptions>, (engine: PolicyEngine) => unknown]>([
    ['once its session was terminated', {}, () => {}],
    ['where its session was ended before', {}, (engine) => engine.endSession('s')],
    [
      'where its session had made room for another before',
      { limits: { maxSessions: 1 } },
      (engine) => step(engine, callOf('web.read', {}, { session: 'other' })),
    ],
    [
      'where its session has begun again since',
      {},
      async (engine) => {
        await engine.endSession('s')
        await step(engine, callOf('web.read', {}))
      },
    ],
  ])('%s', async (_, options, before) => {
    const wait = latch()
    const engine = openEngine({ ...options, approvals: approving(wait) })
    await step(engine, callOf('db.query', {}), { rows: [{ note: NOTE }] })
    const asked = asPromise(engine.begin(MAIL, { wait: true }))
    await wait.reached
    await before(engine)
    await engine.terminate('s', { by: 'ops' })
    wait.open()
    const { decision, permitted } = await asked
    expect([decision.reason, permitted]).toEqual(['session_terminated', false])
  })
})

describe('a call that is stopped while its record is being written', () => {
  const stopped = async (mode: EngineOptions['mode'] = 'enforce') => {
    const wait = latch()
    const { sink, records } = sinkThat(wait, ({ kind }) => kind === 'decision')
    const engine = openEngine({ mode, audit: [sink] })
    const begun = asPromise(engine.begin(mailWith('hello')))
    await wait.reached
    await engine.terminate('s', { by: 'ops' })
    wait.open()
    return { ticket: await begun, records, engine }
  }

  it('does not go out, and its record is closed', async () => {
    const { ticket, records, engine } = await stopped()
    const closing = records.at(-1)
    expect([ticket.permitted, ticket.decision.reason, engine.stats().in_flight]).toEqual([
      false,
      'session_terminated',
      0,
    ])
    expect(closing).toMatchObject({
      kind: 'outcome',
      status: 'denied',
      id: ticket.decision.id,
      reason: 'session_terminated',
      effect: 'deny',
    })
  })

  it('goes out all the same where it is only observed', async () => {
    const { ticket, records } = await stopped('observe')
    expect([ticket.permitted, records.map(({ kind }) => kind)]).toEqual([
      true,
      ['decision', 'session'],
    ])
  })
})

describe('a rule of the host that fails when it takes note of a call', () => {
  const rule = {
    id: 'host_rule',
    on: 'request' as const,
    severity: 'low' as const,
    evaluate: () => undefined,
    remember: (): never => {
      throw new Error('no')
    },
  }

  it('denies the call, with a record that says so and a diagnostic', async () => {
    const { sink, records } = sinkThat(latch(), () => false)
    const said: string[] = []
    const onDiagnostic = ({ code }: { code: string }): unknown => said.push(code)
    const engine = openEngine({ rules: [rule], audit: [sink], onDiagnostic })
    const { decision, permitted } = await engine.begin(mailWith('hello'))
    expect([permitted, decision.reason, decision.gate]).toEqual([false, 'gate_failed', 'behavior'])
    expect(records.map(({ kind, status, reason }) => [kind, status, reason])).toEqual([
      ['decision', 'pending', 'allowed'],
      ['outcome', 'denied', 'gate_failed'],
    ])
    expect(said).toEqual(['gate_failed'])
  })

  it('makes `guard` reject with a denial', async () => {
    const engine = openEngine({ rules: [rule] })
    await expect(engine.guard(mailWith('hello'), () => 'sent')).rejects.toMatchObject({
      code: 'ERR_CALL_DENIED',
    })
  })

  it('stops nothing that is only observed', async () => {
    const engine = openEngine({ rules: [rule], mode: 'observe' })
    expect((await engine.begin(mailWith('hello'))).permitted).toBe(true)
  })

  it('withholds a response that it cannot take note of, and says so', async () => {
    const said: string[] = []
    const onDiagnostic = ({ code }: { code: string }): unknown => said.push(code)
    const later = { ...rule, remember: (event: { direction: string }) => failOn(event) }
    const engine = openEngine({ rules: [later], onDiagnostic })
    const { outcome } = await readSecret(engine)
    expect([outcome?.ok, said]).toEqual([false, ['response_uninspected']])
  })
})

function failOn({ direction }: { direction: string }): undefined {
  if (direction === 'response') throw new Error('no')
  return undefined
}
