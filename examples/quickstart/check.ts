/** Runs `main.ts`, whose text the README shows, and exits non-zero where it prints anything else. */
import { deepStrictEqual } from 'node:assert'

process.chdir(import.meta.dirname)

const printed: unknown[] = []
console.log = (line: unknown) => {
  printed.push(line)
}
await import('./main.ts')

deepStrictEqual(printed, [
  'ran: SELECT name FROM customers',
  'call denied by `rbac`: constraint_violation: sql_intent: `query` does `delete`, which is not in [select]',
])
