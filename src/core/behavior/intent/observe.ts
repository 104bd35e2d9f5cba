import type { Leaf } from '../payload/leaf.ts'
import { inWords, isCode, isSpoken, isToken } from './code-text.ts'
import { cueOf, frameOf } from './cue.ts'
import { visitDates } from './dates.ts'
import type { IntentOptions, OutsideText } from './intent.ts'
import type { KeyKind } from './key-kind.ts'
import type { KeyedHash } from './keyed-hash.ts'
import { WORD } from './lexicon.ts'
import type { Memory } from './memory.ts'
import { ASKING, clearMood, MENTION, type Mood, readMood } from './mood.ts'
import { createPassage, type Draft, type Passage } from './passage.ts'
import { type Asked, type OpenRecord, readAsked, readRecords } from './records.ts'
import type { Scan, SentenceView } from './scan.ts'
import type { SourceRecord } from './sentence.ts'
import type { ReadToolName, ToolName } from './tool-name.ts'
import { STRENGTH, visitValues } from './values.ts'
import { verbBit } from './verb-classes.ts'
import { collectStems } from './words.ts'

/** Most leaves and text of one answer that are read. */
const MAX_LEAVES = 4_096
const MAX_TEXT = 262_144
/** Most sentences of one answer that are kept; and from where on only new kinds of requests are. */
const MAX_KEPT = 512
const MANY_KEPT = 160
/** Longest field that counts as one value. */
const MAX_FIELD = 80
const MAX_VALUES = 24
/** Tokens of one sentence that are looked at. */
const MAX_TOKENS = 48
/** Most of a sentence that tells it from others. */
const MAX_SIGNATURE = 700
/** Shorter texts say nothing to anybody, in UTF-16 units: half a dozen Han characters do. */
const MIN_SAYING = 6
/** Longest answer of a tool that tells of its own work, in UTF-16 units. */
const MAX_STATUS = 400

/** Signs of other languages are not listed: every request in one is looked at. */
const SIGN_WORDS = WORD.sign | WORD.foreign
const ASKING_WORDS = WORD.want | WORD.please

export interface ObserveTools {
  readonly hash: KeyedHash
  readonly scan: Scan
  readonly memory: Memory
  readonly toolName: ReadToolName
  readonly keyKind: KeyKind
  /** Values that no stranger chose. */
  readonly known: { add(value: number): void }
  /** Told of the records of an answer that have an identifier. */
  readonly met: (records: readonly OpenRecord[]) => void
  readonly without: NonNullable<IntentOptions['without']>
}

/** Where the reading of one answer is. */
interface Reading {
  readonly asked: Asked
  /** It tells of what the tool did: only its requests count. */
  readonly isStatus: boolean
  readonly kinds: Set<number>
  kept: number
  readonly passage: Passage
  /** Record and field of the passage. */
  id: number
  key: string
  /** Of the leaf. */
  text: string
  isField: boolean
}

export function createObserve(tools: ObserveTools): (text: OutsideText) => void {
  const { hash, scan, memory, known } = tools
  const readSentence = createReadSentence(tools)
  const passage = createPassage(memory)
  const readToken = createReadToken(tools)
  const hasFrames = !tools.without.has('wrapper') && !tools.without.has('cue')

  const readText = (text: string, isField: boolean, reading: Reading): void => {
    let kinds = 0
    reading.text = text
    reading.isField = isField
    scan(text, (view) => {
      kinds |= view.kinds
      readSentence(view, reading)
    })
    if (hasFrames && (kinds & WORD.frame) !== 0) reading.passage.frame(frameOf(text))
  }
  const readLeaf = (leaf: Leaf, reading: Reading): void => {
    const { text } = leaf
    if (leaf.kind !== 'field') {
      readText(text, false, reading)
      return
    }
    if (!isToken(text)) readText(text, true, reading)
    else if (isSpoken(text)) readText(inWords(text), false, reading)
    else readToken(text, reading)
    if (text.length > 1 && text.length <= MAX_FIELD)
      memory.sightings.see(hash(text, 0, text.length), reading.id, true)
  }

  const readLeaves = (
    leaves: readonly Leaf[],
    sourceOf: (leaf: Leaf) => SourceRecord,
    isTrusted: (key: string) => boolean,
    reading: Reading,
  ): void => {
    let budget = MAX_TEXT
    for (const leaf of leaves) {
      budget -= leaf.text.length
      if (isTrusted(leaf.key)) visitValues(leaf.text, 0, leaf.text.length, hash, known.add)
      else {
        turnTo(sourceOf(leaf), leaf.key, reading)
        readLeaf(leaf, reading)
      }
      if (budget <= 0) return
    }
  }

  return (text) => {
    const leaves = text.leaves.length > MAX_LEAVES ? text.leaves.slice(0, MAX_LEAVES) : text.leaves
    const tool = tools.toolName(text.resource, text.server)
    const asked = readAsked(text.arguments, hash, scan)
    const firstId = memory.nextRecord
    const records = readRecords({ text, leaves, tool, asked, firstId }, tools)
    const first = records.values().next().value
    if (first === undefined) return
    memory.nextRecord += records.size
    tools.met([...records.values()].filter((record) => record.ids.length > 0))
    if (leaves.some((leaf) => leaf.text.length >= MIN_SAYING && !text.trustedFields(leaf.key)))
      memory.lastEvent = text.event
    if (leaves.some((leaf) => leaf.kind === 'prose')) {
      memory.isOnly = memory.textEvent === 0
      memory.textEvent = text.event
    }
    passage.turn(undefined)
    const reading = startReading(asked, isStatus(leaves, tool), passage)
    readLeaves(leaves, (leaf) => records.get(leaf.record) ?? first, text.trustedFields, reading)
    passage.turn(undefined)
  }
}

/** The paragraphs of one body are one passage; the next field or record opens another. */
function turnTo(source: SourceRecord, key: string, reading: Reading): void {
  if (reading.passage.source === source && key === reading.key) return
  reading.passage.turn(source)
  reading.id = source.id
  reading.key = key
}

function startReading(asked: Asked, status: boolean, passage: Passage): Reading {
  return {
    asked,
    isStatus: status,
    kinds: new Set(),
    kept: 0,
    passage,
    id: 0,
    key: '',
    text: '',
    isField: false,
  }
}

/** A field that is one value, whatever words it is made of: asks for nothing. */
function createReadToken(tools: ObserveTools): (text: string, reading: Reading) => void {
  const { hash, memory } = tools
  const values: number[] = []
  let id = 0
  const put = (value: number): void => {
    memory.sightings.see(value, id, true)
    if (values.length < MAX_VALUES) values.push(value)
  }
  return (text, { passage, id: record }) => {
    values.length = 0
    id = record
    passage.next()
    visitValues(text, 0, text.length, hash, put, MAX_TOKENS)
    if (values.length > 0) passage.tell(values)
  }
}

/** Reads one sentence after another into the passage that they stand in. */
function createReadSentence(tools: ObserveTools): (view: SentenceView, reading: Reading) => void {
  const { hash, memory, without } = tools
  const mood: Mood = { weight: 0, head: 0, verbs: 0, wish: false }
  const isImperativeOff = without.has('imperative')
  const hasCues = !without.has('cue')
  let values: number[] = []
  let hasAddress = false
  const put = (value: number, strength: number): void => {
    if (strength === STRENGTH.address) hasAddress = true
    if (values.length < MAX_VALUES) values.push(value)
  }
  const see = (reading: Reading): void => {
    for (const value of values) memory.sightings.see(value, reading.id, reading.isField)
  }
  const meant = (view: SentenceView, hot: boolean, reading: Reading): void => {
    if (hot) readMood(reading.text, view, mood)
    else clearMood(mood)
    // Prose that names an address and no action may still be why something goes there.
    if (mood.weight === 0 && hasAddress && !reading.isField) mood.weight = MENTION
    if (mood.weight > 0 && isCode(reading.text, view.start, view.end)) mood.weight = 0
  }
  const draftOf = (view: SentenceView, reading: Reading, cue: number): Draft => {
    const text = reading.text
    if (view.hasTokens) visitDates(text, view.start, view.end, hash, put)
    const asked = reading.asked.values
    const stems: number[] = []
    collectStems(text, view, hash, stems)
    return {
      at: 0,
      weight: isImperativeOff ? Math.min(mood.weight, ASKING - 0.05) : mood.weight,
      wish: mood.wish,
      head: mood.head,
      verbs: mood.verbs | mood.head,
      objects: view.objects,
      stems: asked.size === 0 ? stems : stems.filter((stem) => !asked.has(stem)),
      values: asked.size === 0 ? values : values.filter((value) => !asked.has(value)),
      cue,
      signature: hash(text, view.start, Math.min(view.end, view.start + MAX_SIGNATURE)),
    }
  }

  const readParts = (view: SentenceView, reading: Reading, hot: boolean, signed: boolean): void => {
    const { passage, text } = reading
    values = []
    hasAddress = false
    visitValues(text, view.start, view.end, hash, put, MAX_TOKENS)
    const cue = signed && reading.passage.wantsCue() ? cueOf(text, view.start, view.end) : 0
    if (cue > 0) passage.cue(cue)
    meant(view, hot, reading)
    const asks = mood.weight >= ASKING
    if (!asks) see(reading)
    if (mood.weight === 0) passage.tell(values)
    else if ((asks || !reading.isStatus) && hasRoom(reading, view, mood))
      passage.add(draftOf(view, reading, cue), asks)
  }
  return (view, reading) => {
    reading.passage.next()
    const hot = view.verbs !== 0 || (view.kinds & ASKING_WORDS) !== 0
    const signed = hasCues && (view.kinds & SIGN_WORDS) !== 0
    if (hot || signed || view.hasTokens) readParts(view, reading, hot, signed)
  }
}

/** Whether there is room for one more sentence like this: a flood of one kind is kept once. */
function hasRoom(reading: Reading, view: SentenceView, mood: Mood): boolean {
  if (reading.kept >= MAX_KEPT) return false
  const kind = Math.imul(mood.head, 31) ^ Math.imul(view.objects, 17) ^ mood.verbs
  const isNew = !reading.kinds.has(kind)
  if (reading.kept >= MANY_KEPT && !isNew && !view.hasTokens) return false
  reading.kinds.add(kind)
  reading.kept += 1
  return true
}

const DOWNLOAD = verbBit('download')

/** A short answer of a tool that does something: its own status, not somebody's text. */
function isStatus(leaves: readonly Leaf[], tool: ToolName): boolean {
  if (tool.reads && (tool.verbs & DOWNLOAD) === 0) return false
  let length = 0
  for (const leaf of leaves) {
    length += leaf.text.length
    if (length > MAX_STATUS) return false
  }
  return true
}
