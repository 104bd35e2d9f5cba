import { findInToolDescription } from '../../core/detection/instructions/tool-description.ts'
import type { Finding } from '../../core/model/finding.ts'
import type { JsonValue } from '../../core/model/json.ts'
import { isObject } from '../host.ts'
import type { Definition } from './definition.ts'
import { definitionFinding } from './finding.ts'

/** So many UTF-16 units of one text are read at once, and so many of one definition. */
const CHUNK = 32_768
const OVERLAP = 1_024
const MAX_READ = 64 * 1024
/** Shorter texts order nothing. */
const SHORTEST = 12
/** A name of an argument that is a sentence. */
const SPEAKING_NAME = 24

/**
 * What is wrong with the texts of a tool's definition: orders to the model that using the tool does not
 * need, and characters that nobody sees. Every text of the schemas counts: models read them all.
 */
export function findInTexts(name: string, { parts }: Definition): readonly Finding[] {
  const texts = new TextList()
  texts.addAll('title', parts.title)
  texts.addAll('description', parts.description)
  texts.addAll('input schema', parts.inputSchema)
  texts.addAll('output schema', parts.outputSchema)
  texts.addAll('annotations', parts.annotations)
  const kinds = new Map<string, { confidence: number; place: string }>()
  const note = (kind: string, confidence: number, place: string): void => {
    if (confidence > (kinds.get(kind)?.confidence ?? 0)) kinds.set(kind, { confidence, place })
  }
  let hidden: string | undefined
  for (const { place, text } of texts.list) {
    if (hidden === undefined && hasUnseen(text)) hidden = place
    for (const { kind, confidence } of findIn(text)) note(kind, confidence, place)
  }
  return findingsOf(name, kinds, hidden, texts.isCut)
}

function findingsOf(
  name: string,
  kinds: ReadonlyMap<string, { confidence: number; place: string }>,
  hidden: string | undefined,
  isCut: boolean,
): readonly Finding[] {
  const found: Finding[] = []
  const [surest] = [...kinds].sort(([, one], [, other]) => other.confidence - one.confidence)
  if (surest !== undefined) {
    const named = [...kinds.keys()].slice(0, MOST_NAMED).map((kind) => `\`${kind}\``)
    const [, { confidence, place }] = surest
    found.push(
      poisoning(
        'high',
        confidence,
        `the ${place} of \`${name}\` orders what using it does not need (${named.join(', ')})`,
      ),
    )
  }
  if (hidden !== undefined && !kinds.has('hidden_characters'))
    found.push(poisoning('medium', 0.6, `the ${hidden} of \`${name}\` has characters nobody sees`))
  if (isCut)
    found.push(poisoning('medium', 0.5, `\`${name}\` is described by more text than is looked at`))
  return found
}

const MOST_NAMED = 4
const poisoning = definitionFinding.bind(undefined, 'tool_poisoning_indicator')

function* findIn(text: string): Generator<{ kind: string; confidence: number }> {
  for (let at = 0; at < text.length; at += CHUNK - OVERLAP)
    yield* findInToolDescription(text.slice(at, at + CHUNK))
}

/** Texts of a definition with the places they stand at, up to a bound. */
class TextList {
  readonly list: { readonly place: string; readonly text: string }[] = []
  isCut = false
  #left = MAX_READ

  add(place: string, value: string): void {
    if (value.length < SHORTEST && !hasUnseen(value)) return
    if (value.length > this.#left) this.isCut = true
    const text = value.slice(0, this.#left)
    this.#left -= text.length
    if (text !== '') this.list.push({ place, text })
  }

  /** No recursion is too deep: definitions nest 64 levels at most. */
  addAll(place: string, value: JsonValue | undefined): void {
    if (typeof value === 'string') this.add(place, value)
    else if (Array.isArray(value)) for (const one of value) this.addAll(place, one)
    else if (isObject(value))
      for (const [name, one] of Object.entries(value as Record<string, JsonValue>)) {
        if (name.length >= SPEAKING_NAME || hasUnseen(name))
          this.add(place, name.replace(SEPARATORS, ' '))
        this.addAll(place, one)
      }
  }
}

const SEPARATORS = /[_-]+/g

// Direction marks, zero-width characters beyond what scripts and emoji need, controls other than blanks,
// and tags that are not those of a flag.
const UNSEEN =
  /[\u202a-\u202e\u2066-\u2069\u200b\u2060-\u2064\ufeff]|(?![\t\n\r])\p{Cc}|[\u{e0000}-\u{e007f}](?<!\u{1f3f4}[\u{e0020}-\u{e007f}]{1,8})/u

function hasUnseen(text: string): boolean {
  return UNSEEN.test(text)
}
