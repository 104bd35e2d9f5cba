import type { Ticket } from '../../engine/ticket.ts'
import type { ClientAnswer } from '../approvals/ask-through-client.ts'
import type { Head } from '../guard.ts'
import type { Incoming } from '../server/server-guard.ts'
import type { Target } from './names.ts'

/** One judged request, and what judged it. */
export interface Judged {
  readonly incoming: Incoming
  readonly target: Target
  readonly head: Head
  readonly ticket: Ticket
  /** What its client has said to a question about it. */
  readonly answer?: ClientAnswer | undefined
}
