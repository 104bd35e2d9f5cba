export { type MemorySink, memorySink } from './memory.ts'
