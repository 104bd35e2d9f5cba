import { randomBytes } from 'node:crypto'

import { createSqlParsers } from '../core/constraints/sql/parsers.ts'
import { createLimiter } from '../core/limits/limiter.ts'
import { memoryStores } from '../stores/memory.ts'
import { createEngineBook } from './approvals/engine-book.ts'
import { type AuditLog, type AuditLogOptions, createAuditLog } from './audit-log.ts'
import { createBehavior } from './behavior.ts'
import { openCarry } from './carry.ts'
import { createRecordCleaner } from './clean-record.ts'
import { countedIds } from './counted-ids.ts'
import { createFamily } from './family.ts'
import { identificationOf } from './identification.ts'
import { createLearning, settledSessions } from './learning.ts'
import type { LineParts } from './line-record.ts'
import { createObservers } from './observers.ts'
import {
  DEFAULT_LIMITS,
  type Diagnostic,
  type EngineOptions,
  isRecorder,
  isSink,
} from './options.ts'
import type { PolicyHolder } from './policy-holder.ts'
import { realPath } from './real-path.ts'
import { createRedactionKeys } from './redaction-keys.ts'
import { createKnownClassifications } from './routing/known-classifications.ts'
import { createSessions } from './sessions.ts'

/** What only a replay sets. */
export interface ReplaySettings {
  /** Kinds of evidence to leave out, for measuring what the others are worth. */
  readonly without?: ReadonlySet<string>
  /** Sessions of one agent have nothing to do with one another. @default false */
  readonly isolated?: boolean
  /** Goes on as if all that needs a person were approved, whoever the policy names. @default false */
  readonly isReplay?: boolean
}

/** What the parts of a line are made from. */
export interface PartsFrame extends Pick<LineParts, 'context' | 'report'> {
  readonly options: EngineOptions
  readonly settings: ReplaySettings
  readonly holder: PolicyHolder
}

/** All that a line works with but hooks, which need the rest, and steps, which need hooks. */
export function makeParts(frame: PartsFrame): Omit<LineParts, 'hooks' | 'steps'> {
  const { options, settings, report, holder, context } = frame
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const sqlParsers = createSqlParsers()
  const key = keyOf(options.keys?.fingerprint)
  const redaction = createRedactionKeys(keyOf(options.keys?.redaction))
  const clean = createRecordCleaner(redaction.for(undefined))
  const audit = auditLogOf(options, { timeoutMs: limits.auditTimeoutMs, report, clean })
  const carry = openCarry(limits, { key, report, isolated: settings.isolated === true })
  const now = clockOf(options.clock)
  const learning = createLearning((options.rules ?? []).length > 0)
  const nextId = options.randomId ?? countedIds()
  const book = createEngineBook({
    options,
    limits,
    audit,
    now,
    nextId,
    isOpenToAll: settings.isReplay === true,
  })
  return {
    mode: options.mode ?? 'enforce',
    policyFor: holder.policyFor,
    currentDigest: holder.digest,
    ports: { realpath: options.realpath ?? realPath, sqlParsers },
    identity: () => identificationOf(options.identity, holder.current()),
    approvals: options.approvals,
    book,
    sessions: settledSessions(
      createSessions({
        maxSessions: limits.maxSessions,
        maxWatchBytes: limits.maxBehaviorBytes,
        bytesBeside: () => carry.bytes,
        now,
        onForgotten: () => report(FORGOTTEN),
      }),
      learning,
    ),
    learning,
    behavior: createBehavior({
      key,
      rules: Object.freeze([...(options.rules ?? [])]),
      maxSessionBytes: limits.maxSessionBytes,
      without: settings.without,
      carry,
    }),
    ...limitParts(options),
    redaction,
    audit,
    observers: createObservers((options.audit ?? []).filter(isRecorder), {
      limitMs: limits.auditTimeoutMs,
      now,
      report,
    }),
    limits: {
      maxDepth: limits.maxArgumentDepth,
      maxNodes: limits.maxArgumentValues,
      maxSize: limits.maxArgumentSize,
    },
    gateTimeoutMs: limits.gateTimeoutMs,
    report,
    now,
    nextId,
    context,
  }
}

/** What counts calls: in stores that processes share, or in this one's memory. */
function limitParts(
  options: EngineOptions,
): Pick<LineParts, 'limiter' | 'probes' | 'family' | 'classifications' | 'classifierWeights'> {
  const own = memoryStores()
  const rates = options.stores?.rateLimits ?? own.rateLimits
  const budgets = options.stores?.budgets ?? own.budgets
  const { clock } = options
  const monotonic = (): number => clock?.monotonic?.() ?? performance.now()
  return {
    limiter: createLimiter({ rates, budgets, monotonic }),
    probes: { rates, monotonic },
    family: createFamily(10_000),
    classifications: createKnownClassifications(),
    classifierWeights: options.classifierWeights,
  }
}

function auditLogOf(
  { audit = [], onAuditFailure = 'deny' }: EngineOptions,
  more: Pick<AuditLogOptions, 'timeoutMs' | 'report' | 'clean'>,
): AuditLog {
  const sinks = audit.filter(isSink)
  if (sinks.length > 0 && sinks.every(({ durable }) => durable === false)) more.report(NOT_DURABLE)
  return createAuditLog({ sinks, onFailure: onAuditFailure, ...more })
}

const NOT_DURABLE: Diagnostic = {
  code: 'audit_not_durable',
  message:
    'no audit sink keeps records: those given only pass them on; add one that keeps them, such as `jsonlSink` or `postgresSink`',
}

const FORGOTTEN: Diagnostic = {
  code: 'session_forgotten',
  message:
    'a session that had read restricted data, or text that speaks to the model, was dropped for want of room; should it go on, a person must approve what it sends',
}

function keyOf(given: Uint8Array | string | undefined): Uint8Array {
  if (given === undefined) return randomBytes(16)
  return typeof given === 'string' ? new TextEncoder().encode(given) : Uint8Array.from(given)
}

function clockOf(clock: EngineOptions['clock']): () => number {
  return clock === undefined ? Date.now : () => clock.now()
}
