import type { Argument } from '../lineage/lineage.ts'
import { type ActKind, actKind } from './act-kind.ts'
import type { Aliases } from './aliases.ts'
import { visitDates } from './dates.ts'
import type { Act } from './intent.ts'
import type { KeyedHash } from './keyed-hash.ts'
import { WEIGHT } from './scale.ts'
import type { Scan } from './scan.ts'
import type { Task } from './task.ts'
import type { ReadToolName, ToolName } from './tool-name.ts'
import { visitValues } from './values.ts'
import { collectStems } from './words.ts'

const MAX_TOKENS = 192
const MAX_ARGUMENTS = 24
/** Most of an argument's text that is read, in UTF-16 units. */
const MAX_ARGUMENT = 2_048
/** … where it is text for somebody, and most of its values. */
const MAX_CONTENT = 1_024
const MAX_VALUES = 64
/** A power of two, more than twice `MAX_TOKENS`. */
const SLOTS = 512

/** What a call says about itself. One object is used again and again. */
export interface ActView {
  resource: string
  tags: readonly string[]
  tool: ToolName
  kind: ActKind
  /** Verb classes of its name, its tags and, where it runs what it is given, of that. */
  verbs: number
  /** An address in it names what the task is about. */
  serves: boolean
  tokens: number
  readonly hashes: Int32Array
  /** Argument that a token stands in. */
  readonly owners: Uint8Array
  /** `STRENGTH`, 0 for a mere word. */
  readonly strengths: Uint8Array
  arguments: number
  readonly weights: Float64Array
  /** Words of an argument that could match. */
  readonly wordCounts: Uint8Array
  /** Index of the token with this hash, or -1. */
  find(hash: number): number
}

export interface ReadActTools {
  readonly hash: KeyedHash
  readonly scan: Scan
  readonly aliases: Aliases
  readonly toolName: ReadToolName
}

export type ReadAct = (act: Act, task?: Task) => ActView

export function createReadAct({ hash, scan, aliases, toolName }: ReadActTools): ReadAct {
  const slots = new Int16Array(SLOTS)
  const view = emptyView(toolName(''), slots)
  const words: number[] = []
  let owner = 0
  const put = (value: number, strength: number): void => {
    if (view.tokens >= MAX_TOKENS || view.find(value) >= 0) return
    const index = view.tokens
    view.hashes[index] = value
    view.owners[index] = owner
    view.strengths[index] = strength
    view.tokens = index + 1
    let slot = value & (SLOTS - 1)
    while (slots[slot] !== 0) slot = (slot + 1) & (SLOTS - 1)
    slots[slot] = index + 1
    if (strength === 0) view.wordCounts[owner] = (view.wordCounts[owner] ?? 0) + 1
  }
  const putWords = (text: string): void => {
    words.length = 0
    scan(text, (sentence) => {
      collectStems(text, sentence, hash, words)
      if (view.kind.runs) view.verbs |= sentence.verbs
    })
    if (view.kind.runs) return
    for (const word of words) if (!view.tool.words.includes(word)) put(word, 0)
  }
  const readArgument = (argument: Argument, task: Task | undefined): void => {
    const most = argument.role === 'content' ? MAX_CONTENT : MAX_ARGUMENT
    const text = argument.text.length > most ? argument.text.slice(0, most) : argument.text
    view.weights[owner] = WEIGHT[argument.role]
    visitValues(text, 0, text.length, hash, put, MAX_VALUES)
    visitDates(text, 0, text.length, hash, put)
    // An identifier stands for what it is called.
    const name = aliases.find(argument)
    if (name !== undefined) for (const stem of name) put(stem, 0)
    else if (!isValue(text)) putWords(text)
    if (task !== undefined && namesTask(text, task, hash)) view.serves = true
  }
  // Weak: a session keeps no call's text.
  const last = new WeakMap<readonly Argument[], number>()
  let readings = 0
  let lastTask: Task | undefined
  return (act, task) => {
    // The same call is read when it is judged and when it went out.
    const isSame = last.get(act.arguments) === readings && (task === undefined || task === lastTask)
    if (isSame && view.resource === act.resource && view.tags === act.tags) return view
    readings += 1
    last.set(act.arguments, readings)
    lastTask = task
    view.resource = act.resource
    view.tags = act.tags
    view.tool = toolName(act.resource, act.server)
    view.kind = actKind(view.tool, act.tags)
    view.verbs = view.kind.verbs
    view.serves = false
    view.tokens = 0
    view.wordCounts.fill(0)
    slots.fill(0)
    const judged = view.kind.writes || view.kind.reaches
    view.arguments = judged ? Math.min(act.arguments.length, MAX_ARGUMENTS) : 0
    for (owner = 0; owner < view.arguments; owner += 1) {
      const argument = act.arguments[owner]
      if (argument !== undefined) readArgument(argument, task)
    }
    return view
  }
}

/** One token with more than letters in it: compared as a whole, not by its words. */
function isValue(text: string): boolean {
  let signs = false
  const { length } = text
  for (let at = 0; at < length; at += 1) {
    const unit = String.prototype.charCodeAt.call(text, at)
    if (unit <= 32 || unit > 126) return false
    if ((unit | 32) < 97 || (unit | 32) > 122) signs = true
  }
  return signs
}

/** A URL whose path holds a value of the task, as one part or two. */
function namesTask(text: string, task: Task, hash: KeyedHash): boolean {
  if (text.length > 512 || !text.includes('/')) return false
  const scheme = text.indexOf('://')
  let before = ''
  for (const part of text
    .slice(scheme < 0 ? 0 : scheme + 3)
    .split('/', 12)
    .slice(1)) {
    if (part.length > 3 && task.values.has(hash(part, 0, part.length))) return true
    const pair = `${before}/${part}`
    if (before !== '' && task.values.has(hash(pair, 0, pair.length))) return true
    before = part
  }
  return false
}

function emptyView(tool: ToolName, slots: Int16Array): ActView {
  const hashes = new Int32Array(MAX_TOKENS)
  return {
    resource: '',
    tags: [],
    tool,
    kind: actKind(tool, []),
    verbs: 0,
    serves: false,
    tokens: 0,
    hashes,
    owners: new Uint8Array(MAX_TOKENS),
    strengths: new Uint8Array(MAX_TOKENS),
    arguments: 0,
    weights: new Float64Array(MAX_ARGUMENTS),
    wordCounts: new Uint8Array(MAX_ARGUMENTS),
    find: (value) => {
      let slot = value & (SLOTS - 1)
      for (let entry = slots[slot] ?? 0; entry !== 0; entry = slots[slot] ?? 0) {
        if (hashes[entry - 1] === value) return entry - 1
        slot = (slot + 1) & (SLOTS - 1)
      }
      return -1
    },
  }
}
