import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSseReference } from './parse-sse.reference.ts'
import { createSseParser, type SseEvent, type SseParserOptions } from './parse-sse.ts'
import { writeSse } from './write-sse.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

function parse(
  chunks: readonly (Uint8Array | string)[],
  options?: SseParserOptions,
): readonly SseEvent[] {
  const parser = createSseParser(options)
  return [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.end()]
}

const NOTHING = { event: undefined, data: '', id: undefined, comments: [], hasData: false }
const OPEN = { isComplete: false }

describe('a stream of events', () => {
  it.each<[string, string, readonly Partial<SseEvent>[]]>([
    ['data', 'data: a\n\n', [{ data: 'a' }]],
    ['data without a space', 'data:a\n\n', [{ data: 'a' }]],
    ['data that begins with a space', 'data:  a\n\n', [{ data: ' a' }]],
    ['data of several lines', 'data: a\ndata\ndata: b\n\n', [{ data: 'a\n\nb' }]],
    ['data that is empty', 'data:\n\n', [{ data: '' }]],
    ['a field without a colon', 'data\n\n', [{ data: '' }]],
    ['a colon in a value', 'data: a: b\n\n', [{ data: 'a: b' }]],
    ['event and id', 'event: add\nid: 7\ndata: a\n\n', [{ event: 'add', id: '7', data: 'a' }]],
    ['the last event and id', 'event: a\nid: 1\nevent: b\nid: 2\n\n', [{ event: 'b', id: '2' }]],
    ['an empty event, which is none', 'event: a\nevent:\nid:\n\n', [{ id: '' }]],
    ['an id with a NUL, which is none', 'id: 1\nid: a\0b\n\n', [{ id: '1' }]],
    ['comments in order', ': a\n:b\n:\n\n', [{ comments: ['a', 'b', ''] }]],
    ['unknown fields, which say nothing', 'retry: 5\nDATA: a\n data: b\n\n', [{}]],
    ['blank lines alone', '\n\r\n\r', [{}, {}, {}]],
    ['CR', 'data: a\rdata: b\r\rdata: c\r\r', [{ data: 'a\nb' }, { data: 'c' }]],
    ['CRLF', 'data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n', [{ data: 'a\nb' }, { data: 'c' }]],
    [
      'line ends mixed',
      'data: a\n\rdata: b\r\r\ndata: c\r\n\n',
      [{ data: 'a' }, { data: 'b' }, { data: 'c' }],
    ],
    ['a byte order mark', '\ufeffdata: a\n\n', [{ data: 'a', raw: 'data: a\n\n' }]],
    ['a second one, which is of a name', '\ufeff\ufeffdata: a\n\n', [{}]],
    ['an end without a blank line', 'data: a\n', [{ data: 'a', ...OPEN }]],
    ['an end within a line', 'data: a\n\nda', [{ data: 'a' }, OPEN]],
    ['an end behind a CR', 'data: a\r\n\r', [{ data: 'a' }]],
    ['nothing', '', []],
  ])('is read with %s', (_what, text, want) => {
    const events = parse([text])
    expect(events).toEqual(
      want.map((one, index) => ({
        ...NOTHING,
        isComplete: true,
        hasData: one.data !== undefined,
        raw: events[index]?.raw,
        ...one,
      })),
    )
    expect(events.map(({ raw }) => raw).join('')).toBe(text.replace('\ufeff', ''))
  })

  it('gives an event with the piece that ends it', () => {
    const parser = createSseParser()
    const counts = ['data: a\n', '\n', 'data: b\r\n\r', '\n', 'da', 'ta: c\n\n:'].map(
      (piece) => parser.push(piece).length,
    )
    expect(counts).toEqual([0, 1, 0, 1, 0, 1])
  })

  it('is read alike however it is cut, as bytes and as text', () => {
    fc.assert(
      fc.property(streams, fc.infiniteStream(fc.nat({ max: 6 })), (text, sizes) => {
        const whole = bytes(text)
        const want = parseSseReference(whole)
        expect(parse(cut(whole, sizes))).toEqual(want)
        expect(parse([text])).toEqual(want)
        expect(parse([...text])).toEqual(want)
      }),
      { numRuns: 500 },
    )
  })

  it('is read alike however it is cut where its bytes are no UTF-8', () => {
    const noise = fc.uint8Array({ maxLength: 40 }).map((body) => {
      const lines = bytes('data: \ufffd\n\n:é\r\n\r\n')
      return Uint8Array.from([...body, ...lines, ...body.toReversed(), 0x0a])
    })
    fc.assert(
      fc.property(noise, fc.infiniteStream(fc.nat({ max: 4 })), (whole, sizes) => {
        expect(parse(cut(whole, sizes))).toEqual(parseSseReference(whole))
      }),
    )
  })

  it('ends a character that text cuts off', () => {
    expect(parse([bytes('data: €').subarray(0, -1), ' a\n\n'])[0]?.data).toBe('\ufffd a')
  })
})

const pieces = fc.constantFrom(
  ...['data', 'data:', 'data: ', 'event: ', 'id:', ':', ': ', 'retry: 3', '\ufeff', '\0'],
  ...['\n', '\n', '\n\n', '\r', '\r', '\r\n', '\r\n\r\n', 'a', 'é', '€', '😀', ' ', '{"a":1}'],
)
const streams = fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join(''))

function cut(whole: Uint8Array, sizes: Iterable<number>): readonly Uint8Array[] {
  const chunks: Uint8Array[] = []
  let at = 0
  for (const size of sizes) {
    if (at >= whole.length) break
    chunks.push(whole.subarray(at, at + size))
    at += size
  }
  return chunks
}

describe('an event that is too long', () => {
  const tooLong = expect.objectContaining({ code: 'ERR_OUTPUT_INVALID' })
  it.each([
    ['complete', ['data: 12345\n\n']],
    ['not complete', ['data: 1234567']],
    ['one of blank comments', [':\n:\n', ':\n:\n', ':\n:\n', ':\n\n']],
  ])('is refused where it is %s', (_what, chunks) => {
    expect(() => parse(chunks, { maxEventLength: 12 })).toThrow(tooLong)
  })

  it('is not there while each event keeps the bound', () => {
    const events = parse(['data: 1234\n\n'.repeat(3), '\n'.repeat(20)], { maxEventLength: 12 })
    expect(events).toHaveLength(23)
  })

  it('ends the reading for good', () => {
    const parser = createSseParser({ maxEventLength: 12 })
    expect(() => parser.push('data: 1234567')).toThrow(tooLong)
    expect(() => parser.push('\n\ndata: a\n\n')).toThrow(tooLong)
    expect(() => parser.end()).toThrow(tooLong)
  })
})

describe('writeSse', () => {
  it('writes comments, event, id and data, lines of it each by itself', () => {
    const text = writeSse({ comments: ['x'], event: 'e', id: '1', data: 'a\nb\r\nc' })
    expect(text).toBe(': x\nevent: e\nid: 1\ndata: a\ndata: b\ndata: c\n\n')
  })

  it('writes what reads as the same event', () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n\0]/g, ''))
    const fields = fc.record({
      event: fc.option(
        line.filter((text) => text !== ''),
        { nil: undefined },
      ),
      id: fc.option(line, { nil: undefined }),
      data: fc.option(
        fc.array(line).map((lines) => lines.join('\n')),
        { nil: undefined },
      ),
      comments: fc.array(line),
    })
    fc.assert(
      fc.property(fields, (one) => {
        const raw = writeSse(one)
        expect(parse([bytes(raw)])).toEqual([
          { ...one, data: one.data ?? '', raw, hasData: one.data !== undefined, isComplete: true },
        ])
      }),
    )
  })

  it.each([
    ['event', { event: 'a\ndata: b' }],
    ['id', { id: 'a\rb' }],
    ['id with a NUL', { id: 'a\0' }],
    ['comment', { comments: ['a\n\ndata: b'] }],
  ])('refuses a line end in %s', (_what, fields) => {
    expect(() => writeSse(fields)).toThrow(expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }))
  })
})
