import { readFileSync } from 'node:fs'

/** The queries of the how-to page, by the heading above each. */
export function queriesOfPage(): ReadonlyMap<string, string> {
  const page = new URL('../../../docs/how-to/audit-in-postgresql.md', import.meta.url)
  const text = readFileSync(page, 'utf8')
  const found = text.matchAll(/^### (.+)\n[\s\S]*?```sql\n([\s\S]*?)```/gm)
  return new Map([...found].map(([, heading = '', query = '']) => [heading, query]))
}
