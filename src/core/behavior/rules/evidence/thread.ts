import type { JsonValue } from '../../../model/json.ts'
import type { RequestEvent, ResponseEvent, RuleView } from '../../rule.ts'
import { type Row, rowOf, rowsIn, withRow } from './memory.ts'
import { textHash } from './text-hash.ts'

const MOST_THREADS = 64
const MOST_IDENTIFIERS = 8
/** Of longer texts, which identify nothing, only the ends and the length are compared. */
const LONGEST_HASHED = 256

/** Which record each response was about: its server and what its request named, as hashes. */
export function rememberThread(event: ResponseEvent, view: RuleView): JsonValue {
  const row: Row = [event.number, serverHash(event), ...identifiersOf(event)]
  return { threads: withRow(rowsIn(view.memory, 'threads'), row, MOST_THREADS) }
}

/** True where the request names the record that a response was about, on the same server. */
export function isSameThread(event: RequestEvent, source: number, view: RuleView): boolean {
  const row = rowOf(rowsIn(view.memory, 'threads'), source)
  if (row === undefined || row[1] !== serverHash(event)) return false
  const known = new Set(row.slice(2))
  return event.arguments.some(
    ({ role, text }) => role === 'identifier' && known.has(textHash(text, 0, LONGEST_HASHED)),
  )
}

function serverHash({ call }: RequestEvent | ResponseEvent): number {
  return textHash(call.resource.server ?? call.resource.name)
}

/** Texts and numbers at the top of the arguments: ids of tickets, cases, mails, orders. */
function identifiersOf({ call }: ResponseEvent): readonly number[] {
  return Object.values(call.arguments)
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .slice(0, MOST_IDENTIFIERS)
    .map((value) => textHash(String(value), 0, LONGEST_HASHED))
}
