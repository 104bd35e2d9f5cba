import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { run } from '../../cli/run-main.fixture.ts'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { createTestEngine } from '../../testing/create-test-engine.ts'
import { jsonlSink } from '../jsonl/jsonl-sink.ts'
import { AUDIT_RECORD_SCHEMA } from '../schema/record-schema.ts'
import type { StreamViewer } from './events.ts'
import { eventsOf, type ReceivedEvent, serveOnLoopback, take } from './stream.fixture.ts'
import { streamSink } from './stream-sink.ts'

const POLICY = `
redaction: { fields: [note] }
roles: [{ name: reader, rules: [{ resources: [db.read], verbs: [invoke] }] }]
bindings: [{ agent: bot, roles: [reader] }]
`
const SYSTEM: StreamViewer = { sees: 'all', filter: { families: ['system'] } }

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** One engine that writes to a file and to a stream, which is served both ways. */
async function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'callgate-paths-'))
  const path = join(folder, 'audit.jsonl')
  const stream = streamSink()
  const engine = createTestEngine({ policy: POLICY, audit: [jsonlSink({ path }), stream] })
  const served = await serveOnLoopback((request) => stream.fetch(request, SYSTEM))
  const sockets = new WebSocketServer({ server: served.server })
  sockets.on('connection', (socket) => stream.attach(socket, SYSTEM))
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
  cleanups.push(() => served.stop())
  cleanups.push(() => {
    for (const socket of sockets.clients) socket.terminate()
    sockets.close()
  })
  return { folder, path, engine, url: served.url }
}

async function listenByWebSocket(url: string): Promise<readonly ReceivedEvent[]> {
  const socket = new WebSocket(url.replace('http', 'ws'))
  const messages: ReceivedEvent[] = []
  socket.on('message', (data) => messages.push(JSON.parse(String(data)) as ReceivedEvent))
  cleanups.push(() => socket.terminate())
  await new Promise((resolve) => socket.on('open', resolve))
  return messages
}

const recordsOf = (events: readonly ReceivedEvent[]): readonly AuditRecord[] =>
  events.map(({ data }) => (data as { record: AuditRecord }).record)
const linesOf = (text: string): readonly AuditRecord[] =>
  text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as AuditRecord]))
/** The links are those of the file, and those of the stream. */
const unlinked = (records: readonly AuditRecord[]) =>
  records.map(({ prev: _prev, hash: _hash, ...rest }) => rest)

describe('one call', () => {
  it('is the same records in the file, in both streams and by the command line', async () => {
    const { folder, path, engine, url } = await setUp()
    const answer = await fetch(url)
    if (answer.body === null) throw new Error('the stream has a body')
    const events = eventsOf(answer.body)
    const messages = await listenByWebSocket(url)

    const call = { session: 's', subject: { agent: 'bot', user: 'ada' }, resource: 'db.read' }
    await engine.guard({ ...call, arguments: { id: 7, note: 'x' } }, () => ({ rows: 1 }))
    const drop = { ...call, resource: 'db.drop', arguments: {} }
    await engine.guard(drop, () => 1).catch(() => undefined)
    const bySse = recordsOf(await take(events, 3))
    await expect.poll(() => messages.length).toBe(3)
    await engine.close()

    const inFile = linesOf(readFileSync(path, 'utf8'))
    const queried = await run(['audit', 'query', 'audit.jsonl', '--format', 'ndjson'], {
      cwd: folder,
    })
    const told = engine.records()
    expect(told.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      'decision pending',
      'outcome success',
      'decision denied',
    ])
    for (const records of [inFile, linesOf(queried.stdout), bySse, recordsOf(messages)])
      expect(unlinked(records)).toEqual(unlinked(told))
    // Both chains are of the same records, and so the same.
    expect(bySse).toEqual(inFile)

    const validate = new Ajv2020({ strictTypes: false, allowUnionTypes: true }).compile(
      AUDIT_RECORD_SCHEMA,
    )
    expect([...inFile, ...bySse].filter((record) => !validate(record))).toEqual([])
  })
})
