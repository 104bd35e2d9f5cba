import { isList, isMap } from '../../core/json-kind.ts'
import type { JsonObject, JsonValue } from '../../core/model/json.ts'
import type { TextRedactor } from '../../core/redaction/redact-text.ts'
import type { Guard } from '../guard.ts'
import type { Judged } from '../judge.ts'
import { type Propose, proposer } from './proposals.ts'
import { createView, type View } from './view.ts'

/** What all parts of one answer are looked at with. */
export interface Answer {
  readonly propose: Propose
  /** One for each text; undefined where nothing is taken out of this answer. */
  readonly redactor: () => TextRedactor | undefined
  readonly view: View
  /** The text is to be JSON: what is said to the model besides stands elsewhere. */
  readonly isJson: boolean
  /** Whose hosted tools those without a server are. */
  readonly vendor: string
  /** Most UTF-16 units of its texts. */
  readonly maxLength: number
  /** False where it only observes. */
  readonly enforces: boolean
  /** True where calls are taken out: then none may stand where none is looked for. */
  readonly refusesStrays: boolean
}

export function answerOf(guard: Guard, judged: Judged): Answer {
  const { ticket, plan } = judged
  const { enforces } = guard.engine.context()
  return {
    propose: proposer(guard, judged),
    redactor: () => ticket.textRedactor(),
    view: createView(guard.settings.maxAnswerBytes),
    isJson: asksForJson(plan.first.arguments),
    vendor: guard.settings.vendor,
    maxLength: guard.settings.maxAnswerBytes,
    enforces,
    refusesStrays: enforces && guard.settings.toolCalls === 'strip',
  }
}

function asksForJson({ response_format: chat, text }: JsonObject): boolean {
  const format = isMap(chat) ? chat : isMap(text) ? text['format'] : undefined
  return isMap(format) && (format['type'] === 'json_object' || format['type'] === 'json_schema')
}

/** A whole text without what is taken out of it. */
export function cleanText({ redactor }: Answer, text: string): string {
  const one = redactor()
  return one === undefined ? text : one.push(text) + one.end()
}

/** Says what something is, or must come back to the vendor as it was. */
const KEPT: ReadonlySet<string> = new Set([
  'id',
  'type',
  'role',
  'status',
  'format',
  'signature',
  'data',
  'encrypted_content',
  'finish_reason',
  'object',
])

/** Every text of a value cleaned; the same value where nothing was taken out. */
export function cleanLeaves(answer: Answer, value: unknown): unknown {
  if (answer.redactor() === undefined) return value
  return clean(answer, value, KEPT, 0)
}

const NOTHING_KEPT: ReadonlySet<string> = new Set()
const DEEPEST = 64

function clean(answer: Answer, value: unknown, kept: ReadonlySet<string>, depth: number): unknown {
  if (typeof value === 'string') return cleanText(answer, value)
  if (typeof value !== 'object' || value === null) return value
  // What is not looked through is not handed on.
  if (depth > DEEPEST) return null
  if (isList(value)) {
    const list = value.map((one) => clean(answer, one, kept, depth + 1))
    return list.every((one, index) => one === value[index]) ? value : list
  }
  return mapMembers(value as JsonObject, (member, name) =>
    kept.has(name) ? member : clean(answer, member, kept, depth + 1),
  )
}

/** The same object where nothing changed. */
export function mapMembers(
  source: Readonly<Record<string, unknown>>,
  map: (member: unknown, name: string) => unknown,
): Readonly<Record<string, unknown>> {
  let copy: Record<string, unknown> | undefined
  for (const name of Object.keys(source)) {
    const member = source[name]
    const mapped = map(member, name)
    if (mapped === member) continue
    copy ??= { ...source }
    copy[name] = mapped
  }
  return copy ?? source
}

/** Arguments as a model has written them, with the texts in them cleaned. */
export function cleanArguments(answer: Answer, written: unknown): unknown {
  if (typeof written !== 'string' || answer.redactor() === undefined) return written
  try {
    const value: JsonValue = JSON.parse(written)
    // In what a model has written, a name says nothing of what stands there.
    const now = clean(answer, value, NOTHING_KEPT, 0)
    return now === value ? written : JSON.stringify(now)
  } catch {
    return cleanText(answer, written)
  }
}

/** What is said of sealed and readable reasoning: the readable part goes, where texts are cleaned. */
export function withoutReadable(details: unknown): unknown {
  if (!isList(details)) return details
  return details.map((one) => {
    if (!isMap(one)) return one
    const { text: _text, summary: _summary, ...rest } = one
    return rest
  })
}
