import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ApprovalEntry, ApprovalStore } from '../../core/model/ports.ts'
import { parsePolicy } from '../../core/policy/parse.ts'
import { MemoryApprovals } from '../../stores/memory-approvals.ts'
import { askingPolicy, slowStore } from './approvals.fixture.ts'
import { bindingOf } from './binding.ts'
import { type Book, createBook } from './book.ts'
import { callNamed } from './call.fixture.ts'

const SEED = 20_261_120
const policy = askingPolicy('{ max_pending: 3 }')

const bookOver = (store: ApprovalStore, onSettled?: (entry: ApprovalEntry) => void): Book =>
  createBook({
    store,
    clock: { boot: 'here', now: () => 1_000, steady: () => 1_000 },
    ...(onSettled === undefined ? {} : { onSettled }),
  })

const questionNamed = (id: string) => {
  const call = callNamed(id)
  const why = { reason: 'approval_required', gate: 'rbac', detail: null } as const
  const binding = bindingOf(call, call.arguments, { assessment: undefined })
  return { call, binding, arguments: call.arguments, policy, why, waitMs: 60_000 }
}

/** A book over a store each of whose steps the scheduler lets go on when it likes. */
const raced = async (
  scheduler: fc.Scheduler,
  race: (book: Book, store: MemoryApprovals) => Promise<void>[],
  before: (book: Book) => unknown = () => undefined,
): Promise<void> => {
  const store = new MemoryApprovals()
  await before(bookOver(store))
  const running = race(
    bookOver(slowStore(() => scheduler.schedule(Promise.resolve()), store)),
    store,
  )
  await scheduler.waitFor(Promise.all(running))
}

describe('in any order of the steps of a store', () => {
  it('A02 one of many callers uses an approval, and the others are told that it was used', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 12 }), async (scheduler, many) => {
        const said: string[] = []
        await raced(
          scheduler,
          (book) =>
            Array.from({ length: many }, async (_, index) => {
              const { binding } = questionNamed('a')
              const standing = await book.consume('a', { binding, policy, by: `call ${index}` })
              said.push(standing.ok ? 'ok' : standing.reason)
            }),
          async (book) => {
            await book.open(questionNamed('a'))
            await book.decide('a', { outcome: 'approved', by: 'ana' })
          },
        )
        expect(said.sort()).toEqual([...Array(many - 1).fill('approval_used'), 'ok'])
      }),
      { numRuns: 200, seed: SEED },
    )
  })

  it('A02 one of 100 callers uses it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        let used = 0
        await raced(
          scheduler,
          (book) =>
            Array.from({ length: 100 }, async (_, index) => {
              const { binding } = questionNamed('a')
              const { ok } = await book.consume('a', { binding, policy, by: `call ${index}` })
              if (ok) used++
            }),
          async (book) => {
            await book.open(questionNamed('a'))
            await book.decide('a', { outcome: 'approved', by: 'ana' })
          },
        )
        expect(used).toBe(1)
      }),
      { numRuns: 10, seed: SEED },
    )
  })

  it('A09 the first answer stands, the others meet a conflict, and a time-out is an answer too', async () => {
    const answers = fc.array(fc.constantFrom('approved', 'denied', 'expired'), {
      minLength: 2,
      maxLength: 6,
    })
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), answers, async (scheduler, all) => {
        const stood: string[] = []
        const settled: string[] = []
        let last = ''
        const store = new MemoryApprovals()
        await bookOver(store).open(questionNamed('a'))
        const slow = slowStore(() => scheduler.schedule(Promise.resolve()), store)
        const book = bookOver(slow, ({ state }) => settled.push(state))
        const race = all.map(async (outcome, index) => {
          if (outcome === 'expired') return void (await book.giveUp('a'))
          try {
            await book.decide('a', { outcome, by: `person ${index}` } as never)
            stood.push(outcome)
          } catch (error) {
            expect((error as { code?: string }).code).toBe('ERR_APPROVAL_CONFLICT')
          }
        })
        await scheduler.waitFor(Promise.all(race))
        last = store.get('a')?.state ?? ''
        expect(settled).toEqual([last])
        expect(stood).toEqual(last === 'expired' ? [] : [last])
      }),
      { numRuns: 300, seed: SEED },
    )
  })

  it('A13 no more questions of one agent wait than the policy lets', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 12 }), async (scheduler, many) => {
        const opened: boolean[] = []
        let waiting = 0
        await raced(scheduler, (book, store) =>
          Array.from({ length: many }, async (_, index) => {
            opened.push((await book.open(questionNamed(`a${index}`))).ok)
            waiting = Math.max(waiting, store.list({ state: 'pending' }).length)
          }),
        )
        expect(waiting).toBeLessThanOrEqual(3)
        expect(opened.filter(Boolean)).toHaveLength(Math.min(many, 3))
      }),
      { numRuns: 200, seed: SEED },
    )
  })
})

describe('a book', () => {
  it('has a bound for all agents together', async () => {
    const store = new MemoryApprovals()
    const clock = { boot: 'here', now: () => 0, steady: () => 0 }
    const book = createBook({ store, clock, maxPending: 2 })
    const answers = await Promise.all(
      ['x', 'y', 'z'].map((agent) => {
        const question = questionNamed(agent)
        return book.open({ ...question, binding: { ...question.binding, agent } })
      }),
    )

    expect(answers.map(({ ok }) => ok)).toEqual([true, true, false])
  })

  it('makes room by ending what was approved and never used, where the store is full', async () => {
    const store = new MemoryApprovals({ maxOpen: 1 })
    let at = 0
    const clock = { boot: 'here', now: () => at, steady: () => at }
    const book = createBook({ store, clock })
    await book.open(questionNamed('a'))
    await book.decide('a', { outcome: 'approved', by: 'ana' })
    expect((await book.open(questionNamed('b'))).ok).toBe(false)
    at = 300_000

    expect((await book.open(questionNamed('c'))).ok).toBe(true)
    expect(store.get('a')?.state).toBe('expired')
  })

  it('lets a policy say nothing, and takes its word in every field', async () => {
    const full = parsePolicy(
      'approvals: { ttl: 10s, timeout: 20s, approvers: [ana], four_eyes: false, max_pending: 7 }\n',
    )
    const store = new MemoryApprovals()
    const question = { ...questionNamed('a'), policy: full }
    await bookOver(store).open(question)
    const entry = await bookOver(store).decide('a', { outcome: 'approved', by: 'ana' })

    expect(entry).toMatchObject({
      approvers: ['ana'],
      four_eyes: false,
      ttl_ms: 10_000,
      expires_at: 11_000,
      version: 2,
    })
  })
})
