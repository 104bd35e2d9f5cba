import { isPromise, type MaybePromise } from '../../core/model/json.ts'
import type { ApprovalStore } from '../../core/model/ports.ts'
import { within } from '../wait.ts'

/** The store, waited for no longer than the limit: no answer is a fault like any other. */
export function boundedStore(store: ApprovalStore, limitMs: number): ApprovalStore {
  const bounded = <T>(answer: MaybePromise<T>): MaybePromise<T> =>
    isPromise(answer)
      ? within(answer, limitMs, () => {
          throw new Error(`the store of approvals did not answer within ${limitMs} ms`)
        })
      : answer
  return {
    get: (id) => bounded(store.get(id)),
    add: (entry) => bounded(store.add(entry)),
    replace: (entry, version) => bounded(store.replace(entry, version)),
    list: (filter) => bounded(store.list(filter)),
  }
}
