import { createKeyedHash } from './intent/keyed-hash.ts'
import type { NamedDestination } from './payload/destinations-of.ts'
import type { Leaf } from './payload/leaf.ts'
import type { Destination, EventMatch } from './rule.ts'
import type { BehaviorSettings } from './settings.ts'

/**
 * Where the user wants data to go: what the task names, and the addresses of whom it names, as far as
 * they stand in one record with the name. Keeps keyed hashes only.
 */
export interface KnownDestinations {
  task(text: string): void
  /** Fields of a response; text that speaks to the model is passed over. */
  learn(leaves: readonly Leaf[], matches: readonly EventMatch[]): void
  /** What was not understood is nobody's; the policy denies it where it denies any part of it. */
  look(
    destinations: readonly NamedDestination[],
    settings: BehaviorSettings,
  ): readonly Destination[]
  save(): readonly string[]
  /** Bytes held, about. */
  readonly bytes: number
}

const MAX_KNOWN = 4_096
/** Bytes of one of them, about. */
const SIZE = 40
const MAX_TASK = 64 * 1024
// Longer fields are texts: who is named in passing there is nobody's addressee.
const MAX_FIELD = 120

export function createKnownDestinations(
  key: Uint8Array,
  saved: readonly string[] = [],
): KnownDestinations {
  const hash = createKeyedHash(key)
  const hashOf = (text: string): number => hash(text, 0, text.length)
  const known = new Set<number>()
  const names = new Set<number>()
  for (const text of saved) {
    const value = Number(text.slice(1))
    if (text.startsWith('n')) names.add(value)
    else known.add(value)
  }
  const keep = (set: Set<number>, text: string): void => {
    if (set.size < MAX_KNOWN) set.add(hashOf(text))
  }
  const isKnown = (destination: string): boolean => {
    const text = bare(destination)
    if (text === '') return false
    return known.has(hashOf(text)) || partsOf(text).every((part) => known.has(hashOf(part)))
  }
  return {
    task(text) {
      const words = text.slice(0, MAX_TASK).split(BETWEEN)
      for (const raw of words) {
        const word = bare(raw)
        if (word.length < 2) continue
        keep(known, word)
        const host = hostOf(word)
        if (host !== undefined) keep(known, host)
        if (CAPITALISED.test(raw) && !COMMON.has(word.toLowerCase()))
          keep(names, word.replace(/['’]s$/, ''))
      }
    },
    learn(leaves, matches) {
      if (names.size === 0) return
      const suspicious = new Set(matches.map(({ leaf }) => leaf))
      for (const [from, to] of records(leaves)) {
        if (!named(leaves, from, to, suspicious)) continue
        for (let index = from; index < to; index++)
          for (const address of addressesOf(leaves[index], suspicious.has(index)))
            keep(known, address)
      }
    },
    look: (destinations, { destinations: settings }) =>
      destinations.map(({ text, unread }) => ({
        text,
        known: !unread && isKnown(text),
        allowed: !unread && settings.allows(text),
        denied: settings.denies(text) || (unread && deniesPart(text, settings.denies)),
      })),
    get bytes() {
      return SIZE * (known.size + names.size)
    },
    save: () => [
      ...[...known].map((value) => `k${value}`),
      ...[...names].map((value) => `n${value}`),
    ],
  }

  /** True where a field of the record, not a text, holds a name of the task. */
  function named(
    leaves: readonly Leaf[],
    from: number,
    to: number,
    suspicious: ReadonlySet<number>,
  ): boolean {
    for (let index = from; index < to; index++) {
      const leaf = leaves[index]
      if (leaf === undefined || leaf.kind !== 'field' || suspicious.has(index)) continue
      if (leaf.text.length > MAX_FIELD) continue
      if (leaf.text.split(/[^\p{L}\p{N}]+/u).some((word) => names.has(hashOf(word)))) return true
    }
    return false
  }
}

/** First and last index (exclusive) of each run of leaves of one record. */
function* records(leaves: readonly Leaf[]): Iterable<readonly [number, number]> {
  let from = 0
  for (let index = 1; index <= leaves.length; index++) {
    if (leaves[index]?.record === leaves[from]?.record && index < leaves.length) continue
    yield [from, index]
    from = index
  }
}

function addressesOf(leaf: Leaf | undefined, suspicious: boolean): readonly string[] {
  if (leaf === undefined || leaf.kind !== 'field' || suspicious) return []
  if (leaf.text.length > MAX_FIELD) return []
  return leaf.text.split(BETWEEN).map(bare).filter(isAddress)
}

function isAddress(text: string): boolean {
  return (
    /^[^@]{1,64}@[^@]{3,255}$/.test(text) || /^[A-Za-z]{2}[0-9]{2}[A-Za-z0-9]{8,30}$/.test(text)
  )
}

const BETWEEN = /[\s"'<>()[\]{},;|`]+/
const CAPITALISED = /^["'(<]?\p{Lu}[\p{L}'’-]{2,}/u

function bare(text: string): string {
  const trimmed = text.trim().replace(/^mailto:/i, '')
  let end = trimmed.length
  // Not a pattern: one that is looked for at every mark of a long run takes the square of it.
  while (end > 0 && PUNCTUATION.includes(trimmed.charAt(end - 1))) end--
  return trimmed.slice(0, end)
}

const PUNCTUATION = '.,:;!?'

/** True where any address, host or name in a text that is not understood is denied. */
function deniesPart(text: string, denies: (destination: string) => boolean): boolean {
  const plain = text.normalize('NFKC')
  return plain.split(BETWEEN).some(denies) || plain.split(BETWEEN_NAMES).some(denies)
}

const BETWEEN_NAMES = /[^\p{L}\p{M}\p{N}._-]+/u

function hostOf(text: string): string | undefined {
  return /^(?:[a-z][a-z0-9+.-]{1,15}:\/\/)?(?:www\.)?([a-z0-9_-]+(?:\.[a-z0-9_-]+)+)(?:[:/?#][^\s,;|<>"\\]*)?$/i.exec(
    text,
  )?.[1]
}

/**
 * A name of several words is known where each of them is. What stands before an `@` is whatever its
 * owner likes, and no host.
 */
function partsOf(text: string): readonly string[] {
  const host = text.includes('@') ? undefined : hostOf(text)
  if (host !== undefined) return [host]
  return text.split(BETWEEN).map(bare)
}

/** Words that begin sentences of tasks and name nobody. */
const COMMON = new Set(
  (
    'please can could would will you the this that these those what when where which who how why ' +
    'get give find show tell make send read check look list create add update change delete remove ' +
    'write reply forward share book reserve buy order pay transfer schedule invite upload download ' +
    'open search summarize summarise and but also then there here after before from with for all ' +
    'any some each every his her their its our your they she have has had was were are let hey ' +
    'hello thanks thank note use using based according following first next finally once monday ' +
    'tuesday wednesday thursday friday saturday sunday january february march april may june july ' +
    'august september october november december today tomorrow yesterday'
  ).split(' '),
)
