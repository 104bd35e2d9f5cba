import type { AuditRecord, RecordKind } from '../../core/model/audit-record.ts'
import type { JsonValue } from '../../core/model/json.ts'

/** An event of the AG-UI protocol: `type` and fields are the protocol's, such as `RUN_STARTED`. */
export interface AgUiEvent {
  readonly type: string
  readonly [field: string]: JsonValue
}

/** An event of the A2A protocol, such as `status-update` of a task. */
export interface A2AEvent {
  readonly type: string
  readonly [field: string]: JsonValue
}

/** One record of the audit trail, as a file of the ledger has it. */
export interface SystemEvent {
  readonly type: RecordKind
  readonly record: AuditRecord
}

/** What happened to a context (a conversation) of the host's. */
export interface ContextEvent {
  readonly type: string
  readonly [field: string]: JsonValue
}

export interface StreamTotals {
  readonly clients: number
  readonly users: number
  readonly sessions: number
  readonly allow: number
  readonly deny: number
  readonly compute: number
  readonly escalate: number
}

/** The first two and the last two are made from records and by the stream; the others are the host's. */
export type AnalyticsEvent =
  | {
      readonly type: 'SessionStarted' | 'SessionEnded'
      readonly session: string
      readonly user: string | null
      readonly tenant: string | null
      readonly at: string
    }
  | { readonly type: 'PageView'; readonly page: string; readonly [field: string]: JsonValue }
  | { readonly type: 'EngagementUpdate'; readonly [field: string]: JsonValue }
  | { readonly type: 'RealTimeStats'; readonly at: string; readonly totals: StreamTotals }
  | { readonly type: 'Heartbeat'; readonly at: string }

/** A line that a command has printed, as `callgate gateway --events` tells its own. */
export interface CliOutputEvent {
  readonly type: 'cli'
  /** Such as `gateway`. */
  readonly command: string
  readonly stream: 'stdout' | 'stderr'
  /** Without its line break. */
  readonly text: string
}

/** The families by the name that is on the wire. */
export interface StreamEvents {
  readonly agui: AgUiEvent
  readonly a2a: A2AEvent
  readonly system: SystemEvent
  readonly context: ContextEvent
  readonly analytics: AnalyticsEvent
  readonly cli: CliOutputEvent
}
export type StreamFamily = keyof StreamEvents
export const FAMILIES = ['agui', 'a2a', 'system', 'context', 'analytics', 'cli'] as const

/** Whom an event is about: what decides who may see it. */
export interface StreamAbout {
  readonly user?: string | null
  readonly tenant?: string | null
  readonly session?: string | null
}

/** Narrows what is sent. Every list that is given must hold the event's. */
export interface StreamFilter {
  readonly families?: readonly StreamFamily[]
  readonly sessions?: readonly string[]
  readonly users?: readonly string[]
  /** Kinds of records, such as `decision`, or types of other events. */
  readonly kinds?: readonly string[]
}

/** Who is connected, as the host has found out. */
export interface StreamViewer {
  readonly user?: string | undefined
  readonly tenant?: string | undefined
  /** `own`: what is about this user. `tenant`: about this tenant. `all`: everything. @default 'own' */
  readonly sees?: 'own' | 'tenant' | 'all'
  readonly filter?: StreamFilter
}
