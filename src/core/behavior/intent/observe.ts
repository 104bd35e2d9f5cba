import type { Leaf } from '../payload/leaf.ts'
import { FIELD, fieldOf, inWords } from './code-text.ts'
import { frameOf } from './cue.ts'
import type { IntentOptions, OutsideText } from './intent.ts'
import type { KeyKind } from './key-kind.ts'
import type { KeyedHash } from './keyed-hash.ts'
import { WORD } from './lexicon.ts'
import type { Memory } from './memory.ts'
import { createPassage } from './passage.ts'
import { createReadAsked, createReadRecords, type OpenRecord, type Records } from './records.ts'
import type { Scan, SentenceView } from './scan.ts'
import { SentenceReader } from './sentence-reader.ts'
import type { ReadToolName, ToolName } from './tool-name.ts'
import { visitValues } from './values.ts'
import { verbBit } from './verb-classes.ts'

/** Most leaves and text of one answer that are read. */
const MAX_LEAVES = 4_096
const MAX_TEXT = 262_144
/** Longest field that counts as one value. */
const MAX_FIELD = 80
/** Shorter texts say nothing to anybody, in UTF-16 units: half a dozen Han characters do. */
const MIN_SAYING = 6
/** Longest answer of a tool that tells of its own work, in UTF-16 units. */
const MAX_STATUS = 400

export interface ObserveTools {
  readonly hash: KeyedHash
  readonly scan: Scan
  readonly memory: Memory
  readonly toolName: ReadToolName
  readonly keyKind: KeyKind
  /** Values that no stranger chose. */
  readonly known: { add(value: number): void }
  /** Told of the records of an answer. */
  readonly met: (records: readonly OpenRecord[]) => void
  readonly without: NonNullable<IntentOptions['without']>
}

export function createObserve(tools: ObserveTools): (text: OutsideText) => void {
  const { hash, memory, toolName } = tools
  const passage = createPassage(memory)
  const reader = new SentenceReader({ ...tools, passage })
  const readLeaf = createReadLeaf(tools, passage, reader)
  const readAsked = createReadAsked(tools)
  const readRecords = createReadRecords(tools)
  const known = (value: number): void => tools.known.add(value)

  const readLeaves = (
    leaves: readonly Leaf[],
    records: Records,
    isTrusted: (key: string) => boolean,
  ): void => {
    let budget = MAX_TEXT
    let key = ''
    for (const leaf of leaves) {
      budget -= leaf.text.length
      if (isTrusted(leaf.key)) visitValues(leaf.text, 0, leaf.text.length, hash, known)
      else {
        const source = records.of(leaf)
        // The paragraphs of one body are one passage; the next field or record opens another.
        if (passage.source !== source || key !== leaf.key) passage.turn(source)
        key = leaf.key
        readLeaf(leaf, source.id)
      }
      if (budget <= 0) return
    }
  }

  return (text) => {
    const leaves = text.leaves.length > MAX_LEAVES ? text.leaves.slice(0, MAX_LEAVES) : text.leaves
    const tool = toolName(text.resource, text.server)
    const asked = readAsked(text.arguments)
    const records = readRecords({
      event: text.event,
      resource: hash(text.resource, 0, text.resource.length),
      objects: tool.objects,
      leaves,
      asked,
      firstId: memory.nextRecord,
    })
    if (records.list.length === 0) return
    memory.nextRecord += records.list.length
    tools.met(records.list)
    if (leaves.some((leaf) => leaf.text.length >= MIN_SAYING && !text.trustedFields(leaf.key)))
      memory.lastEvent = text.event
    if (leaves.some((leaf) => leaf.kind === 'prose')) {
      memory.isOnly = memory.textEvent === 0
      memory.textEvent = text.event
    }
    passage.turn(undefined)
    reader.begin(asked.values, isStatus(leaves, tool))
    readLeaves(leaves, records, text.trustedFields)
    passage.turn(undefined)
    reader.leave()
  }
}

type Passage = ReturnType<typeof createPassage>

function createReadLeaf(
  { hash, scan, memory, without }: ObserveTools,
  passage: Passage,
  reader: SentenceReader,
): (leaf: Leaf, record: number) => void {
  const hasFrames = !without.has('wrapper') && !without.has('cue')
  let kinds = 0
  const visit = (view: SentenceView): void => {
    kinds |= view.kinds
    reader.sentence(view)
  }
  const readText = (text: string): void => {
    kinds = 0
    scan(text, visit)
    if (hasFrames && (kinds & WORD.frame) !== 0) passage.frame(frameOf(text))
  }
  return ({ text, kind }, record) => {
    reader.enter(text, record, kind === 'field')
    if (kind !== 'field') {
      readText(text)
      return
    }
    const isValue = text.length > 1 && text.length <= MAX_FIELD
    if (isValue) {
      reader.whole = hash(text, 0, text.length)
      reader.hasWhole = true
    }
    const whole = reader.whole
    const field = fieldOf(text)
    if (field === FIELD.token) reader.token(text)
    else if (field === FIELD.text) readText(text)
    else {
      const words = inWords(text, field)
      reader.enter(words, record, false)
      readText(words)
    }
    if (isValue) memory.sightings.see(whole, record, true)
  }
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
