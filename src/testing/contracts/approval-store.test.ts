import { describe, expect, it } from 'vitest'
import type { ApprovalStore } from '../../core/model/ports.ts'
import { MemoryApprovals } from '../../stores/memory-approvals.ts'
import { testApprovalStore } from './approval-store.ts'

const checksOf = async (make: () => ApprovalStore): Promise<readonly string[]> =>
  (await testApprovalStore(make)).map(({ check }) => check)

const changed = (change: (store: MemoryApprovals) => Partial<ApprovalStore>) => () => {
  const store = new MemoryApprovals()
  const bound: ApprovalStore = {
    get: (id) => store.get(id),
    add: (entry) => store.add(entry),
    replace: (entry, version) => store.replace(entry, version),
    list: (filter) => store.list(filter),
  }
  return { ...bound, ...change(store) }
}

describe('testApprovalStore', () => {
  it('finds nothing wrong with the memory store', async () => {
    expect(await testApprovalStore(() => new MemoryApprovals())).toEqual([])
  })

  it('finds nothing wrong with a store that keeps JSON and answers later', async () => {
    const make = changed((store) => ({
      add: async (entry) => {
        await null
        return store.add(JSON.parse(JSON.stringify(entry)))
      },
      get: async (id) => {
        await null
        const entry = store.get(id)
        return entry === undefined ? undefined : JSON.parse(JSON.stringify(entry))
      },
    }))
    expect(await testApprovalStore(make)).toEqual([])
  })

  it.each<[string, () => ApprovalStore, string]>([
    [
      'reads, waits and writes',
      changed((store) => ({
        replace: async (entry, version) => {
          const isCurrent = store.get(entry.id)?.version === version
          await null
          if (isCurrent) store.replace(entry, store.get(entry.id)?.version ?? 0)
          return isCurrent
        },
      })),
      'it lets exactly one of 100 parallel callers replace a version',
    ],
    [
      'does not look at the version',
      changed((store) => ({
        replace: (entry) => store.replace(entry, store.get(entry.id)?.version ?? 0),
      })),
      'it replaces the version that is named, and no other',
    ],
    [
      'adds over what is there',
      changed((store) => ({
        add: (entry) => store.add(entry) || store.replace(entry, entry.version),
      })),
      'it adds an id once, whoever else adds it at the same time',
    ],
    [
      'drops what waits',
      () => {
        const store = new MemoryApprovals({ maxOpen: 100 })
        return store
      },
      'it keeps all that wait and all that were given',
    ],
    [
      'lists the newest first',
      changed((store) => ({ list: (filter) => [...store.list(filter)].reverse() })),
      'it lists by state, tenant and agent, the oldest first',
    ],
    [
      'folds ids',
      changed((store) => ({ add: (entry) => store.add({ ...entry, id: entry.id.trim() }) })),
      'it keeps ids apart, whatever is in them',
    ],
  ])('finds a store that %s', async (_what, make, check) => {
    expect(await checksOf(make)).toContain(check)
  })
})

describe('MemoryApprovals', () => {
  it.each([{ maxOpen: 0 }, { maxClosed: 1.5 }, { maxOpen: Number.NaN }])(
    'refuses bounds that make no sense: %o',
    (bounds) => {
      expect(() => new MemoryApprovals(bounds)).toThrow(RangeError)
    },
  )
})
