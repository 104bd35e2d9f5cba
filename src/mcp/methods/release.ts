import { isCallDenied } from '../../core/model/errors.ts'
import { andThen, type MaybePromise } from '../../core/model/json.ts'
import type { Denial } from '../../engine/denial-text.ts'
import type { Outcome } from '../../engine/ticket.ts'
import { carryOver } from '../answers/carry-over.ts'
import {
  DENIED,
  denialError,
  denialResult,
  errorResult,
  isErrorResult,
  ProtocolDenial,
} from '../answers/denial.ts'
import { fitSchema } from '../answers/fit-schema.ts'
import { withoutHiddenLinks } from '../answers/hidden-links.ts'
import { isObject } from '../host.ts'
import { judgeQuestions } from '../server/judge-questions.ts'
import type { Judged } from './judged.ts'

/** What goes back to the caller, after the engine has looked at it. */
export function release(
  judged: Judged,
  settled: Outcome,
  original: unknown,
): MaybePromise<unknown> {
  if (!settled.ok) return releaseError(judged, settled.error, original)
  const { value } = settled
  const left = value === original ? value : leftOf(judged, carryOver(value, original), original)
  return andThen(withoutHiddenLinks(judged, left), (shown) =>
    andThen(judgeQuestions(judged, shown), (asked) =>
      asked.ok ? asked.result : denied(judged, asked.decision),
    ),
  )
}

/** Whatever was thrown is thrown, also where it calls itself an error result. */
export function releaseThrown(judged: Judged, error: unknown): object {
  if (isCallDenied(error)) return denied(judged, error.decision)
  throw error
}

function releaseError(judged: Judged, error: unknown, original: unknown): MaybePromise<unknown> {
  if (isCallDenied(error)) return denied(judged, error.decision)
  // An error result is an answer like any other.
  if (isErrorResult(error)) return withoutHiddenLinks(judged, carryOver(error, original))
  if (isErrorResult(original)) return errorResult(error instanceof Error ? error.message : '')
  throw error
}

/** Where next to nothing could stay, a text stands for the whole result. */
function leftOf(judged: Judged, changed: unknown, original: unknown): unknown {
  if (isObject(changed)) return fitSchema(judged, changed, original)
  if (!isObject(original)) return changed
  if (judged.target.kind === 'tool') return errorResult(String(changed))
  throw new ProtocolDenial(DENIED, String(changed))
}

/** @throws {ProtocolDenial} where a denial is no result */
export function denied({ incoming, target }: Judged, denial: Denial, approval?: string): object {
  if (target.kind === 'tool' && incoming.request.method === 'tools/call')
    if (incoming.guard.options.denial !== 'jsonrpc') return denialResult(denial, approval)
  throw denialError(denial, approval)
}
