import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../core/model/json.ts'
import { recordOf } from '../record.fixture.ts'
import { eventsOf, take } from './stream.fixture.ts'
import { type StreamMessage, toSse } from './to-sse.ts'

const AT = '2026-01-01T00:00:00.000Z'
const TOTALS = { clients: 1, users: 1, sessions: 1, allow: 1, deny: 0, compute: 0, escalate: 0 }
const LINE = { type: 'cli', command: 'gateway', stream: 'stderr', text: 'listening' } as const

/** What a browser reads of a text, and whether anything is left over. */
async function readBack(text: string) {
  const body = new Response(`${text}data: "end"\n\n`).body
  if (body === null) throw new Error('a text has a body')
  return take(eventsOf(body), 10)
}

const EACH: readonly StreamMessage[] = [
  { event: 'agui', data: { type: 'RUN_STARTED', runId: 'r' } },
  { id: '1', event: 'a2a', data: { type: 'status-update', state: 'working' } },
  { id: 'f-2', event: 'system', data: { type: 'decision', record: recordOf(1) } },
  { event: 'context', data: { type: 'ContextCreated', id: 'c' } },
  { event: 'analytics', data: { type: 'PageView', page: '/' } },
  { event: 'analytics', data: { type: 'EngagementUpdate', seconds: 3 } },
  {
    event: 'analytics',
    data: { type: 'SessionStarted', session: 's', user: null, tenant: null, at: AT },
  },
  { event: 'analytics', data: { type: 'RealTimeStats', at: AT, totals: TOTALS } },
  { event: 'analytics', data: { type: 'Heartbeat', at: AT } },
  { id: null, event: 'cli', data: LINE },
]

describe('toSse', () => {
  it('is an event, an id and a line of data', () => {
    expect(toSse({ id: 'a-7', event: 'cli', data: LINE })).toBe(
      'event: cli\nid: a-7\ndata: {"type":"cli","command":"gateway","stream":"stderr","text":"listening"}\n\n',
    )
  })

  it.each(EACH.map((message) => [message.event, message.data.type, message] as const))(
    'renders an event of %s, %s, as a reader finds it again',
    async (_event, _type, message) => {
      expect(await readBack(toSse(message))).toEqual([
        { id: message.id ?? '', event: message.event, data: message.data },
        { id: message.id ?? '', event: 'message', data: 'end' },
      ])
    },
  )

  it('lets nothing that is in an event end its line, nor begin another', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\n\nevent: system\ndata: {}\n\n', '\r', '\r\n', '\u2028', '\u0000', 'id: 1'),
    )
    await fc.assert(
      fc.asyncProperty(fc.dictionary(text, text), text, async (fields, type) => {
        const data = { ...fields, type }
        const [first, second, third] = await readBack(toSse({ id: 'x', event: 'agui', data }))
        // A member named `__proto__` is read in a way of its own.
        expect(first).toEqual({ id: 'x', event: 'agui', data: onTheWire(data) })
        expect([second?.data, third]).toEqual(['end', undefined])
      }),
    )
  })

  it.each(['a\nb', 'a\rb', '\0', '\n\ndata: 1'])('refuses the id %j', (id) => {
    expect(() => toSse({ id, event: 'cli', data: LINE })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
  })

  it('refuses a family that is none', () => {
    const message = { event: 'cli\ndata: 1', data: LINE } as unknown as StreamMessage
    expect(() => toSse(message)).toThrow(/no such family/)
  })
})

function onTheWire(value: Readonly<Record<string, string>>): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue
}
