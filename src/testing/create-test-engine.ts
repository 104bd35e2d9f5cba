import { type MemorySink, memorySink } from '../audit/memory.ts'
import type { AuditRecord } from '../core/model/audit-record.ts'
import { CallgateError } from '../core/model/errors.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import { parsePolicy } from '../core/policy/parse.ts'
import { createPolicyEngine, type PolicyEngine } from '../engine/create-policy-engine.ts'
import type { Diagnostic, EngineOptions } from '../engine/options.ts'

/** Where a test engine's clock stands unless told: 2026-01-01T00:00:00Z. */
export const TEST_NOW = Date.UTC(2026, 0, 1)

/** A point in time: epoch milliseconds, RFC 3339 with a zone, or a Date. */
export type Instant = number | string | Date

/** A clock that moves only when it is told to. */
export interface TestClock {
  /** Epoch milliseconds. */
  now(): number
  /** The same, for limits, which never go back. */
  monotonic(): number
  set(to: Instant): void
  /** Goes on by milliseconds; back, where they are negative. */
  advance(milliseconds: number): void
}

export interface TestEngineOptions extends Omit<EngineOptions, 'policy' | 'clock'> {
  /** Compiled, or the text of a policy file. A function chooses one by subject. */
  readonly policy: EngineOptions['policy'] | string
  /** Where the clock stands. @default 2026-01-01T00:00:00Z */
  readonly now?: Instant
}

/** An engine whose answers depend on nothing but the test. */
export interface TestEngine extends PolicyEngine {
  readonly clock: TestClock
  /** What was recorded, oldest first. */
  records(): readonly AuditRecord[]
  /** What would have been printed. */
  diagnostics(): readonly Diagnostic[]
}

/**
 * An engine for tests: a clock that stands still, counted ids, records and diagnostics kept in
 * memory, and no file system (a path leads where it says, unless `realpath` is given).
 * @throws {PolicyError} where `policy` is a text with problems
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export function createTestEngine(options: TestEngineOptions): TestEngine {
  const { policy, now, audit, ...rest } = options
  const clock = createTestClock(now ?? TEST_NOW)
  const sink: MemorySink = memorySink()
  const diagnostics: Diagnostic[] = []
  const engine = createPolicyEngine({
    realpath: (path) => path,
    randomId: countedIds(),
    onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
    // A test names its subjects, unless it brings a provider.
    identity: 'host',
    ...rest,
    policy: compiled(policy),
    audit: [sink, ...(audit ?? [])],
    clock,
  })
  return {
    ...engine,
    clock,
    records: () => sink.records(),
    diagnostics: () => [...diagnostics],
  }
}

/** @throws {CallgateError} ERR_OPTIONS_INVALID for an instant that is none */
function createTestClock(start: Instant): TestClock {
  let at = epochOf(start)
  return {
    now: () => at,
    monotonic: () => at,
    set(to) {
      at = epochOf(to)
    },
    advance(milliseconds) {
      at = epochOf(at + milliseconds)
    },
  }
}

// A date without a zone is another instant on another machine.
const ZONED = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:\d\d)$/

/** @throws {CallgateError} ERR_OPTIONS_INVALID */
export function epochOf(instant: Instant): number {
  const isUnzoned = typeof instant === 'string' && !ZONED.test(instant)
  const at = isUnzoned ? Number.NaN : new Date(instant).getTime()
  if (Number.isFinite(at)) return at
  throw new CallgateError(
    'ERR_OPTIONS_INVALID',
    `\`${String(instant)}\` is no point in time: write \`2026-01-01T00:00:00Z\` or epoch milliseconds`,
  )
}

function compiled(policy: TestEngineOptions['policy']): EngineOptions['policy'] {
  return typeof policy === 'string' ? textPolicy(policy) : policy
}

function textPolicy(text: string): CompiledPolicy {
  return parsePolicy(text)
}

function countedIds(): () => string {
  let count = 0
  return () => `call-${++count}`
}
