import { tooDeep } from './prescan.ts'
import { isProtoKey, protoKeyFault } from './proto-key.ts'
import {
  type Damage,
  type Fault,
  type Mark,
  type MemberMark,
  type Reading,
  ReadingStopped,
  unreadable,
} from './source.ts'

/**
 * Reads JSON as RFC 8259 has it and nothing else: what `JSON.parse` is silent about (a key twice,
 * prototype keys, endless nesting) is a fault, and every value has a place.
 * @see https://www.rfc-editor.org/rfc/rfc8259
 */
export function readJson(text: string, maxDepth: number): Reading {
  const state = stateOf(text, maxDepth)
  const value = run(state)
  if (value instanceof ReadingStopped) return unreadable(...state.faults, value.fault)
  let mark: Mark | undefined
  return {
    value: value.value,
    // A second pass: marks cost more than the values, and few texts need them.
    mark: () => {
      mark ??= readMarks(text, maxDepth)
      return mark
    },
    faults: state.faults,
    damaged: state.damaged,
  }
}

interface State {
  readonly text: string
  readonly maxDepth: number
  readonly withMarks: boolean
  at: number
  /** Of the value read last; only with marks. */
  mark: Mark
  readonly path: (string | number)[]
  readonly faults: Fault[]
  readonly damaged: Damage[]
}

function stateOf(text: string, maxDepth: number, withMarks = false): State {
  return { text, maxDepth, withMarks, at: 0, mark: { at: 0 }, path: [], faults: [], damaged: [] }
}

function readMarks(text: string, maxDepth: number): Mark | undefined {
  const state = stateOf(text, maxDepth, true)
  run(state)
  return state.mark
}

function run(state: State): { readonly value: unknown } | ReadingStopped {
  try {
    const value = readValue(state)
    skipBlank(state)
    if (state.at < state.text.length) stop(state, 'there is more text after the value')
    return { value }
  } catch (error) {
    if (error instanceof ReadingStopped) return error
    throw error
  }
}

function stop(state: State, message: string, at = state.at): never {
  throw new ReadingStopped({ kind: 'syntax', message, at, path: [...state.path] })
}

function skipBlank(state: State): void {
  const { text } = state
  let { at } = state
  for (;;) {
    const code = text.charCodeAt(at)
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) break
    at++
  }
  state.at = at
}

function readValue(state: State): unknown {
  skipBlank(state)
  const at = state.at
  switch (state.text.charCodeAt(at)) {
    case 123:
      return readObject(state)
    case 91:
      return readList(state)
    case 34: {
      const text = readText(state)
      if (state.withMarks) state.mark = { at }
      return text
    }
    default: {
      const value = readWord(state)
      if (state.withMarks) state.mark = { at }
      return value
    }
  }
}

function enter(state: State): void {
  if (state.path.length >= state.maxDepth)
    throw new ReadingStopped(tooDeep(state.at, state.maxDepth))
  state.at++
}

function readObject(state: State): unknown {
  const { text, path } = state
  const start = state.at
  enter(state)
  const value: Record<string, unknown> = {}
  const members = state.withMarks ? new Map<string, MemberMark>() : undefined
  skipBlank(state)
  if (text.charCodeAt(state.at) === 125) state.at++
  else
    do {
      skipBlank(state)
      const keyAt = state.at
      if (text.charCodeAt(keyAt) !== 34) stop(state, 'a key in double quotes is expected here')
      const key = readText(state)
      path.push(key)
      skipBlank(state)
      if (text.charCodeAt(state.at) !== 58) stop(state, '`:` is expected here')
      state.at++
      const member = readValue(state)
      if (isKept(state, value, key, keyAt)) {
        value[key] = member
        members?.set(key, { keyAt, value: state.mark })
      }
      path.pop()
    } while (goesOn(state, 125))
  if (members) state.mark = { at: start, members }
  return value
}

function isKept(state: State, value: object, key: string, keyAt: number): boolean {
  if (isProtoKey(key)) {
    state.faults.push(protoKeyFault(key, keyAt, [...state.path]))
    state.damaged.push({ path: state.path.slice(0, -1), whole: false })
    return false
  }
  if (!Object.hasOwn(value, key)) return true
  state.faults.push({
    kind: 'duplicate_key',
    message: `the key \`${key}\` stands here twice`,
    at: keyAt,
    path: [...state.path],
  })
  return false
}

function readList(state: State): unknown {
  const { path } = state
  const start = state.at
  enter(state)
  const list: unknown[] = []
  const items: Mark[] = []
  skipBlank(state)
  if (state.text.charCodeAt(state.at) === 93) state.at++
  else
    do {
      path.push(list.length)
      list.push(readValue(state))
      if (state.withMarks) items.push(state.mark)
      path.pop()
    } while (goesOn(state, 93))
  if (state.withMarks) state.mark = { at: start, items }
  return list
}

/** After a member: past a comma, or past the closing bracket. */
function goesOn(state: State, close: number): boolean {
  skipBlank(state)
  const code = state.text.charCodeAt(state.at)
  if (code === 44) {
    state.at++
    return true
  }
  if (code !== close) stop(state, `\`,\` or \`${String.fromCharCode(close)}\` is expected here`)
  state.at++
  return false
}

function readText(state: State): string {
  const { text } = state
  const start = state.at
  let at = start + 1
  let isPlain = true
  for (;;) {
    const code = text.charCodeAt(at)
    if (code === 34) break
    if (code === 92) {
      isPlain = false
      at++
    } else if (code < 32 || Number.isNaN(code))
      stop(state, 'a text has no line break or tab, and ends with `"`', at)
    at++
  }
  state.at = at + 1
  if (isPlain) return text.slice(start + 1, at)
  try {
    return String(JSON.parse(text.slice(start, at + 1)))
  } catch {
    return stop(state, 'the text has an escape that JSON does not know', start)
  }
}

const WORD = /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const WORDS = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
])

function readWord(state: State): unknown {
  WORD.lastIndex = state.at
  const word = WORD.exec(state.text)?.[0]
  if (word === undefined || /[\w.+-]/.test(state.text.charAt(state.at + word.length)))
    return stop(state, 'this is no JSON value')
  state.at += word.length
  return WORDS.has(word) ? WORDS.get(word) : Number(word)
}
