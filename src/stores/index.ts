export type {
  BucketTake,
  BudgetStore,
  Charge,
  RateLimitStore,
  Refusal,
} from '../core/model/ports.ts'
export type { MemoryStores, MemoryStoresOptions } from './memory.ts'
export { memoryStores } from './memory.ts'
