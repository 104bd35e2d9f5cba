import type { MaybePromise } from '../../core/model/json.ts'
import type { Head } from '../guard.ts'
import type { ClientGuard } from './client-guard.ts'
import type { Link } from './link.ts'

const MAX_SESSIONS = 10_000

/** Before its first call a session is told what the server says of itself: it stands before the model. */
export function introduce(
  { engine, host }: ClientGuard,
  { introduced }: Link,
  head: Head,
): MaybePromise<void> {
  const { session, subject } = head
  const key = JSON.stringify([session, subject?.tenant, subject?.agent, subject?.user])
  if (introduced.has(key)) return undefined
  if (introduced.size >= MAX_SESSIONS) introduced.clear()
  introduced.add(key)
  const instructions = host.getInstructions?.()
  if (typeof instructions !== 'string' || instructions === '') return undefined
  return engine.hear(head, { method: 'initialize', payload: { instructions } })
}
