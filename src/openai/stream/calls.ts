import { isList, isMap } from '../../core/json-kind.ts'

type Fields = Readonly<Record<string, unknown>>

/** The calls of one choice, put together from their pieces. */
export interface Calls {
  /** Adds the pieces of a delta. */
  add(delta: Fields): void
  /** As a whole message has them. */
  readonly toolCalls: readonly Fields[]
  readonly functionCall: Fields | undefined
  /** True where readers could put them together in more than one way. */
  readonly isAmbiguous: boolean
}

interface Call {
  /** Its first piece: what is neither text nor name stays as it says. */
  first: Fields
  id: string
  kind: 'function' | 'custom'
  name: string
  text: string
}

const MOST_CALLS = 1_000

export function createCalls(): Calls {
  const calls = new Map<number, Call>()
  let legacy: Call | undefined
  let isAmbiguous = false

  const slotOf = ({ index, id }: Fields): number => {
    if (Number.isInteger(index) && Number(index) >= 0 && Number(index) < MOST_CALLS)
      return Number(index)
    isAmbiguous = true
    // Some a list could not have; some count nothing: an id begins the next one.
    if (typeof index === 'number') return MOST_CALLS + index
    return typeof id === 'string' && id !== '' ? calls.size : Math.max(0, calls.size - 1)
  }

  const addPiece = (piece: unknown): void => {
    if (!isMap(piece) || calls.size >= MOST_CALLS) isAmbiguous = true
    else addTold(piece)
  }

  const addTold = (piece: Fields): void => {
    const slot = slotOf(piece)
    const call = calls.get(slot) ?? newCall(piece, isMap(piece['custom']) ? 'custom' : 'function')
    calls.set(slot, call)
    const part = piece[call.kind]
    if (!addTo(call, piece, isMap(part) ? part : {})) isAmbiguous = true
    // Handed on as the kind that was judged, or as both, which nothing may be.
    if (isMap(piece[call.kind === 'custom' ? 'function' : 'custom'])) isAmbiguous = true
  }

  return {
    add(delta) {
      const { tool_calls: pieces, function_call: one } = delta
      if (isList(pieces)) for (const piece of pieces) addPiece(piece)
      if (!isMap(one)) return
      legacy ??= newCall(one, 'function')
      if (!addTo(legacy, {}, one)) isAmbiguous = true
    },
    get toolCalls() {
      return [...calls].sort(([one], [other]) => one - other).map(([, call]) => wholeCall(call))
    },
    get functionCall() {
      return legacy === undefined
        ? undefined
        : { ...legacy.first, name: legacy.name, arguments: legacy.text }
    },
    get isAmbiguous() {
      return isAmbiguous
    },
  }
}

function newCall(first: Fields, kind: Call['kind']): Call {
  return { first, id: '', kind, name: '', text: '' }
}

/** False where readers differ in what they make of it: some take the last name or id, some all of them. */
function addTo(call: Call, { id }: Fields, part: Fields): boolean {
  const { name } = part
  const text = part['arguments'] ?? part['input'] ?? ''
  call.text += typeof text === 'string' ? text : JSON.stringify(text)
  const isNamedTwice = isWord(name) && call.name !== ''
  const isOther = isWord(id) && call.id !== '' && call.id !== id
  if (isWord(name)) call.name = name
  if (isWord(id)) call.id = id
  return typeof text === 'string' && !isNamedTwice && !isOther
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function wholeCall({ first, id, kind, name, text }: Call): Fields {
  const { index: _, ...rest } = first
  const part = first[kind]
  const said = kind === 'custom' ? { input: text } : { arguments: text }
  return { ...rest, id, type: kind, [kind]: { ...(isMap(part) ? part : {}), name, ...said } }
}
