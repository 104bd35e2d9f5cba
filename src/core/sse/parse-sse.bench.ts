import { median, row } from '../../scripts/measure.ts'
import { createSseParser } from './parse-sse.ts'

const EVENTS = 200_000
const CHUNK = `data: {"id":"gen-1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":" word"},"finish_reason":null}]}\n\n`

/** Streams as models send them; the goal is that of the streaming proxy: 300,000 small chunks a second. */
export async function run(print: (line: string) => void): Promise<void> {
  print(`Server-sent events, ${CHUNK.length} bytes each, median`)
  for (const [what, chunks, note] of [
    ['one event a chunk', [CHUNK], 'goal 3300 ns'],
    ['two chunks an event', [CHUNK.slice(0, 60), CHUNK.slice(60)], ''],
    ['64 events a chunk', [CHUNK.repeat(64)], ''],
    ['one event a chunk, CRLF', [CHUNK.replaceAll('\n', '\r\n')], ''],
    ['one event a chunk, not ASCII', [CHUNK.replace('word', 'wört')], ''],
  ] as const)
    print(row(what, nsPerEvent(chunks), 'ns', note))
}

function nsPerEvent(texts: readonly string[]): number {
  const chunks = texts.map((text) => Buffer.from(text))
  return median(Array.from({ length: 5 }, () => once(chunks)))
}

function once(chunks: readonly Uint8Array[]): number {
  const parser = createSseParser()
  let events = 0
  const start = process.hrtime.bigint()
  while (events < EVENTS) for (const chunk of chunks) events += parser.push(chunk).length
  return Number(process.hrtime.bigint() - start) / events
}
