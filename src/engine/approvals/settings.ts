import type { JsonValue } from '../../core/model/json.ts'
import type { CompiledPolicy } from '../../core/policy/compile.ts'
import { durationMs } from '../../core/policy/duration.ts'

/** What the policy says of approvals. */
export interface ApprovalSettings {
  /** Milliseconds that a given approval is good for. */
  readonly ttlMs: number
  /** Milliseconds that a question stays open; undefined: the policy does not say. */
  readonly timeoutMs: number | undefined
  /** Who may approve; undefined: anybody else. */
  readonly approvers: readonly string[] | undefined
  readonly fourEyes: boolean
  /** Questions of one agent that may wait at once. */
  readonly maxPending: number
  /** The same call in the same session needs no second approval. */
  readonly remember: boolean
}

const DEFAULT_MS = 300_000
// Of a policy that has the section, and leaves this one out.
const DEFAULT_TIMEOUT_MS = 120_000
const DEFAULT_MAX_PENDING = 20
// Timers count in 32 bits: a longer wait would be over at once.
const MOST_MS = 2 ** 31 - 1

// Derived from an immutable policy alone: it dies with it.
const derived = new WeakMap<CompiledPolicy, ApprovalSettings>()

export function approvalSettings(policy: CompiledPolicy): ApprovalSettings {
  const known = derived.get(policy)
  if (known !== undefined) return known
  const { approvals } = policy.document
  const section = approvals ?? {}
  const { approvers, max_pending: maxPending } = section
  const settings: ApprovalSettings = Object.freeze({
    ttlMs: millisecondsOf(section['ttl']) ?? DEFAULT_MS,
    timeoutMs:
      millisecondsOf(section['timeout']) ??
      (approvals === undefined ? undefined : DEFAULT_TIMEOUT_MS),
    approvers: isList(approvers) ? Object.freeze(approvers.map(String)) : undefined,
    fourEyes: section['four_eyes'] !== false,
    maxPending: typeof maxPending === 'number' ? maxPending : DEFAULT_MAX_PENDING,
    remember: section['remember'] === 'session',
  })
  derived.set(policy, settings)
  return settings
}

/** How long a question of this policy stays open, where one that is asked may have its own limit. */
export function waitMsOf({ timeoutMs }: ApprovalSettings, limitMs?: number): number {
  if (timeoutMs === undefined) return limitMs ?? DEFAULT_MS
  return limitMs === undefined ? timeoutMs : Math.min(timeoutMs, limitMs)
}

function millisecondsOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'string' ? Math.min(MOST_MS, durationMs(value)) : undefined
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}
