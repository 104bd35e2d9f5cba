import { describe, expect, it } from 'vitest'
import type { Gate, PolicyEngine } from '../../index.ts'
import { call, engineWith, guarded, rowsOf, sinkOf } from './engine.fixture.ts'
import { createScheduler, latch, round } from './scheduler.fixture.ts'

const CALLS = 5
const ALL = Array.from({ length: CALLS }, (_, index) => index)

interface Story {
  readonly engine: PolicyEngine
  /** What happened, in its order: `dispatched`, `returned` or `terminated`. */
  readonly told: readonly string[]
  readonly answers: readonly unknown[]
  /** What becomes of a call that is made after all that. */
  readonly next: unknown
  readonly rows: readonly string[]
}

/** Five calls on their way, each step of them when the scheduler lets it, and an operator. */
async function story(seed: number): Promise<Story> {
  const { turn, run } = createScheduler(seed)
  const slow: Gate = { name: 'slow', check: () => turn().then(() => ({ kind: 'pass' })) }
  const { sink, records } = sinkOf(({ kind }) => (kind === 'decision' ? turn() : undefined))
  const engine = engineWith({}, { gates: [slow], audit: [sink] })
  const told: string[] = []
  const one = async (index: number): Promise<unknown> => {
    await turn()
    const answer = await guarded(engine, call('web.read', { index }), async () => {
      told.push('dispatched')
      await turn()
      return { text: `answer ${index}` }
    })
    if (typeof answer === 'object') told.push('returned')
    return answer
  }
  const operator = async (): Promise<void> => {
    await turn()
    await turn()
    told.push('terminated')
    await engine.terminate('s', { by: 'ops' })
  }
  const settled = await run<unknown>([...ALL.map(one), operator()])
  const [later] = await run([guarded(engine, call('web.read'), () => 'out')])
  const answers = settled
    .slice(0, CALLS)
    .map((one) => (one.status === 'fulfilled' ? one.value : one.reason))
  const next = later?.status === 'fulfilled' ? later.value : later?.reason
  return { engine, told, answers, next, rows: rowsOf(records) }
}

describe('C05 a session that is terminated while five calls are under way', () => {
  it('C05 lets nothing more out and hands nothing more back, in 300 orders of all steps', async () => {
    const seen = { withheld: 0, stopped: 0, returned: 0 }
    for (let seed = 1; seed <= 300; seed++) {
      const { engine, told, answers, next, rows } = await story(seed)
      const after = told.slice(told.indexOf('terminated') + 1)
      expect([seed, after]).toEqual([seed, []])
      const failed = answers.filter((answer) => typeof answer !== 'object')
      expect(new Set(failed)).toEqual(new Set(failed.length > 0 ? ['session_terminated'] : []))
      const dispatched = told.filter((what) => what === 'dispatched').length
      const returned = CALLS - failed.length
      seen.withheld += dispatched - returned
      seen.stopped += CALLS - dispatched
      seen.returned += returned
      // Whatever was said to go out has a record of what became of it.
      const count = (row: string): number => rows.filter((one) => one === row).length
      const outcomes = rows.filter((row) => row.startsWith('outcome')).length
      expect([count('decision pending'), engine.stats().in_flight]).toEqual([outcomes, 0])
      expect(next).toBe('session_terminated')
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(60)
  }, 60_000)

  it('C05 withholds all five answers, also of those that fail, and records what became of each', async () => {
    const { sink, records } = sinkOf()
    const engine = engineWith({}, { audit: [sink] })
    const wait = latch()
    const calls = ALL.map((index) =>
      guarded(engine, call('web.read'), async () => {
        await wait.opened
        if (index % 2 === 1) throw new Error(`what it read: ${index}`)
        return { text: 'late' }
      }),
    )
    await round()
    expect(engine.stats().in_flight).toBe(CALLS)
    await engine.terminate('s', { by: 'ops' })
    wait.open()
    expect(await Promise.all(calls)).toEqual(ALL.map(() => 'session_terminated'))
    expect(rowsOf(records.filter(({ kind }) => kind === 'outcome')).toSorted()).toEqual([
      'outcome failed',
      'outcome failed',
      'outcome success',
      'outcome success',
      'outcome success',
    ])
    expect(
      records.filter(({ kind }) => kind === 'outcome').map(({ disposition }) => disposition),
    ).toEqual(ALL.map(() => 'terminate'))
    expect(engine.stats().in_flight).toBe(0)
  })

  it('C05 does not open again by being ended and begun anew, nor by being resumed', async () => {
    const engine = engineWith()
    const ticket = await engine.begin(call('web.read'))
    await engine.terminate('s', { by: 'ops' })
    await engine.endSession('s')
    await engine.resume('s', { by: 'ops' })
    const outcome = await ticket.finish({ ok: true, value: { text: 'late' } })
    expect(outcome).toMatchObject({ ok: false })
    expect(await guarded(engine, call('web.read'), () => 'out')).toBe('session_terminated')
  })

  it('C05 of one tenant leaves the calls of another under the same id alone', async () => {
    const engine = engineWith()
    const as = (tenant: string) => call('web.read', {}, { subject: { agent: 'bot', tenant } })
    const wait = latch()
    const calls = ['a', 'b'].map((tenant) =>
      guarded(engine, as(tenant), () => wait.opened.then(() => tenant)),
    )
    await round()
    await engine.terminate('s', { by: 'ops', tenant: 'a' })
    wait.open()
    expect(await Promise.all(calls)).toEqual(['session_terminated', 'b'])
  })

  // `guard` looks for the last time before it awaits the ticket, not before it dispatches.
  it('C05 lets no call out that was handed over in the same tick, before it', async () => {
    const engine = engineWith()
    let isOut = false
    const calling = guarded(engine, call('mail.send'), () => {
      isOut = true
    })
    void engine.terminate('s', { by: 'ops' })
    expect([await calling, isOut]).toEqual(['session_terminated', false])
  })

  // The response was looked at before the record of the outcome was waited for, and not after.
  it('C05 hands back no answer whose record is being written when it comes', async () => {
    const wait = latch()
    const { sink } = sinkOf(({ kind }) => (kind === 'outcome' ? wait.opened : undefined))
    const engine = engineWith({}, { audit: [sink] })
    const calling = guarded(engine, call('web.read'), () => ({ text: 'late' }))
    await round()
    void engine.terminate('s', { by: 'ops' })
    wait.open()
    expect(await calling).toBe('session_terminated')
  })
})
