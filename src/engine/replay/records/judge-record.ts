import type { AuditRecord } from '../../../core/model/audit-record.ts'
import { BUILT_IN_GATES, type GateName } from '../../../core/model/decision.ts'
import { andThen, type MaybePromise } from '../../../core/model/json.ts'
import type { CompiledPolicy } from '../../../core/policy/compile.ts'
import { gateSettings } from '../../gate-settings.ts'
import { besideWord } from './beside-word.ts'
import { createDeriver, DERIVED_GATES, type Derived, type Deriver } from './derive.ts'
import { createGivenApprovals, type GivenApprovals } from './given-approvals.ts'
import { isSameWord, type RecordedWord, type RecordJudgement, type Unknown } from './judgement.ts'
import { type RecordedCall, recordedCall } from './recorded-call.ts'
import { dependsOnArguments, dependsOnUnrecorded } from './unknown-parts.ts'

/** Derives recorded decisions anew. Takes a trail in its order: it remembers what was approved. */
export interface RecordJudge {
  /** Undefined for records that are no decision. */
  judge(record: AuditRecord): MaybePromise<RecordJudgement | undefined>
}

/**
 * Judges decision records by a policy: that which decided them, to prove them, or another, to see what
 * it would change. Time, caller, scope and server are those of the record; a caller's own scopes are
 * taken as none. What only the moment knew is taken as recorded, or the answer is `cannot_tell`.
 */
export async function createRecordJudge(policy: CompiledPolicy): Promise<RecordJudge> {
  const deriver = await createDeriver(policy)
  const approvals = createGivenApprovals()
  return {
    judge(record) {
      approvals.note(record)
      const was = wordOf(record)
      if (was === undefined) return undefined
      return andThen(answer({ record, was, policy, deriver, approvals }), (said) => ({
        id: record.id,
        seq: record.seq,
        ts: record.ts,
        session: record.session_id,
        agent: record.agent,
        resource: record.resource,
        verb: record.verb,
        was,
        ...said,
      }))
    },
  }
}

interface Case {
  readonly record: AuditRecord
  readonly was: RecordedWord
  readonly policy: CompiledPolicy
  readonly deriver: Deriver
  readonly approvals: GivenApprovals
}
type Answer = Pick<RecordJudgement, 'answer' | 'now' | 'because' | 'assumed' | 'contradicted'>

/** What a decision record says; undefined for other records. */
function wordOf(record: AuditRecord): RecordedWord | undefined {
  const { kind, effect, reason, gate, rule, constraint } = record
  if (kind !== 'decision' || effect === null || reason === null || gate === null) return undefined
  return { effect, reason, gate, rule, constraint }
}

function answer(one: Case): MaybePromise<Answer> {
  const { record, was, policy, deriver } = one
  const before = beforeTheGates(was)
  if (before !== undefined) return cannotTell(before)
  const known = recordedCall(record, policy)
  if (known === 'unreadable') return cannotTell('identity')
  if (known === 'malformed') return heldToWord(one, compared(one, MALFORMED, []), undefined)
  const { call, missing } = known
  if (missing !== undefined && dependsOnArguments(policy, call)) return cannotTell(missing)
  return andThen(deriver.derive(call, record.approval_id !== null), (derived) =>
    settle(one, known, derived),
  )
}

const MALFORMED: RecordedWord = Object.freeze({
  effect: 'deny',
  reason: 'malformed_request',
  gate: 'identity',
  rule: null,
  constraint: null,
})

/** Denials that no gate of the policy's own comes before. */
function beforeTheGates({ gate, reason }: RecordedWord): Unknown | undefined {
  if (gate === 'audit') return 'gate_failed'
  if (gate === 'identity' || reason === 'scanner_detected') return 'identity'
  if (gate === 'session') return 'session'
  return reason === 'tool_changed' ? 'tool_definition' : undefined
}

function settle(one: Case, { call, missing }: RecordedCall, derived: Derived): Answer {
  const { word } = derived
  const open = dependsOnUnrecorded(one.policy, call, word)
  const isDenial = one.was.effect === 'deny' && one.was.gate === 'rbac'
  if (open === 'all' || (open === 'reason' && isDenial)) return cannotTell('subject')
  const hidden = word.effect === 'deny' ? undefined : hiddenBehind(one, word, missing)
  if (hidden !== undefined) return cannotTell(hidden)
  const said = compared(one, word, assumedGates(one, word, missing !== undefined))
  if (said.answer === 'same') return heldToWord(one, said, derived, missing)
  const doubt = doubtOf(one, derived)
  return doubt === undefined ? said : cannotTell(doubt)
}

/**
 * Where the word is the same: whether an approval that it needs was given, and whether what stands
 * beside it follows from it. The second only for the policy that decided, for others rewrite otherwise.
 */
function heldToWord(
  one: Case,
  said: Answer,
  derived: Derived | undefined,
  missing?: RecordedCall['missing'],
): Answer {
  const { record, policy, approvals } = one
  if (said.answer !== 'same') return said
  if (record.approval_id !== null && !approvals.isGiven(record)) return cannotTell('approval')
  if (record.policy_digest !== policy.digest) return said
  const beside = besideWord(record, missing === undefined ? derived?.rewrite : 'unknown')
  if (beside.fields.length > 0) {
    const isAboutCall = beside.fields.every(
      (field) => field === 'dispatch_hash' || field === 'patch',
    )
    const doubt = isAboutCall ? rewriteDoubt(one, derived) : undefined
    if (doubt !== undefined) return cannotTell(doubt)
    return { ...said, answer: 'differs', contradicted: beside.fields }
  }
  return beside.isRedacted ? cannotTell('arguments_redacted') : said
}

/** Who else may have rewritten the call. */
function rewriteDoubt({ record, policy }: Case, derived: Derived | undefined): Unknown | undefined {
  if (record.effect === 'allow' || record.effect === 'deny') return undefined
  if (derived?.usedFiles === true) return 'file_system'
  const { redaction } = gateSettings(policy)
  if (redaction?.on.has('request') === true) return 'arguments_redacted'
  return rewriterOf(record.gates, policy)
}

/** Where the policy would let a call on: what stands in the record that it cannot have said. */
function hiddenBehind(
  one: Case,
  word: RecordedWord,
  missing: RecordedCall['missing'],
): Unknown | undefined {
  const { was } = one
  const isDerived = DERIVED.has(was.gate)
  if (was.effect === 'deny' && APPROVAL_REASONS.has(was.reason)) {
    if (word.effect === 'escalate') return 'approval'
    return isDerived ? undefined : unknownOf(was.gate)
  }
  if (was.reason === 'gate_failed') return 'gate_failed'
  if (!isDerived)
    return was.effect !== 'deny' && word.effect === 'escalate' ? undefined : unknownOf(was.gate)
  if (missing !== undefined && readsArguments(one)) return missing
  return was.effect === 'deny' ? behindDenial(one) : undefined
}

/** Secrets and domains are found in arguments: without these, that gate's word is no error. */
function readsArguments({ was, policy }: Case): boolean {
  if (was.effect === 'allow') return false
  return was.gate === 'secrets' || (was.gate === 'blocklist' && blocksDomains(policy))
}

function blocksDomains({ document }: CompiledPolicy): boolean {
  const domains = document.blocklist?.['domains']
  return Array.isArray(domains) && domains.length > 0
}

function behindDenial({ record, was, policy }: Case): Unknown | undefined {
  const last = record.gates.at(-1)
  // Gates behind it have spoken too: it may have denied what one of them made of the call.
  return last === was.gate ? undefined : rewriterOf(record.gates, policy)
}

/** Denials that a caller's own scopes or token bring. */
const OWN_REASONS: ReadonlySet<string> = new Set(['scope_mismatch', 'token_invalid'])
const APPROVAL_REASONS: ReadonlySet<string> = new Set([
  'approval_required',
  'approval_denied',
  'approval_expired',
  'approval_mismatch',
  'approval_used',
])
const DERIVED: ReadonlySet<string> = new Set(DERIVED_GATES)
const BUILT_IN: ReadonlySet<string> = new Set(BUILT_IN_GATES)

const STATEFUL = ['rate_limit', 'hooks', 'behavior'] as const

function rewriterOf(gates: readonly string[], { document }: CompiledPolicy): Unknown | undefined {
  if (gates.some((gate) => !BUILT_IN.has(gate))) return 'host_gate'
  return document.hooks === undefined ? undefined : 'hooks'
}

function unknownOf(gate: GateName): Unknown {
  return STATEFUL.find((one) => one === gate) ?? 'host_gate'
}

function doubtOf({ record, was, policy }: Case, { word, usedFiles }: Derived): Unknown | undefined {
  if (OWN_REASONS.has(was.reason) && record.policy_digest === policy.digest) return 'subject'
  if (was.reason === 'gate_failed') return 'gate_failed'
  if (usedFiles) return 'file_system'
  if (record.approval_id === null) return undefined
  // Approved calls are judged again, later than the record's time.
  return was.effect === 'deny' || word.constraint !== null ? 'approval' : undefined
}

function assumedGates(
  { record, policy }: Case,
  word: RecordedWord,
  isBlind: boolean,
): readonly GateName[] {
  if (word.effect === 'deny')
    return isBlind && word.gate === 'blocklist' ? ['session', 'secrets'] : ['session']
  const own = record.gates.filter((gate) => !BUILT_IN.has(gate))
  return [
    'session',
    ...(isBlind ? ['secrets'] : []),
    ...(isBlind && blocksDomains(policy) ? ['blocklist'] : []),
    'rate_limit',
    'hooks',
    ...own,
    'behavior',
  ]
}

function compared({ was }: Case, now: RecordedWord, assumed: readonly GateName[]): Answer {
  const answer = isSameWord(was, now) ? 'same' : 'differs'
  return { answer, now, because: null, assumed, contradicted: [] }
}

function cannotTell(because: Unknown): Answer {
  return { answer: 'cannot_tell', now: null, because, assumed: [], contradicted: [] }
}
