import { describe, expect, it } from 'vitest'
import type { ApprovalStore } from '../../core/model/ports.ts'
import { MemoryApprovals } from '../../stores/memory-approvals.ts'
import { approvedId, decided, presented, SEND, stageWith } from './approvals.fixture.ts'

describe('an approval', () => {
  it.each<[string, keyof ApprovalStore, 'throw' | 'reject' | 'hang' | 'odd']>([
    ['throws', 'replace', 'throw'],
    ['rejects', 'replace', 'reject'],
    ['does not answer', 'replace', 'hang'],
    ['rejects when asked for the entry', 'get', 'reject'],
  ])('A11 is not taken for given where the store %s meanwhile', async (_what, step, how) => {
    const trouble = troubledStore()
    const { engine } = stageWith({
      stores: { approvals: trouble.store },
      limits: { gateTimeoutMs: 20 },
      approvals: {
        ask: async () => {
          trouble.break(step, how)
          return { outcome: 'approved', by: 'ana' }
        },
      },
    })
    let dispatched = 0
    const error = await engine
      .guard(SEND, () => {
        dispatched++
      })
      .catch((caught) => caught)

    expect([error.decision?.reason, dispatched]).toEqual(['gate_failed', 0])
  })

  it.each<[string, keyof ApprovalStore, 'throw' | 'reject' | 'hang' | 'odd', string]>([
    ['cannot list', 'list', 'throw', 'gate_failed'],
    ['cannot add', 'add', 'reject', 'gate_failed'],
    ['does not answer', 'add', 'hang', 'gate_failed'],
    ['says something odd', 'add', 'odd', 'approval_required'],
  ])('A11 is not asked for where the store %s', async (_what, step, how, reason) => {
    const trouble = troubledStore()
    trouble.break(step, how)
    const { engine } = stageWith({
      stores: { approvals: trouble.store },
      limits: { gateTimeoutMs: 20 },
    })

    expect(await decided(engine, SEND)).toMatchObject({ effect: 'deny', reason })
  })

  it.each<[keyof ApprovalStore, 'throw' | 'reject' | 'hang' | 'odd', string]>([
    ['get', 'reject', 'gate_failed'],
    ['replace', 'throw', 'gate_failed'],
    ['replace', 'hang', 'gate_failed'],
    // Neither yes nor no: it has not been used up, so it lets nothing out.
    ['replace', 'odd', 'approval_used'],
  ])(
    'A11 lets nothing out where it is presented and `%s` of the store fails (%s)',
    async (step, how, reason) => {
      const trouble = troubledStore()
      const { engine } = stageWith({
        stores: { approvals: trouble.store },
        limits: { gateTimeoutMs: 20 },
      })
      const approval = await approvedId(engine, SEND)
      trouble.break(step, how)

      const ticket = await presented(engine, SEND, approval)
      expect([ticket.permitted, ticket.decision.reason]).toEqual([false, reason])
    },
  )
})

function troubledStore() {
  const store = new MemoryApprovals()
  const broken = new Map<keyof ApprovalStore, string>()
  const step = <T>(name: keyof ApprovalStore, run: () => T): T => {
    const how = broken.get(name)
    if (how === undefined) return run()
    if (how === 'throw') throw new Error('the store is down')
    if (how === 'odd') return 'yes' as T
    return (
      how === 'reject'
        ? Promise.reject(new Error('the store is down'))
        : new Promise(() => undefined)
    ) as T
  }
  const wrapped: ApprovalStore = {
    get: (id) => step('get', () => store.get(id)),
    add: (entry) => step('add', () => store.add(entry)),
    replace: (entry, version) => step('replace', () => store.replace(entry, version)),
    list: (filter) => step('list', () => store.list(filter)),
  }
  return {
    store: wrapped,
    break: (name: keyof ApprovalStore, how: string) => void broken.set(name, how),
  }
}
