import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readTraceFiles, type TraceFileLimits } from './trace-file.ts'
import type { TraceSession } from './trace-session.ts'

const folder = mkdtempSync(join(tmpdir(), 'callgate-trace-'))
let count = 0
function fileWith(content: string | Uint8Array, name = 'trace.json'): string {
  const path = join(folder, String(++count))
  mkdirSync(path)
  writeFileSync(join(path, name), content)
  return join(path, name)
}

async function readAll(path: string, limits?: TraceFileLimits): Promise<TraceSession[]> {
  const found: TraceSession[] = []
  for await (const session of readTraceFiles([path], limits)) found.push(session)
  return found
}

const EVENT = { seq: 1, direction: 'request', tool: 'a.b', payload: { q: 1 } }
const session = (more: object = {}): object => ({ id: 's', events: [EVENT], ...more })

describe('session files', () => {
  it('reads the trace of the source documents', async () => {
    const text = JSON.stringify(
      {
        name: 'demo',
        description: 'ignored',
        session_id: 'sess_1',
        events: [
          {
            session_id: 'sess_1',
            agent_id: 'bot',
            event_seq: 2,
            timestamp: '2026-01-01T00:00:01Z',
            direction: 'response',
            method: 'tools/call',
            tool_name: 'db.query',
            tool_tags: ['sql', 'unheard_of'],
            payload_class: 'restricted',
            scope: 'data',
            request_id: 7,
            payload: [1, 'two'],
            unknown: true,
          },
          {
            event_seq: 1,
            agent_id: 'bot',
            direction: 'request',
            tool_name: 'db.query',
            request_id: 7,
          },
        ],
      },
      null,
      2,
    )
    const [read] = await readAll(fileWith(text))
    expect(read).toEqual({
      id: 'sess_1',
      name: 'demo',
      agent: undefined,
      task: undefined,
      tools: new Map([
        [
          'db.query',
          { tags: ['sql'], scope: undefined, server: undefined, payload_class: 'restricted' },
        ],
      ]),
      events: [
        {
          seq: 1,
          direction: 'request',
          tool: 'db.query',
          method: undefined,
          agent: 'bot',
          scope: undefined,
          server: undefined,
          requestId: 'number:7',
          at: undefined,
          payload: {},
        },
        {
          seq: 2,
          direction: 'response',
          tool: 'db.query',
          method: 'tools/call',
          agent: 'bot',
          scope: 'data',
          server: undefined,
          requestId: 'number:7',
          at: Date.parse('2026-01-01T00:00:01Z'),
          payload: [1, 'two'],
        },
      ],
      label: undefined,
    })
  })

  it.each([
    ['JSON over many lines', 'x.json', JSON.stringify(session(), null, 2), 1],
    ['JSON on one line', 'x.json', JSON.stringify(session()), 1],
    ['a list of sessions', 'x.json', JSON.stringify([session(), session()], null, 1), 2],
    [
      'JSON Lines with blank lines',
      'x.jsonl',
      `\n${JSON.stringify(session())}\n\r\n${JSON.stringify(session())}`,
      2,
    ],
    [
      'JSON Lines by another name',
      'x.log',
      `${JSON.stringify(session())}\n${JSON.stringify(session())}\n`,
      2,
    ],
    ['a byte order mark', 'x.json', `\ufeff${JSON.stringify(session())}`, 1],
    ['gzip by its bytes', 'x.json', gzipSync(JSON.stringify(session())), 1],
    [
      'two gzip members',
      'x.jsonl.gz',
      Buffer.concat([
        gzipSync(`${JSON.stringify(session())}\n`),
        gzipSync(JSON.stringify(session())),
      ]),
      2,
    ],
  ])('reads %s', async (_name, name, content, wanted) => {
    expect(await readAll(fileWith(content, name))).toHaveLength(wanted)
  })

  it('reads the session files below a folder, by name, and follows no link', async () => {
    const file = fileWith(JSON.stringify(session({ id: 'b' })), 'b.json')
    const below = join(file, '..', 'a')
    mkdirSync(below)
    writeFileSync(join(below, 'a.jsonl'), JSON.stringify(session({ id: 'a' })))
    writeFileSync(join(below, 'readme.txt'), 'nothing')
    expect((await readAll(join(file, '..'))).map(({ id }) => id)).toEqual(['a', 'b'])
  })

  it('passes characters on whole that are split between two reads', async () => {
    const task = 'é😀'.repeat(200_000)
    const [read] = await readAll(fileWith(JSON.stringify(session({ task }))))
    expect(read?.task === task).toBe(true)
  })
})

describe('a session file that cannot be read', () => {
  const event = (more: object): string =>
    JSON.stringify(session({ events: [EVENT, { ...EVENT, seq: 2, ...more }] }))
  it.each<[string, string | Uint8Array, string, string]>([
    ['empty', '', 'x.json', 'x.json: the file is empty'],
    ['not JSON', '{\n "id": "s"\n "secret-value"', 'x.json', 'x.json:3:2: not JSON'],
    ['a bad line', `${JSON.stringify(session())}\n{"id":\n`, 'x.jsonl', 'x.jsonl:2:'],
    ['a number', '7', 'x.json', 'a session is an object with `events`'],
    [
      'of an audit trail',
      '{"schema":1,"kind":"decision","policy_digest":null}',
      'x.json',
      'this is an audit trail, not a session: use `callgate replay --from FILE`',
    ],
    ['without events', '{"id":"s"}', 'x.json', '`events` is missing or not a list'],
    ['an event that is no object', '{"events":[7]}', 'x.json', 'event 1: an event is an object'],
    ['no direction', event({ direction: 'sideways' }), 'x.json', 'event 2: `direction` is'],
    ['no tool', event({ tool: null }), 'x.json', 'event 2: `tool_name` (or `tool`) is missing'],
    ['a tool of the wrong type', event({ tool: 7 }), 'x.json', 'event 2: `tool` is a string'],
    ['an agent of the wrong type', event({ agent: {} }), 'x.json', 'event 2: `agent` is a string'],
    [
      'a payload of the wrong type',
      event({ payload: 'x' }),
      'x.json',
      'event 2: the `payload` of a request is an object',
    ],
    [
      'a number of the wrong type',
      event({ seq: 'x' }),
      'x.json',
      'event 2: `seq` is a whole number',
    ],
    [
      'a time that is none',
      event({ timestamp: 'soon' }),
      'x.json',
      'event 2: `timestamp` is a time',
    ],
    ['the same number twice', event({ seq: 1 }), 'x.json', 'two events have the number 1'],
    [
      'tools of the wrong type',
      JSON.stringify(session({ tools: [] })),
      'x.json',
      '`tools` is an object by name',
    ],
    ['bytes that are not text', Uint8Array.of(0x7b, 0xff, 0xfe), 'x.json', 'not UTF-8 text'],
    [
      'broken gzip',
      Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 2, 3),
      'x.json.gz',
      'the gzip data is broken or cut short',
    ],
    [
      'gzip cut short',
      gzipSync(JSON.stringify(session())).subarray(0, 30),
      'x.gz',
      'broken or cut short',
    ],
  ])('is told with its place: %s', async (_name, content, name, message) => {
    const failure = await readAll(fileWith(content, name)).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'ERR_TRACE_INVALID' })
    expect(String(failure)).toContain(message)
  })

  it('is never quoted', async () => {
    for (const text of [
      '{"key": sk-live-x}',
      'sk-live-x',
      '{"a":"sk-live-x',
      '{"sk-live-x":1,"events":7}',
    ]) {
      const failure = await readAll(fileWith(text)).catch((error: unknown) => error)
      expect(failure).toMatchObject({ code: 'ERR_TRACE_INVALID' })
      expect(failure).not.toHaveProperty('cause')
      expect(String(failure)).not.toContain('sk-live')
    }
  })

  it('is not read beyond its limits', async () => {
    const limits = { maxLine: 100, maxText: 1000 }
    const long = await readAll(fileWith(`{"events":[],"task":"${'x'.repeat(200)}"}`), limits).catch(
      String,
    )
    const large = await readAll(fileWith(`{"events":[${'\n1,'.repeat(1000)}`), limits).catch(String)
    const packed = await readAll(fileWith(gzipSync('x'.repeat(1 << 24))), limits).catch(String)
    expect([long, large, packed]).toEqual([
      expect.stringContaining(':1: the line is longer than 100 characters'),
      expect.stringContaining('larger than 1000 characters'),
      expect.stringContaining(':1: the line is longer than 100 characters'),
    ])
  })

  it('is told to be missing, and an empty folder to be empty', async () => {
    await expect(readAll(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'ENOENT' })
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    await expect(readAll(empty)).rejects.toThrow('no session file')
  })

  it('survives nesting that is deeper than any stack', async () => {
    const deep = `{"events":[{"direction":"request","tool":"a.b","payload":{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}}]}`
    expect(await readAll(fileWith(deep))).toHaveLength(1)
    await expect(readAll(fileWith('['.repeat(100_000)))).rejects.toMatchObject({
      code: 'ERR_TRACE_INVALID',
    })
  })
})
