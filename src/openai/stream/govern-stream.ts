import { CallgateError } from '../../core/model/errors.ts'
import { isPromise } from '../../core/model/json.ts'
import { createSseParser, type SseEvent, type SseParser } from '../../core/sse/parse-sse.ts'
import type { Outcome } from '../../engine/ticket.ts'
import type { Answer } from '../answer/answer.ts'
import { errorBody, withBody } from '../answer/error-response.ts'
import { withheldBody } from '../answer/withheld.ts'
import type { OpenAISettings } from '../options.ts'
import { chatFilter } from './chat-filter.ts'
import { dataEvent, StreamFault, type StreamFilter, tooLarge } from './filter.ts'
import { responsesFilter } from './responses-filter.ts'
import { openSource, type Source } from './source.ts'

/** A streamed answer, and what its call is closed with. */
export interface Streaming {
  readonly response: Response
  /** Its body, where some of it was read already. */
  readonly source?: Source | undefined
  readonly answer: Answer
  readonly surface: 'chat' | 'responses'
  /** True where the caller has not asked for the event that tells what it cost. */
  readonly addsUsage: boolean
  readonly settings: OpenAISettings
  finish(outcome: Outcome): Promise<Outcome>
  /** An error of the connection, as the call is closed with it. */
  asError(error: unknown): unknown
}

/**
 * The answer as the caller may see it, while it comes. Nothing is read before the caller wants it; where
 * the caller wants no more, neither does the connection go on.
 */
export function governStream(streaming: Streaming): Response {
  const { response, answer, settings } = streaming
  // Only observed, it may be silent for as long as it likes.
  const idleMs = answer.enforces ? settings.idleTimeoutMs : LONGEST_TIMER_MS
  const source = streaming.source ?? openSource(response.body, idleMs)
  const run = createRun(streaming, source)
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => run.pull(controller),
      cancel: () => run.cancel(),
    },
    { highWaterMark: 0 },
  )
  return withBody(response, body, { isChanged: answer.enforces })
}

const LONGEST_TIMER_MS = 2 ** 31 - 1

interface Run {
  pull(controller: Controller): Promise<void>
  cancel(): Promise<void>
}

type Controller = Pick<ReadableStreamDefaultController<Uint8Array>, 'enqueue' | 'close' | 'error'>

function createRun(streaming: Streaming, source: Source): Run {
  const { answer, settings } = streaming
  const filter = filterOf(streaming)
  const parser = createSseParser({ maxEventLength: settings.maxAnswerBytes })
  const encoder = new TextEncoder()

  const ended = async (controller: Controller, fault: StreamFault | undefined): Promise<void> => {
    const text = await lastText(streaming, filter, fault)
    await source.cancel(fault)
    if (text !== '' && answer.enforces) controller.enqueue(encoder.encode(text))
    controller.close()
  }

  /** True once something was sent, or nothing will be any more. */
  const step = async (controller: Controller): Promise<boolean> => {
    const piece = await source.read()
    const read = eventsIn(parser, piece)
    const { text, fault } = await filtered(filter, read)
    const sent = answer.enforces ? encoder.encode(text) : bytesOf(piece, encoder)
    if (sent.length > 0) controller.enqueue(sent)
    // Only observed, it ends where it ends.
    const isOver =
      piece === undefined || (answer.enforces && (filter.isOver || fault !== undefined))
    if (isOver) await ended(controller, fault)
    return isOver || sent.length > 0
  }

  const failed = async (error: unknown): Promise<void> => {
    await source.cancel(error)
    await streaming.finish({ ok: false, error, usage: answer.view.usage() })
  }

  return {
    async pull(controller) {
      try {
        while (!(await step(controller)));
      } catch (error) {
        if (error instanceof StreamFault) return ended(controller, error)
        await failed(streaming.asError(error))
        controller.error(error)
      }
    },
    cancel: () => failed(new CallgateError('ERR_CALL_CANCELLED', 'the caller gave up')),
  }
}

function filterOf({ answer, surface, addsUsage, settings }: Streaming): StreamFilter {
  const maxHeld = settings.maxAnswerBytes
  return surface === 'chat'
    ? chatFilter(answer, { addsUsage, maxHeld })
    : responsesFilter(answer, { maxHeld })
}

interface Read {
  readonly events: readonly SseEvent[]
  readonly fault: StreamFault | undefined
}

/** Undefined: the stream is at its end. A last event that was cut is none, but for the mark of the end. */
function eventsIn(parser: SseParser, piece: Uint8Array | string | undefined): Read {
  try {
    if (piece !== undefined) return { events: parser.push(piece), fault: undefined }
    const events = parser.end().filter(({ isComplete, data }) => isComplete || data === '[DONE]')
    return { events, fault: undefined }
  } catch {
    return { events: [], fault: tooLarge() }
  }
}

interface Filtered {
  readonly text: string
  readonly fault: StreamFault | undefined
}

/** What came before a fault is sent. */
async function filtered(filter: StreamFilter, { events, fault }: Read): Promise<Filtered> {
  let text = ''
  try {
    for (const event of events) {
      if (filter.isOver) break
      const said = filter.event(event)
      text += isPromise(said) ? await said : said
    }
    return { text, fault }
  } catch (error) {
    if (error instanceof StreamFault) return { text, fault: error }
    throw error
  }
}

function bytesOf(piece: Uint8Array | string | undefined, encoder: Encoder): Uint8Array {
  return typeof piece === 'string' ? encoder.encode(piece) : (piece ?? new Uint8Array())
}

type Encoder = InstanceType<typeof TextEncoder>

/** Closes the call, and says how the stream ends. */
async function lastText(
  { answer, finish }: Streaming,
  filter: StreamFilter,
  given: StreamFault | undefined,
): Promise<string> {
  const usage = answer.view.usage()
  const fault = given ?? (filter.isComplete || filter.hasFailed ? undefined : truncated())
  if (fault !== undefined || filter.hasFailed) {
    await finish({ ok: false, error: fault ?? failedAbove(), usage })
    return fault === undefined ? filter.tail : faultEvent(fault)
  }
  const outcome = await finish({ ok: true, value: answer.view.value(), usage })
  return outcome.ok ? filter.tail : dataEvent(withheldBody(outcome.error))
}

function truncated(): StreamFault {
  return new StreamFault('stream_truncated', 'the stream has ended before the answer was whole')
}

function failedAbove(): StreamFault {
  return new StreamFault('stream_failed', 'the stream has told of an error')
}

function faultEvent({ reason, message }: StreamFault): string {
  return dataEvent(errorBody(message, 'callgate_error', reason))
}
