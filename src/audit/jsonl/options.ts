import type { MaybePromise } from '../../core/model/json.ts'
import type { AuditSink } from '../../core/model/ports.ts'
import type { Checkpoint } from '../ledger/checkpoint.ts'
import type { SinkDiagnostic } from '../sink-options.ts'
import type { LedgerFs } from './file-system.ts'

/** What `onDiagnostic` is told of. No message holds a payload. */
export type JsonlDiagnosticCode =
  | 'audit_torn_tail'
  | 'audit_lock_taken_over'
  | 'audit_file_moved'
  | 'audit_file_deleted'
  | 'audit_file_truncated'
  | 'audit_file_changed'
  | 'audit_write_failed'
  | 'audit_rotation_failed'
  | 'audit_checkpoint_failed'
  | 'audit_records_lost'

export interface JsonlSinkOptions {
  readonly path: string
  /**
   * `before-dispatch`: a record is accepted once the disk has it. `buffered`: at once, and written
   * behind; a crash of the machine or of the process can lose it.
   * @default 'before-dispatch'
   */
  readonly mode?: 'before-dispatch' | 'buffered'
  readonly rotate?: RotateOptions
  readonly checkpoints?: CheckpointOptions
  /** Writes to `<path>.<pid>`, so that many processes can have the same options. @default false */
  readonly perProcess?: boolean
  /** Of one line, 65,536 at least. A larger record is shortened, with a mark. @default 1048576 */
  readonly maxRecordBytes?: number
  /** Records that wait. `write` rejects beyond it. @default 10000 */
  readonly maxQueuedRecords?: number
  /** How often is looked whether somebody has moved or cut the file. @default 250 */
  readonly checkEveryMs?: number
  /** @default a warning of the process */
  readonly onDiagnostic?: (diagnostic: SinkDiagnostic) => void
  /** For tests. @default that of the machine */
  readonly fs?: LedgerFs
}

export interface RotateOptions {
  /** A file that would get larger is closed under another name. */
  readonly maxBytes?: number
  /** So is one whose first record is older than this. */
  readonly everyMs?: number
  /** How many closed files stay; older ones are deleted. @default all */
  readonly keep?: number
}

export interface CheckpointOptions {
  /**
   * After how many records. One more is made at close, at each rotation, and for the last record of each
   * file that `keep` deletes.
   */
  readonly every: number
  /** Keep it where whoever can write the file cannot, in the order they come. Called one at a time. */
  readonly write: (checkpoint: Checkpoint) => MaybePromise<void>
  /** From `createCheckpointSigner`. */
  readonly sign?: (checkpoint: Checkpoint) => Checkpoint
}

export interface JsonlStats {
  /** Records accepted and written. */
  readonly written: number
  /** Records whose `write` was rejected. */
  readonly rejected: number
  /** Records that wait: what a crash would lose of a buffered sink. */
  readonly queued: number
  /** Accepted records that are, or may be, in no file. */
  readonly lost: number
  /** Torn tails cut off. */
  readonly torn: number
  readonly rotations: number
  /** Writes of the file, each with all records that waited. */
  readonly batches: number
}

export interface JsonlSink extends AuditSink {
  /** Where it writes. */
  readonly path: string
  /** Resolves when the file is open and locked: call it at start, so that a fault is seen there. */
  ready(): Promise<void>
  /** Closes the file and opens `path` again: after somebody has moved it. */
  reopen(): Promise<void>
  /** Accepted records that are, or may be, in no file. */
  lost(): number
  stats(): JsonlStats
  write(records: Parameters<AuditSink['write']>[0]): MaybePromise<void>
  close(): Promise<void>
}

export type Report = (code: JsonlDiagnosticCode, message: string, cause?: unknown) => void
