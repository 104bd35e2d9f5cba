import type { Effect, GateName, Reason, RuleRef } from '../../../core/model/decision.ts'
import type { HeldField } from './beside-word.ts'

/** What a decision says, without what differs from call to call. */
export interface RecordedWord {
  readonly effect: Effect
  readonly reason: Reason
  readonly gate: GateName
  readonly rule: RuleRef | null
  readonly constraint: string | null
}

/** What a decision hangs on that its record does not hold. */
export const UNKNOWNS = {
  arguments_not_recorded: 'the policy had its arguments not recorded',
  arguments_redacted: 'its arguments are recorded redacted or cut',
  subject: 'groups, roles, scopes and proof of a caller are not recorded',
  identity: 'who called, or what was asked, could not be read',
  session: 'the session had been paused or terminated',
  approval: 'a person was asked',
  rate_limit: 'rates and budgets of that moment are gone',
  hooks: 'a hook spoke',
  behavior: 'what the session had seen is not recorded',
  host_gate: "a gate of the host's own spoke",
  tool_definition: "the tool's definition is not recorded",
  file_system: 'paths are looked up in the file system of today',
  gate_failed: 'a gate failed',
} as const
export type Unknown = keyof typeof UNKNOWNS

/**
 * One recorded decision, derived anew. `same` and `differs` are exact, given what is `assumed`;
 * `cannot_tell` names what is missing. Its JSON form is API; it holds no payload.
 */
export interface RecordJudgement {
  /** Of the record. */
  readonly id: string
  readonly seq: number
  readonly ts: string
  readonly session: string | null
  readonly agent: string | null
  readonly resource: string | null
  readonly verb: string | null
  readonly answer: 'same' | 'differs' | 'cannot_tell'
  readonly was: RecordedWord
  /** What the policy makes of it; null where that cannot be told. */
  readonly now: RecordedWord | null
  /** Fields that contradict the word, where that is the same: then the answer is `differs`. */
  readonly contradicted: readonly HeldField[]
  /** Only with `cannot_tell`. */
  readonly because: Unknown | null
  /** Gates whose word is taken as recorded, or as `pass` where they were not reached. */
  readonly assumed: readonly GateName[]
}

/** True where both say the same for the same reason. */
export function isSameWord(one: RecordedWord, other: RecordedWord): boolean {
  return (
    one.effect === other.effect &&
    one.reason === other.reason &&
    one.gate === other.gate &&
    one.constraint === other.constraint &&
    isSameRule(one.rule, other.rule)
  )
}

function isSameRule(one: RuleRef | null, other: RuleRef | null): boolean {
  if (one === null || other === null) return one === other
  return one.role === other.role && one.name === other.name && one.index === other.index
}
