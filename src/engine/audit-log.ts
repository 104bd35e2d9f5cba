import type { AuditRecord } from '../core/model/audit-record.ts'
import { isPromise, type MaybePromise } from '../core/model/json.ts'
import type { AuditSink } from '../core/model/ports.ts'
import type { RecordCleaner } from './clean-record.ts'
import type { Diagnostic } from './options.ts'
import type { DraftRecord } from './record.ts'
import { within } from './wait.ts'

/** Hands records to the sinks, in order. */
export interface AuditLog {
  /** True where somebody reads: else no record need be built. */
  isNeeded(): boolean
  /** True when the record is kept well enough for the call to go out. */
  write(draft: DraftRecord): MaybePromise<boolean>
  subscribe(listener: (record: AuditRecord) => void): () => void
  close(): Promise<void>
}

export interface AuditLogOptions {
  readonly sinks: readonly AuditSink[]
  readonly timeoutMs: number
  readonly onFailure: 'deny' | 'continue'
  readonly report: (diagnostic: Diagnostic) => void
  /** Every record goes through it, before anybody sees it. */
  readonly clean: RecordCleaner
}

/** One sink and whether an earlier write of it is still unanswered. */
interface Line {
  readonly sink: AuditSink
  hanging: boolean
}

/**
 * Without sinks nothing is required. With sinks one that accepts is enough, but where some keep records
 * only these count: one that merely passes them on keeps nothing. All are waited for, within the limit. A sink that hangs is passed over until it answers, so that it costs its limit once and
 * holds one record.
 */
export function createAuditLog(options: AuditLogOptions): AuditLog {
  const lines = options.sinks.map((sink): Line => ({ sink, hanging: false }))
  const listeners = new Set<(record: AuditRecord) => void>()
  const pending = new Set<Promise<unknown>>()
  let sequence = 0
  let closing: Promise<void> | undefined
  const shut = async (): Promise<void> => {
    await Promise.allSettled(pending)
    for (const { sink } of lines) await closeSink(sink, options)
  }
  const keeps = keepersOf(options.sinks)
  const settle = (accepted: readonly boolean[]): boolean => {
    if (lines.length === 0 || accepted.some((isAccepted, at) => isAccepted && keeps[at]))
      return true
    options.report({
      code: 'audit_unavailable',
      message: 'no audit sink that counts accepted a record',
    })
    return options.onFailure === 'continue'
  }
  return {
    isNeeded: () => lines.length > 0 || listeners.size > 0,
    write(draft) {
      if (closing !== undefined) {
        options.report({
          code: 'audit_closed',
          message: 'a record came after the engine was closed',
        })
        return lines.length === 0
      }
      const cleaned = options.clean(draft)
      cleaned.seq = ++sequence
      const record: AuditRecord = Object.freeze(cleaned)
      tell(listeners, record, options.report)
      const answers = lines.map((line) => offer(line, record, options))
      if (!answers.some(isPromise)) return settle(answers as readonly boolean[]) // none is a promise
      const settled = Promise.all(answers).then(settle)
      pending.add(settled)
      void settled.finally(() => pending.delete(settled))
      return settled
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      closing ??= shut()
      return closing
    },
  }
}

/** Which sinks count: those that keep records, or all where none does. */
function keepersOf(sinks: readonly AuditSink[]): readonly boolean[] {
  const keeps = sinks.map(({ durable }) => durable !== false)
  return keeps.includes(true) ? keeps : keeps.map(() => true)
}

function offer(line: Line, record: AuditRecord, options: AuditLogOptions): MaybePromise<boolean> {
  const refuse = (message: string, cause?: unknown): false => {
    options.report({
      code: 'audit_sink_failed',
      message: `sink \`${line.sink.name}\` ${message}`,
      cause,
    })
    return false
  }
  if (line.hanging) return refuse('still has not answered; the record was not offered to it')
  try {
    const answer = line.sink.write([record])
    if (!isPromise(answer)) return true
    const done = Promise.resolve(answer).then(
      () => true,
      (error: unknown) => refuse('refused a record', error),
    )
    void done.finally(() => {
      line.hanging = false
    })
    return within(done, options.timeoutMs, () => {
      line.hanging = true
      return refuse(`did not answer within ${options.timeoutMs} ms`)
    })
  } catch (error) {
    return refuse('refused a record', error)
  }
}

function tell(
  listeners: ReadonlySet<(record: AuditRecord) => void>,
  record: AuditRecord,
  report: AuditLogOptions['report'],
): void {
  for (const listener of listeners) {
    const failed = (cause: unknown): void =>
      report({ code: 'listener_failed', message: 'a subscriber threw', cause })
    try {
      const answer: unknown = listener(record)
      // A listener may be async in spite of its type: its rejection must not end the process.
      if (isPromise(answer)) Promise.resolve(answer).catch(failed)
    } catch (cause) {
      failed(cause)
    }
  }
}

async function closeSink(sink: AuditSink, options: AuditLogOptions): Promise<void> {
  try {
    const closing = sink.close?.()
    if (closing !== undefined && isPromise(closing))
      await within(closing, options.timeoutMs, () => undefined)
  } catch (cause) {
    options.report({
      code: 'audit_sink_failed',
      message: `sink \`${sink.name}\` failed to close`,
      cause,
    })
  }
}
