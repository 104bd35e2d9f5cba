import type { Call } from '../../core/model/call.ts'
import { andThen, type MaybePromise } from '../../core/model/json.ts'
import type { CompiledPolicy } from '../../core/policy/compile.ts'
import type { HookParts } from './hook-parts.ts'
import { hasMatch, matchersForEvent } from './match-hooks.ts'
import { outcomePayload, type ToolOutcome } from './payload.ts'
import { runEvent } from './run-event.ts'
import type { HookPayload } from './runners.ts'

/** Why a response is to be withheld. */
export interface HookDenial {
  readonly reason: 'explicit_deny' | 'gate_failed'
  readonly detail: string
}

/**
 * `PostToolUse`, or `PostToolUseFailure` where the call failed. `outcome` is asked only where a hook
 * is meant. Nobody can be asked any more, so that `ask` is a denial too. Never throws.
 */
export function afterTool(
  parts: HookParts,
  policy: CompiledPolicy,
  call: Call,
  ok: boolean,
  outcome: () => Omit<ToolOutcome, 'ok'>,
): MaybePromise<HookDenial | undefined> {
  const event = ok ? 'PostToolUse' : 'PostToolUseFailure'
  if (!hasMatch(policy, event, call.resource)) return undefined
  parts.admit(policy)
  const hooks = matchersForEvent(policy, event, call.resource)
  const payload = readPayload(parts, policy, () =>
    outcomePayload(event, call, { ok, ...outcome() }),
  )
  if (payload === undefined) return ok ? UNREAD : undefined
  return andThen(runEvent(parts, { hooks, payload }), (objection) => {
    if (objection === undefined) return undefined
    const reason = objection.reason === 'gate_failed' ? 'gate_failed' : 'explicit_deny'
    return { reason, detail: objection.detail }
  })
}

const UNREAD: HookDenial = Object.freeze({
  reason: 'gate_failed',
  detail: 'the response could not be shown to its hooks',
})

/** Masked here too: what a caller forgot must not get out this way. */
function readPayload(
  { redact, report }: HookParts,
  policy: CompiledPolicy,
  make: () => HookPayload,
): HookPayload | undefined {
  try {
    return redact(make(), policy)
  } catch (cause) {
    report({ code: 'hook_failed', message: 'the outcome of a call could not be read', cause })
    return undefined
  }
}
