import { type Subject, TAGS, type Tag, VERB_LEVEL, type Verb } from '../../core/model/call.ts'
import { CallgateError } from '../../core/model/errors.ts'
import type { JsonObject, JsonValue } from '../../core/model/json.ts'
import { subjectFault } from '../receive.ts'

/** One recorded session, read into one shape whatever file it came from. */
export interface TraceSession {
  readonly id: string
  readonly name: string
  /** The agent of events that name none. */
  readonly agent: string | undefined
  /** The user's own words. */
  readonly task: string | undefined
  /** What the file says of its tools. A policy's catalogue comes before it. */
  readonly tools: ReadonlyMap<string, TraceTool>
  /** In the order of `seq`, each of which is there once. */
  readonly events: readonly TraceEvent[]
  /** What a labelled file says the session is. For measuring: nothing that judges ever looks. */
  readonly label: SessionLabel | undefined
}

export interface SessionLabel {
  readonly source: string
  readonly suite: string | undefined
  readonly kind: 'attack' | 'benign'
  /** Whether the agent did what the attack wanted; of no account for benign sessions. */
  readonly succeeded: boolean
  /** Number of the first call that does harm; undefined where the label names none. */
  readonly firstHarm: number | undefined
  /** Id of the session that is the same but for the harm. */
  readonly twin: string | undefined
}

export interface TraceTool {
  readonly tags: readonly Tag[]
  readonly scope: string | undefined
  readonly server: string | undefined
  readonly payload_class: string | undefined
}

interface EventFields {
  readonly seq: number
  /** Undefined for messages that call nothing, such as `tools/list`. */
  readonly tool: string | undefined
  /** The JSON-RPC method, where the file names it. */
  readonly method: string | undefined
  readonly agent: string | undefined
  /** Who calls, besides the agent. */
  readonly subject?: Omit<Subject, 'agent' | 'proof'>
  readonly verb?: Verb
  readonly scope: string | undefined
  readonly server: string | undefined
  /** Joins a response to its request. */
  readonly requestId: string | undefined
  /** Epoch milliseconds. */
  readonly at: number | undefined
}
export type TraceEvent =
  | (EventFields & { readonly direction: 'request'; readonly payload: JsonObject })
  | (EventFields & {
      readonly direction: 'response'
      readonly payload: JsonValue
      /** The call has failed, and the payload is its error. */
      readonly isError?: boolean
    })

// Longer sessions are refused, not cut: half a session would be judged as if it were whole.
const MAX_EVENTS = 1_000_000

/**
 * Reads one session from parsed JSON: a trace of the source documents, or a line of a session file.
 * Unknown fields are of no account. Messages never quote a payload.
 * @throws {CallgateError} ERR_TRACE_INVALID
 */
export function readTraceSession(value: unknown, place: string): TraceSession {
  const fields = objectOf(value, `${place}: a session is an object with \`events\``)
  const read = fieldReader(fields, place)
  const listed = fields['events']
  if (!Array.isArray(listed) && typeof fields['kind'] === 'string' && 'policy_digest' in fields)
    throw traceError(
      `${place}: this is an audit trail, not a session: use \`callgate replay --from FILE\``,
    )
  if (!Array.isArray(listed)) throw traceError(`${place}: \`events\` is missing or not a list`)
  if (listed.length > MAX_EVENTS)
    throw traceError(`${place}: more than ${MAX_EVENTS} events; split the session`)
  const tools = readTools(fields['tools'], place)
  const events = listed.map((event: unknown, index) => readEvent(event, index, place, tools))
  const id = read.text('session_id') ?? read.text('id') ?? read.text('name')
  return {
    id: id ?? '(unnamed)',
    name: read.text('name') ?? id ?? '(unnamed)',
    agent: read.text('agent') ?? read.text('agent_id'),
    task: read.text('task'),
    tools,
    events: inOrder(events, place),
    label: readLabel(fields, place),
  }
}

function readLabel(fields: Fields, place: string): SessionLabel | undefined {
  const read = fieldReader(fields, place)
  const kind = read.text('label')
  if (kind !== 'attack' && kind !== 'benign') return undefined
  const expected = fields['expected']
  return {
    source: read.text('source') ?? '(no source)',
    suite: read.text('suite'),
    kind,
    succeeded: fields['attack_succeeded'] !== false,
    twin: read.text('twin'),
    firstHarm: isFields(expected)
      ? fieldReader(expected, place).count('first_harm_seq')
      : undefined,
  }
}

export function traceError(message: string, cause?: unknown): CallgateError {
  return new CallgateError(
    'ERR_TRACE_INVALID',
    message,
    cause === undefined ? undefined : { cause },
  )
}

function readEvent(
  value: unknown,
  index: number,
  file: string,
  tools: Map<string, TraceTool>,
): TraceEvent {
  const place = `${file}: event ${index + 1}`
  const event = objectOf(value, `${place}: an event is an object`)
  const read = fieldReader(event, place)
  const direction = read.text('direction')
  if (direction !== 'request' && direction !== 'response')
    throw traceError(`${place}: \`direction\` is \`request\` or \`response\``)
  const tool = read.text('tool_name') ?? read.text('tool')
  const method = read.text('method')
  if (tool === undefined && (method === undefined || method === 'tools/call'))
    throw traceError(`${place}: \`tool_name\` (or \`tool\`) is missing`)
  const fields: EventFields = {
    seq: read.count('event_seq') ?? read.count('seq') ?? index + 1,
    tool,
    method,
    agent: read.text('agent_id') ?? read.text('agent'),
    ...readCaller(event, place),
    scope: read.text('scope'),
    server: read.text('server'),
    requestId: read.id('request_id'),
    at: read.time('timestamp'),
  }
  read.text('description')
  if (tool !== undefined) describeTool(tools, tool, read)
  if (direction === 'response')
    return {
      ...fields,
      direction,
      payload: (event['payload'] ?? null) as JsonValue, // parsed JSON
      ...(event['is_error'] === true ? { isError: true } : {}),
    }
  const payload = event['payload'] ?? {}
  return {
    ...fields,
    direction,
    payload: objectOf(payload, `${place}: the \`payload\` of a request is an object`) as JsonObject,
  }
}

/** Who calls and what for, in recordings of our own; others name the agent alone. */
function readCaller(event: Fields, place: string): Pick<EventFields, 'subject' | 'verb'> {
  const { verb, subject: given } = event
  const named = isVerb(verb) ? { verb } : {}
  if (!isFields(given)) return named
  const { agent: _, proof: _proof, ...subject } = given
  const fault = subjectFault(subject)
  if (fault !== undefined) throw traceError(`${place}: ${fault}`)
  return { ...named, subject: subject as Omit<Subject, 'agent' | 'proof'> } // checked above
}

function isVerb(value: unknown): value is Verb {
  return typeof value === 'string' && Object.hasOwn(VERB_LEVEL, value)
}

/** Takes what an event says of its tool. Scope and server are those of one call, not of the tool. */
function describeTool(tools: Map<string, TraceTool>, name: string, read: FieldReader): void {
  const tags = tagsOf(read.texts('tool_tags'))
  const payload_class = read.text('payload_class')
  const known = tools.get(name)
  tools.set(name, {
    tags: known === undefined || known.tags.length === 0 ? tags : known.tags,
    scope: known?.scope,
    server: known?.server,
    payload_class: known?.payload_class ?? payload_class,
  })
}

function readTools(value: unknown, place: string): Map<string, TraceTool> {
  const tools = new Map<string, TraceTool>()
  if (value === undefined || value === null) return tools
  const listed = objectOf(value, `${place}: \`tools\` is an object by name`)
  for (const [name, described] of Object.entries(listed)) {
    const where = `${place}: tool ${tools.size + 1}`
    const read = fieldReader(objectOf(described, `${where}: a tool is an object`), where)
    tools.set(name, {
      tags: tagsOf(read.texts('tags')),
      scope: read.text('scope'),
      server: read.text('server'),
      payload_class: read.text('payload_class'),
    })
  }
  return tools
}

const KNOWN_TAGS: ReadonlySet<string> = new Set(TAGS)

function tagsOf(texts: readonly string[]): readonly Tag[] {
  return texts.filter((text): text is Tag => KNOWN_TAGS.has(text))
}

function inOrder(events: readonly TraceEvent[], place: string): readonly TraceEvent[] {
  const seen = new Set<number>()
  for (const { seq } of events) {
    if (seen.has(seq)) throw traceError(`${place}: two events have the number ${seq}`)
    seen.add(seq)
  }
  return [...events].sort((one, other) => one.seq - other.seq)
}

type Fields = Readonly<Record<string, unknown>>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function objectOf(value: unknown, fault: string): Fields {
  if (isFields(value)) return value
  throw traceError(fault)
}

type FieldReader = ReturnType<typeof fieldReader>

/** Reads the fields of one object; null counts as absent, as JSON writers often have it. */
function fieldReader(fields: Readonly<Record<string, unknown>>, place: string) {
  const take = <T>(name: string, what: string, is: (value: unknown) => value is T) => {
    const value = Object.hasOwn(fields, name) ? (fields[name] ?? undefined) : undefined
    if (value === undefined || is(value)) return value
    throw traceError(`${place}: \`${name}\` is ${what}`)
  }
  const isText = (value: unknown): value is string => typeof value === 'string'
  return {
    text: (name: string): string | undefined => take(name, 'a string', isText) || undefined,
    texts: (name: string): readonly string[] =>
      take(
        name,
        'a list of strings',
        (value): value is readonly string[] => Array.isArray(value) && value.every(isText),
      ) ?? [],
    count: (name: string): number | undefined =>
      take(
        name,
        'a whole number',
        (value): value is number => Number.isSafeInteger(value) && Number(value) >= 0,
      ),
    /** JSON-RPC ids are strings or numbers. */
    id(name: string): string | undefined {
      const isId = (value: unknown): value is string | number =>
        isText(value) || typeof value === 'number'
      const value = take(name, 'a string or a number', isId)
      return value === undefined ? undefined : `${typeof value}:${value}`
    },
    /** RFC 3339 text, or epoch milliseconds. */
    time(name: string): number | undefined {
      const isTime = (value: unknown): value is string | number =>
        Number.isFinite(typeof value === 'string' ? Date.parse(value) : value)
      const value = take(name, 'a time such as `2026-01-31T09:30:00Z`', isTime)
      return typeof value === 'string' ? Date.parse(value) : value
    },
  }
}
