import { isList, isMap } from '../../core/json-kind.ts'
import { createSseParser, type SseEvent } from '../../core/sse/parse-sse.ts'
import { readData } from '../stream/filter.ts'
import { openSource, type Source } from '../stream/source.ts'
import { ANSWER_MALFORMED, failureOf, type UpstreamFailure } from './upstream-failure.ts'

/** A stream that has begun to answer, with what was read of it; or why it never will. */
export type Begun =
  | { readonly ok: true; readonly source: Source }
  | { readonly ok: false; readonly failure: UpstreamFailure }

/** What comes before an answer begins is little: comments, and events that tell that it will. */
const MOST_PIECES = 4_096
const MOST_BYTES = 1024 * 1024

/**
 * Reads a stream up to the first event that says something, so that another model may still answer where
 * there is none. Rejects where the connection breaks, or is silent for too long.
 */
export async function beginStream(response: Response, idleTimeoutMs: number): Promise<Begun> {
  const source = openSource(response.body, idleTimeoutMs)
  const parser = createSseParser()
  const read: (Uint8Array | string)[] = []
  let bytes = 0
  try {
    while (read.length < MOST_PIECES && bytes < MOST_BYTES) {
      const piece = await source.read()
      if (piece !== undefined) read.push(piece)
      bytes += piece?.length ?? 0
      const said = firstSaid(piece === undefined ? parser.end() : parser.push(piece), response)
      if (said === true) break
      if (said !== undefined || piece === undefined)
        return await failed(source, said ?? ANSWER_MALFORMED)
    }
  } catch (error) {
    await source.cancel(error)
    throw error
  }
  return { ok: true, source: goingOn(read, source) }
}

async function failed(source: Source, failure: UpstreamFailure): Promise<Begun> {
  await source.cancel(undefined)
  return { ok: false, failure }
}

/** True: it answers. Undefined: nothing is said yet. */
function firstSaid(
  events: readonly SseEvent[],
  { headers }: Response,
): UpstreamFailure | true | undefined {
  for (const event of events) {
    if (!event.hasData) continue
    // What cannot be read is for those who read the whole of it.
    const data = event.data === '[DONE]' ? undefined : readData(event)
    if (data === undefined) return true
    const error = errorIn(data)
    if (error !== undefined) return failureOf(0, { error }, headers)
    if (saysSomething(data)) return true
  }
  return undefined
}

type Fields = Readonly<Record<string, unknown>>

function errorIn(data: Fields): unknown {
  if (data['error'] !== undefined && data['error'] !== null) return data['error']
  const { type, response } = data
  if (type === 'error') return data
  return type === 'response.failed' && isMap(response) ? (response['error'] ?? {}) : undefined
}

const ANNOUNCING: ReadonlySet<unknown> = new Set([
  'response.created',
  'response.queued',
  'response.in_progress',
])

function saysSomething({ choices, type }: Fields): boolean {
  if (typeof type === 'string') return !ANNOUNCING.has(type)
  if (!isList(choices)) return true
  return choices.some((choice) => isMap(choice) && isTelling(choice))
}

/** A choice that says who speaks says nothing yet. */
function isTelling({ delta, text, finish_reason: reason }: Fields): boolean {
  if (reason !== null && reason !== undefined) return true
  if (typeof text === 'string') return text !== ''
  if (!isMap(delta)) return true
  return Object.entries(delta).some(
    ([name, value]) => name !== 'role' && value !== '' && value !== null && !isEmpty(value),
  )
}

function isEmpty(value: unknown): boolean {
  return isList(value) && value.length === 0
}

/** What was read comes once more, then the rest. */
function goingOn(read: readonly (Uint8Array | string)[], rest: Source): Source {
  let next = 0
  return {
    read: async () => (next < read.length ? read[next++] : rest.read()),
    cancel: (reason) => rest.cancel(reason),
  }
}
