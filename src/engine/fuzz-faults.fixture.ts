import type { Decision } from '../core/model/decision.ts'

const BY_BEHAVIOR = new Set(['behavior_blocked', 'approval_required', 'approval_denied'])
const BY_SESSION = new Set(['session_paused', 'session_terminated'])

/** What is wrong with a decision, or undefined. */
export function faultOfDecision(decision: Decision): string | undefined {
  const { effect, reason, gate, findings } = decision
  if (effect !== 'deny') return undefined
  if (BY_SESSION.has(reason)) return gate === 'session' ? undefined : `${reason} by ${gate}`
  if (reason === 'payload_limit' || reason === 'malformed_request') return undefined
  // Of an approval that could not be asked it is right.
  if (reason === 'gate_failed' && decision.detail !== 'asking for approval failed')
    return 'something threw within'
  if (!BY_BEHAVIOR.has(reason)) return undefined
  if (gate !== 'behavior') return `${reason} by ${gate}`
  return findings.length === 0 ? 'denied without a finding' : undefined
}

/** No canary, nor a large part of one, in anything that came out. */
export function leakIn(out: readonly string[], canaries: readonly string[]): string | undefined {
  const parts = canaries.flatMap((canary) => [canary, canary.slice(-14), canary.slice(4, 18)])
  for (const text of out)
    for (const part of parts)
      if (text.includes(part)) {
        const at = text.indexOf(part)
        return `canary ${part} in …${text.slice(Math.max(0, at - 300), at + 100)}…`
      }
  return undefined
}
