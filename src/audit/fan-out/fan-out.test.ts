import { describe, expect, it } from 'vitest'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { AuditSink } from '../../core/model/ports.ts'
import { testAuditSink } from '../../testing/contracts/audit-sink.ts'
import { memorySink } from '../memory.ts'
import { recordOf } from '../record.fixture.ts'
import type { SinkDiagnostic } from '../sink-options.ts'
import { manualTimers, turns } from '../timers.fixture.ts'
import { type FanOutOptions, fanOut } from './fan-out.ts'

/** Answers when it is told to. */
function heldSink(name: string) {
  const open: { resolve(): void; reject(error: Error): void }[] = []
  const written: (readonly AuditRecord[])[] = []
  let closes = 0
  const sink: AuditSink = {
    name,
    write(records) {
      written.push(records)
      return new Promise<void>((resolve, reject) => open.push({ resolve, reject }))
    },
    close() {
      closes += 1
    },
  }
  return { sink, open, written, closes: () => closes }
}

function failing(name: string): AuditSink {
  return {
    name,
    write() {
      throw new Error('the disk is full')
    },
  }
}

function setUp(options: Omit<FanOutOptions, 'timers' | 'onDiagnostic'>) {
  const timers = manualTimers()
  const diagnostics: SinkDiagnostic[] = []
  const sink = fanOut({ ...options, timers, onDiagnostic: (one) => diagnostics.push(one) })
  return { sink, timers, told: () => diagnostics.map(({ message }) => message) }
}

const failureOf = async (write: () => unknown): Promise<unknown> => {
  try {
    await write()
    return undefined
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    return { code, message }
  }
}

const same = memorySink()

describe('fanOut', () => {
  it('is what the engine relies on, for each required member', async () => {
    const members = new WeakMap<AuditSink, ReturnType<typeof memorySink>>()
    const make = (which: 0 | 1) => () => {
      const both = [memorySink(), memorySink()] as const
      const sink = fanOut({ required: both })
      members.set(sink, both[which])
      return sink
    }
    const read = (sink: AuditSink) => members.get(sink)?.records() ?? []
    const failures = [
      ...(await testAuditSink(make(0), { read })),
      ...(await testAuditSink(make(1), { read })),
    ]
    expect(failures).toEqual([])
  })

  it('stays synchronous where its required members are', () => {
    const { sink } = setUp({ required: [memorySink()], bestEffort: [heldSink('slow').sink] })
    expect(sink.write([recordOf(1)])).toBeUndefined()
  })

  it('names who refused, and how many have accepted', async () => {
    const { sink, told } = setUp({ required: [memorySink(), failing('disk')] })
    expect(await failureOf(() => sink.write([recordOf(1)]))).toEqual({
      code: 'ERR_AUDIT_UNAVAILABLE',
      message: '1 of 2 required sinks have accepted: `disk` refused the records',
    })
    expect(told()).toEqual(['sink `disk` refused the records'])
  })

  it('accepts with a quorum, and does not wait for the others', async () => {
    const slow = heldSink('slow')
    const { sink, timers } = setUp({
      required: [slow.sink, failing('disk'), memorySink()],
      quorum: 1,
    })
    expect(sink.write([recordOf(1)])).toBeUndefined()
    expect(sink.members().map(({ waiting, accepted }) => [waiting, accepted])).toEqual([
      [1, 0],
      [0, 0],
      [0, 1],
    ])
    slow.open[0]?.resolve()
    await turns()
    expect([sink.members()[0]?.accepted, timers.pending()]).toEqual([1, 0])
  })

  it.each([
    ['alone of a quorum of one', 1, '0 of 1'],
    ['as one of a quorum of two', 2, '1 of 2'],
  ])(
    'never takes a sink that keeps nothing for one that does: %s',
    async (_what, quorum, count) => {
      const relay: AuditSink = { name: 'relay', durable: false, write: () => undefined }
      const kept = quorum === 1 ? [] : [memorySink()]
      const { sink } = setUp({ required: [relay, ...kept, failing('disk')], quorum })
      expect(await failureOf(() => sink.write([recordOf(1)]))).toEqual({
        code: 'ERR_AUDIT_UNAVAILABLE',
        message: `${count} required sinks that keep records have accepted: \`disk\` refused the records`,
      })
    },
  )

  it('needs no more sinks that keep records than there are', () => {
    const relay: AuditSink = { name: 'relay', durable: false, write: () => undefined }
    const { sink } = setUp({ required: [relay, memorySink()] })
    expect([sink.write([recordOf(1)]), sink.durable]).toEqual([undefined, undefined])
  })

  it('refuses as soon as the quorum cannot be reached', async () => {
    const [one, other] = [heldSink('one'), heldSink('other')]
    const { sink } = setUp({ required: [one.sink, other.sink, failing('disk')], quorum: 2 })
    const failure = failureOf(() => sink.write([recordOf(1)]))
    one.open[0]?.reject(new Error('no'))
    expect(await failure).toMatchObject({
      message:
        '0 of 2 required sinks have accepted: `disk` refused the records; `one` refused the records',
    })
  })

  it('waits for a member that hangs once, and passes it over until it answers', async () => {
    const slow = heldSink('slow')
    const { sink, timers, told } = setUp({ required: [slow.sink], timeoutMs: 50 })
    const first = failureOf(() => sink.write([recordOf(1)]))
    timers.advance(50)
    expect(await first).toMatchObject({ message: expect.stringContaining('within 50 ms') })
    expect(await failureOf(() => sink.write([recordOf(2)]))).toMatchObject({
      message: expect.stringContaining('`slow` still has not answered an earlier write'),
    })
    expect([slow.written.length, sink.members()[0]?.hanging]).toEqual([1, true])
    slow.open[0]?.resolve()
    await turns()
    const third = sink.write([recordOf(3)])
    slow.open[1]?.resolve()
    await third
    expect([slow.written.length, told()]).toEqual([
      2,
      ['sink `slow` did not answer within 50 ms', 'sink `slow` takes records again'],
    ])
  })

  it('bounds what one member has unanswered', async () => {
    const slow = heldSink('slow')
    const options = { required: [slow.sink, memorySink()], quorum: 1, maxQueue: 3 }
    const { sink } = setUp(options)
    for (let seq = 1; seq <= 100; seq++) await sink.write([recordOf(seq)])
    expect(sink.members()[0]).toMatchObject({ waiting: 3, refused: 97 })
  })

  it('neither delays nor fails for a best-effort member, and drops its oldest records', async () => {
    const slow = heldSink('slow')
    const { sink, timers, told } = setUp({
      required: [memorySink()],
      bestEffort: [slow.sink, failing('disk')],
      maxQueue: 5,
      timeoutMs: 50,
    })
    sink.write([recordOf(1)])
    timers.advance(0)
    await turns()
    for (let seq = 2; seq <= 21; seq++) expect(sink.write([recordOf(seq)])).toBeUndefined()
    timers.advance(50)
    await turns()
    expect(sink.members().slice(1)).toEqual([
      {
        name: 'slow',
        required: false,
        accepted: 0,
        refused: 0,
        dropped: 15,
        waiting: 6,
        hanging: true,
      },
      {
        name: 'disk',
        required: false,
        accepted: 0,
        refused: 6,
        dropped: 15,
        waiting: 0,
        hanging: false,
      },
    ])
    slow.open[0]?.resolve()
    await turns()
    timers.advance(0)
    expect(slow.written.map((batch) => batch.map(({ seq }) => seq))).toEqual([
      [1],
      [17, 18, 19, 20, 21],
    ])
    expect(told().some((message) => message.includes('the oldest go'))).toBe(true)
  })

  it('hands over what waits when it is closed, closes every member once, and leaves no timer', async () => {
    const late = heldSink('late')
    const { sink, timers } = setUp({ required: [memorySink()], bestEffort: [late.sink] })
    sink.write([recordOf(1)])
    const closing = sink.close()
    await turns()
    late.open[0]?.resolve()
    await closing
    await sink.close()
    expect([late.written.length, late.closes(), timers.pending()]).toEqual([1, 1, 0])
    expect(await failureOf(() => sink.write([recordOf(2)]))).toMatchObject({
      code: 'ERR_AUDIT_UNAVAILABLE',
    })
  })

  it('closes within its limit although members hang, and says what was let go', async () => {
    const [needed, late] = [heldSink('needed'), heldSink('late')]
    needed.sink.close = () => new Promise<void>(() => undefined)
    const { sink, timers, told } = setUp({
      required: [needed.sink],
      bestEffort: [late.sink],
      timeoutMs: 50,
    })
    const lost = failureOf(() => sink.write([recordOf(1)]))
    timers.advance(0)
    sink.write([recordOf(2)])?.catch(() => undefined)
    const closing = failureOf(() => sink.close())
    for (let step = 0; step < 4; step++) {
      await turns()
      timers.advance(25)
    }
    expect([await closing, await lost]).toMatchObject([
      { message: 'not every required sink was closed: `needed` did not close within 25 ms' },
      { code: 'ERR_AUDIT_UNAVAILABLE' },
    ])
    expect([timers.pending(), told().at(-1)]).toEqual([
      0,
      'sink `late`: 1 records that waited for it were let go',
    ])
  })

  it.each<[string, object]>([
    ['no required sink', { required: [] }],
    ['what is no sink', { required: [{}] }],
    ['one sink twice', { required: [same], bestEffort: [same] }],
    ['a quorum of more than there are', { required: [memorySink()], quorum: 2 }],
    ['an option that nobody knows', { required: [memorySink()], qorum: 1 }],
  ])('refuses %s', (_what, options) => {
    expect(() => fanOut(options as FanOutOptions)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
  })
})
