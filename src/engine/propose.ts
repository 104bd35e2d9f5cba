import type { CallRequest } from '../core/model/call.ts'
import type { Decision } from '../core/model/decision.ts'
import { andThen, isPromise, type MaybePromise } from '../core/model/json.ts'
import { walkLine } from './line.ts'
import type { LineParts, Passed } from './line-record.ts'
import { intentRecord } from './record.ts'

/** Judges a call that a model proposes. INVARIANT: like `begin`, it never throws for what a request does. */
export function propose(parts: LineParts, request: CallRequest): MaybePromise<Decision> {
  return andThen(walkLine(parts, request, { wait: false, dryRun: true }), (passed: Passed) => {
    const { decision } = passed
    if (decision.effect !== 'deny') {
      remember(parts, passed)
      return decision
    }
    if (!parts.audit.isNeeded()) return decision
    // It does not go out whether this is kept or not; the log reports what it could not write.
    const written = parts.audit.write(intentRecord(asProposal(passed), 'denied'))
    return isPromise(written) ? written.then(() => decision) : decision
  })
}

/** The model may go on to have it executed, as it is. */
function remember(parts: LineParts, { call, session }: Passed): void {
  if (call === undefined || session === undefined) return
  parts.behavior.watchOf(session).proposed(call)
  parts.sessions.grown(session)
}

function asProposal(passed: Passed): Passed {
  const origin = { source: 'model', method: 'proposal', ...passed.asked.origin }
  return { ...passed, asked: { ...passed.asked, origin } }
}
