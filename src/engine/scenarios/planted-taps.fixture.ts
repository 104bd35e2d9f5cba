/** Every sink there is, each with a way to see what has come out of it. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { inspect } from 'node:util'
import type pg from 'pg'
import { WebSocket, WebSocketServer } from 'ws'
import { jsonlSink } from '../../audit/jsonl/jsonl-sink.ts'
import { memorySink } from '../../audit/memory.ts'
import { otelSink } from '../../audit/otel/otel-sink.ts'
import { otel } from '../../audit/otel/sdk.fixture.ts'
import { postgresSink } from '../../audit/postgres/postgres-sink.ts'
import { serveOnLoopback } from '../../audit/stream/stream.fixture.ts'
import { streamSink } from '../../audit/stream/stream-sink.ts'
import { startReceiver } from '../../audit/webhook/receiver.fixture.ts'
import { webhookSink } from '../../audit/webhook/webhook-sink.ts'
import type { AuditSink } from '../../core/model/ports.ts'
import type { Diagnostic } from '../options.ts'

export interface Tap {
  readonly sink: AuditSink
  /** What has come out since it was last asked. */
  drain(): string | Promise<string>
  /** After its sink was closed. */
  close(): void | Promise<void>
}

export type Report = (diagnostic: Diagnostic) => void

/** Deep enough for all that is thrown and told here. */
export function shown(value: unknown): string {
  return inspect(value, { depth: 12, maxStringLength: null, maxArrayLength: null })
}

export function memoryTap(): Tap {
  const sink = memorySink({ maxRecords: 10_000 })
  let last = 0
  return {
    sink,
    drain() {
      const fresh = sink.records().filter(({ seq }) => seq > last)
      last = fresh.at(-1)?.seq ?? last
      return JSON.stringify(fresh)
    },
    close: () => undefined,
  }
}

export function jsonlTap(path: string, onDiagnostic: Report): Tap {
  let offset = 0
  return {
    sink: jsonlSink({ path, onDiagnostic, mode: 'buffered', maxQueuedRecords: 100_000 }),
    drain() {
      const file = openSync(path, 'r')
      const bytes = Buffer.alloc(fstatSync(file).size - offset)
      readSync(file, bytes, 0, bytes.length, offset)
      closeSync(file)
      offset += bytes.length
      return bytes.toString('utf8')
    },
    close: () => undefined,
  }
}

export function postgresTap(client: pg.Pool, table: string, onDiagnostic: Report): Tap {
  let last = 0
  return {
    sink: postgresSink({ client, table, onDiagnostic }),
    async drain() {
      const { rows } = await client.query<{ position: string; row: string }>(
        `select position, row_to_json(t)::text as row from ${table} t where position > $1`,
        [last],
      )
      last = rows.reduce((most, { position }) => Math.max(most, Number(position)), last)
      return rows.map(({ row }) => row).join('\n')
    },
    close: () => undefined,
  }
}

export async function webhookTap(onDiagnostic: Report): Promise<Tap> {
  const receiver = await startReceiver()
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  return {
    sink: webhookSink({ url: `${receiver.url}/`, secret, onDiagnostic }),
    drain: () =>
      receiver.received
        .splice(0)
        .map((one) => JSON.stringify(one.headers) + one.body)
        .join('\n'),
    close: () => receiver.stop(),
  }
}

export function otelTap(): Tap {
  const sdk = otel()
  const { tracer, logger, meter } = sdk
  return {
    sink: otelSink({ tracer, logger, meter, captureArguments: true }),
    async drain() {
      const spans = sdk
        .spans()
        .map(({ name, status, attributes, events }) => ({ name, status, attributes, events }))
      const logs = sdk
        .logs()
        .map(({ body, attributes, eventName }) => ({ body, attributes, eventName }))
      sdk.reset()
      return JSON.stringify({ spans, logs, points: await sdk.points() })
    },
    close: () => sdk.close(),
  }
}

const VIEWER = { sees: 'all' } as const

/** Read over a real event stream and a real WebSocket. */
export async function streamTap(): Promise<Tap> {
  const sink = streamSink({ queue: 100_000, history: 10 })
  const served = await serveOnLoopback((request) => sink.fetch(request, VIEWER))
  const sockets = new WebSocketServer({ server: served.server })
  sockets.on('connection', (socket) => sink.attach(socket, VIEWER))
  const client = new WebSocket(served.url.replace('http', 'ws'))
  let frames = ''
  client.on('message', (data) => {
    frames += String(data)
  })
  await new Promise((resolve) => client.on('open', resolve))
  const { body } = await fetch(served.url)
  const reading = readAll(body, (text) => {
    frames += text
  })
  return {
    sink,
    drain() {
      const text = frames
      frames = ''
      return text
    },
    async close() {
      client.terminate()
      sockets.close()
      await served.stop()
      await reading
    },
  }
}

async function readAll(
  body: ReadableStream<Uint8Array> | null,
  take: (text: string) => void,
): Promise<void> {
  const decoder = new TextDecoder()
  const reader = body?.getReader()
  try {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
      if (done) return
      take(decoder.decode(value, { stream: true }))
    }
  } catch {
    // The server was stopped: nothing comes any more.
  }
}
