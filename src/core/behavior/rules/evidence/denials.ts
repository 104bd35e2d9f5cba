import type { JsonValue } from '../../../model/json.ts'
import type { RequestEvent, ResponseEvent } from '../../rule.ts'
import { numbersIn, type Row, rowOf, rowsIn, withNumbers, withRow } from './memory.ts'
import { isRefusal } from './refusal.ts'
import { textHash } from './text-hash.ts'

/** What a session remembers of the answers that refused. */
export interface Refusals {
  /** A family of calls, how many of its answers have refused. */
  readonly families: readonly Row[]
  /** Events that answered at last, after so many refusals. */
  readonly opened: readonly number[]
}

const MOST_FAMILIES = 32
const MOST_OPENED = 16

/** How many answers of the call's family have refused. */
export function refusalsOf(event: RequestEvent, memory: JsonValue | undefined): number {
  return rowOf(rowsIn(memory, 'families'), familyOf(event))?.[1] ?? 0
}

/** The first event with data that the request carries and that was denied at first; or 0. */
export function openedSource(
  flows: readonly { readonly from: number; readonly trusted: boolean }[],
  memory: JsonValue | undefined,
): number {
  if (flows.length === 0) return 0
  const opened = numbersIn(memory, 'opened')
  return flows.find(({ from, trusted }) => !trusted && opened.includes(from))?.from ?? 0
}

/** What is to be remembered after a response; undefined: nothing new. */
export function refusalsAfter(
  event: ResponseEvent,
  memory: JsonValue | undefined,
  least: number,
): Refusals | undefined {
  const families = rowsIn(memory, 'families')
  const opened = numbersIn(memory, 'opened')
  const id = familyOf(event)
  const count = rowOf(families, id)?.[1] ?? 0
  if (isRefusal(event))
    return { families: withRow(families, [id, count + 1], MOST_FAMILIES), opened }
  if (count < least || event.isError) return undefined
  return { families, opened: withNumbers(opened, [event.number], MOST_OPENED) }
}

/** The tools of one server, or of one first word where the server is not known. */
function familyOf({ call }: RequestEvent | ResponseEvent): number {
  const { name, server } = call.resource
  return textHash(server ?? name.split(/[._/-]/, 1)[0] ?? name)
}
