import type { ScanClass } from '../../core/detection/match.ts'
import { scanKinds } from '../../core/detection/scan-kinds.ts'
import type { JsonValue } from '../../core/model/json.ts'
import { redactValue } from '../../core/redaction/redact-value.ts'
import { type Keyed, STAND_IN } from '../../core/redaction/replace.ts'
import type { Redaction } from '../../core/redaction/settings.ts'
import { type Base64Form, base64Forms, spreadBase64 } from './base64-spread.ts'
import type { StandIns } from './stand-in.ts'

/** Replaces what is sensitive in the JSON texts of one session, in all of them alike. */
export interface TraceRedactor {
  /** The text with stand-ins for what is found in it. */
  redact(text: string): string
  /** The same for names and ids: of them only secrets go, for policies speak of the rest. */
  redactNames(text: string): string
  /** The same for secrets that were found anywhere in the session, wherever else they stand, also encoded. */
  spread(text: string): string
}

// Each is looked for in eleven forms in every text of the session.
const MOST_SPREAD = 64
const SHORTEST_SPREAD = 8

export function createTraceRedactor(
  standIns: StandIns,
  classes: readonly ScanClass[],
  fields: ReadonlySet<string> = new Set(),
): TraceRedactor {
  const secrets = new Set(scanKinds('secret'))
  const spreading = new Map<string, Spread>()
  // What the shared redaction puts in the place of a value is a mark of this session, and no more.
  const marks = new Map<string, string>()
  const ids = new Map<string, string>()
  const keyed: Keyed = {
    hash(value) {
      const known = ids.get(value)
      if (known !== undefined) return known
      const id = markOf(ids.size)
      ids.set(value, id)
      marks.set(id, value)
      return id
    },
    seal: () => '',
    open: () => undefined,
  }
  const standFor = (mark: string, kind: string, sign: string, id: string): string => {
    const marked = sign === '#' ? marks.get(id) : undefined
    if (marked === undefined) return mark
    const raw = kind === 'field' ? textOf(marked) : marked
    const made = standIns(raw, kind)
    const isSpread = (secrets.has(kind) || kind === 'field') && raw.length >= SHORTEST_SPREAD
    if (isSpread && spreading.size < MOST_SPREAD && !spreading.has(raw))
      spreading.set(raw, {
        forms: pairsOf(raw, made),
        base64: base64Forms(raw, made).filter(({ core }) => core.length >= SHORTEST_SPREAD),
      })
    return made
  }
  const redactWith = (redaction: Redaction) => (text: string) => {
    const value: JsonValue = JSON.parse(text)
    return JSON.stringify(redactValue(value, redaction, keyed)).replace(STAND_IN, standFor)
  }
  return {
    redact: redactWith(redactionOf(classes, fields)),
    redactNames: redactWith(redactionOf(classes.filter((one) => one === 'secret'))),
    spread(text) {
      let now = text
      for (const { forms, base64 } of spreading.values()) {
        for (const [form, other] of forms)
          if (now.includes(form)) now = now.replaceAll(form, () => other)
        for (const form of base64) now = spreadBase64(now, form)
      }
      return now
    },
  }
}

/** How a value may stand in a text, and its stand-in in the same form. */
type Form = readonly [form: string, other: string]

interface Spread {
  readonly forms: readonly Form[]
  readonly base64: readonly Base64Form[]
}

/** Of a field its value is marked as JSON; what is no text is known by that. */
function textOf(json: string): string {
  const value: unknown = JSON.parse(json)
  return typeof value === 'string' ? value : json
}

function pairsOf(raw: string, made: string): readonly Form[] {
  const others = formsOf(made)
  return formsOf(raw)
    .map((form, index): Form => [form, others[index] ?? ''])
    .filter(([form]) => form.length >= SHORTEST_SPREAD)
}

function redactionOf(
  classes: readonly ScanClass[],
  fields: ReadonlySet<string> = new Set(),
): Redaction {
  return { classes, kinds: undefined, fields, action: 'hash' }
}

/** Twelve letters from a to p, as a keyed hash has: nothing that is looked for looks so. */
function markOf(count: number): string {
  let text = ''
  for (let shift = 44; shift >= 0; shift -= 4)
    text += String.fromCharCode(97 + (Math.floor(count / 2 ** shift) % 16))
  return text
}

/** A value as it may stand in a text; lists of two values of one length match place by place. */
function formsOf(value: string): readonly string[] {
  const hex = Buffer.from(value, 'utf8').toString('hex')
  return [
    JSON.stringify(value).slice(1, -1),
    hex,
    hex.toUpperCase(),
    encodeURIComponent(value.replace(/[\ud800-\udfff]/g, ' ')),
    [...value].reverse().join(''),
  ]
}
