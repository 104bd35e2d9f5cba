import { setImmediate as nextTurn } from 'node:timers/promises'
import type { SessionMessage, SessionRecorder, SessionRecordOwner } from '../../core/model/ports.ts'
import { type RecordTraceOptions, type TraceSettings, traceSettings } from './options.ts'
import { createTraceRedactor, type TraceRedactor } from './redact-trace.ts'
import { createStandIns, type StandIns } from './stand-in.ts'
import {
  type EventFrame,
  frameOf,
  type RecordedTool,
  type RecordedTrace,
  toolOf,
} from './trace-form.ts'
import { writeTrace } from './write-trace.ts'

export interface SessionTraceRecorder extends SessionRecorder {
  ended(session: string, owner?: SessionRecordOwner): void
  /** Writes what is open, and waits for it. Sessions that go on have another file. */
  flush(): Promise<void>
  close(): Promise<void>
  stats(): TraceStats
}

export interface TraceStats {
  /** Sessions that are being recorded. */
  readonly open: number
  readonly written: number
  /** Sessions that could not be written. */
  readonly failed: number
  /** Events that found no room. */
  readonly dropped: number
}

/**
 * Records sessions, with their payloads, as files that `callgate replay` and policy tests read. A session
 * is written when the host ends it, when the engine closes, and when it or all of them become too large.
 * Stand it beside the sinks in `audit`. It never keeps a call waiting, and what fails is a diagnostic.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export function recordTrace(options: RecordTraceOptions): SessionTraceRecorder {
  const settings = traceSettings(options)
  return createRecorder(settings, createStandIns(settings.key, settings.classes))
}

/** One session as it is held. */
interface OpenTrace {
  readonly session: string
  readonly tenant: string | undefined
  readonly user: string | undefined
  readonly tools: Map<string, RecordedTool>
  /** Names whose values the policies of its calls take out. */
  readonly fields: Set<string>
  readonly events: { readonly frame: EventFrame; readonly payload: string }[]
  task: string | undefined
  size: number
  incomplete: boolean
}

function createRecorder(settings: TraceSettings, standIns: StandIns): SessionTraceRecorder {
  // Least recently used first.
  const sessions = new Map<string, OpenTrace>()
  const count = { written: 0, failed: 0, dropped: 0 }
  let held = 0
  let writing: Promise<void> = Promise.resolve()
  let isClosed = false
  const finish = (key: string, trace: OpenTrace): void => {
    sessions.delete(key)
    writing = writing.then(async () => {
      try {
        await deliver(await settled(trace, settings, standIns), settings)
        count.written++
      } catch (cause) {
        count.failed++
        settings.report({ code: 'trace_failed', message: 'a session could not be written', cause })
      } finally {
        held -= trace.size
      }
    })
  }
  const finishOldest = (): void => {
    const [oldest] = sessions
    if (oldest !== undefined) finish(...oldest)
  }
  const drop = (trace: OpenTrace): void => {
    trace.incomplete = true
    if (count.dropped++ === 0)
      settings.report({ code: 'trace_dropped', message: 'a recorder of sessions has no more room' })
  }
  const flush = async (): Promise<void> => {
    for (const [key, trace] of sessions) finish(key, trace)
    await writing
  }
  return {
    name: 'trace',
    observe(message) {
      if (isClosed) return
      const key = keyOf(message)
      const trace = sessions.get(key) ?? openTrace(message)
      sessions.delete(key)
      sessions.set(key, trace)
      const before = trace.size
      if (held >= settings.maxSize) drop(trace)
      else take(trace, message, settings.maxEventSize)
      held += trace.size - before
      if (trace.size >= settings.maxSessionSize) finish(key, trace)
      while (sessions.size > settings.maxOpenSessions) finishOldest()
      if (held >= settings.maxSize) finishOldest()
    },
    ended(session, owner) {
      for (const [key, trace] of sessions)
        if (trace.session === session && isOf(trace, owner)) finish(key, trace)
    },
    flush,
    async close() {
      isClosed = true
      await flush()
    },
    stats: () => ({ open: sessions.size, ...count }),
  }
}

function keyOf({ session, subject }: SessionMessage): string {
  return JSON.stringify([session, subject?.tenant, subject?.user])
}

function isOf({ tenant, user }: OpenTrace, owner: SessionRecordOwner | undefined): boolean {
  const { subject } = owner ?? {}
  if (subject !== undefined) return subject.tenant === tenant && subject.user === user
  return owner?.tenant === undefined || owner.tenant === tenant
}

function openTrace({ session, subject, task }: SessionMessage): OpenTrace {
  return {
    session,
    tenant: subject?.tenant,
    user: subject?.user,
    tools: new Map(),
    fields: new Set(),
    events: [],
    task,
    size: 0,
    incomplete: false,
  }
}

/** UTF-16 units that an event's own fields take, roughly. */
const FRAME_SIZE = 512

function take(trace: OpenTrace, message: SessionMessage, maxEventSize: number): void {
  trace.task ??= message.task
  for (const field of message.fields ?? []) trace.fields.add(field)
  const tool = toolOf(message)
  if (tool !== undefined && message.name !== undefined) trace.tools.set(message.name, tool)
  // As text at once: what a tool gave may be changed by whoever has it now.
  let payload = JSON.stringify(message.payload) ?? 'null'
  if (payload.length > maxEventSize) {
    payload = JSON.stringify({ truncated: true, characters: payload.length })
    trace.incomplete = true
  }
  trace.events.push({ frame: frameOf(message, trace.events.length + 1), payload })
  trace.size += payload.length + FRAME_SIZE
}

/** The session as it is kept: redacted text by text, so that nothing else waits for long. */
async function settled(
  trace: OpenTrace,
  { isRaw, classes }: TraceSettings,
  standIns: StandIns,
): Promise<RecordedTrace> {
  const { session, task, tools, incomplete } = trace
  const head = { name: session, session_id: session, tools: Object.fromEntries(tools) }
  // Names and what was said, in turn.
  const texts = [
    JSON.stringify(head),
    JSON.stringify(task ?? null),
    ...trace.events.flatMap(({ frame, payload }) => [JSON.stringify(frame), payload]),
  ]
  if (!isRaw) await redact(texts, createTraceRedactor(standIns, classes, trace.fields))
  const [names, said, ...rest] = texts.map((text) => JSON.parse(text))
  const events = trace.events.map((_, index) => ({
    ...rest[2 * index],
    payload: rest[2 * index + 1],
  }))
  return { ...names, ...(said === null ? {} : { task: said }), incomplete, events }
}

/** UTF-16 units that are redacted before calls that wait have their turn: a few milliseconds. */
const AT_ONCE = 16_384

async function redact(texts: string[], redactor: TraceRedactor): Promise<void> {
  const first = (text: string, index: number): string =>
    index % 2 === 0 ? redactor.redactNames(text) : redactor.redact(text)
  let done = 0
  for (const step of [first, redactor.spread])
    for (const [index, text] of texts.entries()) {
      texts[index] = step(text, index)
      done += text.length
      if (done < AT_ONCE) continue
      done = 0
      await nextTurn()
    }
}

async function deliver(trace: RecordedTrace, { path, onTrace }: TraceSettings): Promise<void> {
  if (path !== undefined) await writeTrace(path, trace)
  await onTrace?.(trace)
}
