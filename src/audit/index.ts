export type { FanOut, FanOutOptions } from './fan-out/fan-out.ts'
export { fanOut } from './fan-out/fan-out.ts'
export type { FanOutMember } from './fan-out/member.ts'
export { ledgerFiles } from './jsonl/closed-files.ts'
export type { FileFacts, LedgerFile, LedgerFs } from './jsonl/file-system.ts'
export { jsonlSink } from './jsonl/jsonl-sink.ts'
export type {
  CheckpointOptions,
  JsonlSink,
  JsonlSinkOptions,
  JsonlStats,
  RotateOptions,
} from './jsonl/options.ts'
export { type Checkpoint, createCheckpointSigner } from './ledger/checkpoint.ts'
export { type LedgerReader, readCalls, readLedger } from './ledger/read-ledger.ts'
export type { Removal } from './ledger/removals.ts'
export { type Sealed, seal } from './ledger/seal.ts'
export type { CheckpointReport } from './ledger/verify-ledger.ts'
export {
  type LedgerFault,
  type LedgerFaultKind,
  type LedgerReport,
  type LedgerSource,
  type VerifyOptions,
  verifyLedger,
} from './ledger/verify-ledger.ts'
export { type MemorySink, memorySink } from './memory.ts'
export type {
  OtelAttributes,
  OtelContext,
  OtelInstrumentOptions,
  OtelLogger,
  OtelMeter,
  OtelSpan,
  OtelSpanContext,
  OtelTracer,
  OtelValue,
} from './otel/api.ts'
export { type OtelSinkOptions, otelSink } from './otel/otel-sink.ts'
export type { PostgresClient } from './postgres/client.ts'
export { migratePostgres, type PostgresTableOptions } from './postgres/migrate.ts'
export { type PostgresSinkOptions, postgresSink } from './postgres/postgres-sink.ts'
export {
  type AuditTable,
  type AuditTableOptions,
  auditTable,
  type TableChain,
  type TableLine,
} from './postgres/read-table.ts'
export { type AuditFilesOptions, type AuditSource, auditFiles } from './query/audit-files.ts'
export type { RecordFilter } from './query/filter.ts'
export { toCef } from './siem/cef.ts'
export { toCloudEvent } from './siem/cloud-event.ts'
export { toEcs } from './siem/ecs.ts'
export { SIEM_FORMS, type SiemForm, type SiemFormName } from './siem/forms.ts'
export { toLeef } from './siem/leef.ts'
export { toOcsf } from './siem/ocsf.ts'
export type { SiemOptions } from './siem/options.ts'
export { toSyslog } from './siem/syslog.ts'
export type { SinkDiagnostic } from './sink-options.ts'
export type {
  A2AEvent,
  AgUiEvent,
  AnalyticsEvent,
  CliOutputEvent,
  ContextEvent,
  StreamAbout,
  StreamEvents,
  StreamFamily,
  StreamFilter,
  StreamTotals,
  StreamViewer,
  SystemEvent,
} from './stream/events.ts'
export type { StreamSocket } from './stream/socket.ts'
export type { StreamSink, StreamSinkOptions, StreamStats } from './stream/stream-sink.ts'
export { streamSink } from './stream/stream-sink.ts'
export type { StreamMessage } from './stream/to-sse.ts'
export { toSse } from './stream/to-sse.ts'
export type { Timers } from './timers.ts'
export type { RecordTraceOptions } from './trace/options.ts'
export { recordTrace, type SessionTraceRecorder, type TraceStats } from './trace/record-trace.ts'
export type { RecordedEvent, RecordedTool, RecordedTrace } from './trace/trace-form.ts'
export type { WebhookFetch } from './webhook/attempt.ts'
export type { WebhookBatch, WebhookRetry, WebhookSinkOptions } from './webhook/options.ts'
export type { WebhookSecret } from './webhook/secret.ts'
export type { VerifyWebhookOptions, WebhookHeaders } from './webhook/signature.ts'
export { verifyWebhook } from './webhook/signature.ts'
export type { WebhookSink, WebhookStats } from './webhook/webhook-sink.ts'
export { webhookSink } from './webhook/webhook-sink.ts'
