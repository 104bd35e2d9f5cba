import { CELL, hashWord, lexicon, WORD } from './lexicon.ts'
import {
  ACTING,
  ACTING_EAST,
  ASKING_FIRST,
  ASKING_OR_TELLING,
  ENGLISH,
  FILLING,
  JOINING,
  LOOKING,
  LOOKING_EAST,
  LOOKING_LAST,
} from './reading-words.ts'

/** A longer task has more than a question in it, in UTF-16 units and in sentences. */
const MAX_TASK = 1_200
const MAX_SENTENCES = 12
/** `One line, please.`: says how the answer should be. */
const REMARK = 4
/** Words in which `can you` comes to what it asks for. */
const REACH = 8

const QUOTED =
  /"[^"\n]{0,300}"|“[^”\n]{0,300}”|«[^»\n]{0,300}»|„[^“”\n]{0,300}[“”]|`[^`\n]{0,300}`/g
/** Captured, so that a split keeps it. */
const SENTENCE_END = /([.!?;؟।]{1,4}(?=\s|$)|\n+)/
/** `I would like to know …`: what follows is the question. */
const WISHING =
  /^\s{0,4}(?:i|we)(?:['’]d| would)?\s(?:like|love|want|need|wish) to (?=(?:know|see|find out|understand|learn|check)\b)/i
const EAST = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/
const WORD_SIGNS = /^[^\p{L}\p{N}]{1,12}|[^\p{L}\p{N}\p{M}]{1,12}$/gu
const ACCENTS = /[\u0300-\u036f\u064b-\u065f]/g
const BOUNDARY = /[,:–—)،]$/
/** Other than to oneself, to tell and to give are acts towards somebody. */
const GIVING = new Set(
  'tell give sag sage gib dis dites donne donnez di da dai zeg geef powiedz'.split(' '),
)
const SELF = new Set('me us mir uns moi nous mi ci nos mij ons nam'.split(' '))
/** What a question goes on with inside a request: `find out which room I should book`. */
const ASKING_INSIDE = new Set([
  'if',
  'whether',
  'that',
  'what',
  'which',
  'who',
  'where',
  'when',
  'how',
])
const PRONOUNS = new Set(['you', 'du', 'sie', 'tu', 'vous', 'usted', 'voce', 'je', 'u', 'ty'])

interface TaskWord {
  readonly plain: string
  /** It is written with a capital, or is more than letters: a name. */
  readonly name: boolean
  /** A sign before it begins another part of the sentence. */
  readonly opens: boolean
}

/**
 * True where the task plainly asks to be told something and for nothing else, in any of the languages
 * of the scanner: questions, requests to look, read or tell. False in doubt.
 */
export function readsOnly(task: string): boolean {
  const text = task.trim()
  if (text === '' || text.length > MAX_TASK) return false
  if (EAST.test(text)) {
    const rest = text.replace(LOOKING_EAST, ' ')
    return rest !== text && !ACTING_EAST.test(rest)
  }
  let looks = false
  let count = 0
  for (const sentence of sentencesOf(text.replace(QUOTED, ' X '))) {
    count += 1
    if (count > MAX_SENTENCES) return false
    const words = wordsOf(sentence.text.replace(WISHING, ''))
    if (words.length === 0) continue
    if (isLook(words, sentence.asks)) looks = true
    else if (words.length > REMARK || words.some((word) => isAct(word.plain))) return false
  }
  return looks
}

function sentencesOf(text: string): { readonly text: string; readonly asks: boolean }[] {
  const parts = text.split(SENTENCE_END)
  const sentences: { text: string; asks: boolean }[] = []
  for (let at = 0; at < parts.length; at += 2)
    sentences.push({ text: parts[at] ?? '', asks: /[?؟]/.test(parts[at + 1] ?? '') })
  return sentences
}

function wordsOf(sentence: string): TaskWord[] {
  const words: TaskWord[] = []
  let opens = false
  for (const token of sentence.split(/[\s’']+/)) {
    const bare = token.replace(WORD_SIGNS, '')
    if (bare !== '') {
      const plain = plainWord(bare)
      const name = /[^\p{L}\p{M}-]/u.test(bare) || bare !== bare.toLowerCase()
      words.push({ plain, name, opens })
      opens = false
    }
    if (BOUNDARY.test(token) || bare === '') opens = true
  }
  return words
}

/** In lower case and without accents. */
function plainWord(word: string): string {
  return word.toLowerCase().normalize('NFD').replace(ACCENTS, '').normalize('NFC')
}

/** What an act is told of behind. */
const INTRODUCING = WORD.lead | WORD.modal | WORD.you | WORD.first | WORD.negation
const SUBJECTS = new Set(['he', 'she', 'it', 'they', 'so', 'someone', 'somebody'])
const NO_WORD: TaskWord = { plain: '', name: true, opens: false }

function isAct(plain: string): boolean {
  if (LOOKING.has(plain)) return false
  if (ACTING.has(plain)) return true
  const { cells, find } = lexicon()
  const entry = find(hashWord(plain))
  return (cells[entry + CELL.verbs] ?? 0) !== 0 && (kindsOf(plain) & WORD.base) !== 0
}

/** The sentence asks, or tells to look, and nothing in it tells to act. */
function isLook(words: readonly TaskWord[], asks: boolean): boolean {
  const first = firstWord(words)
  const opening = words[first]?.plain ?? ''
  if (ASKING_FIRST.has(opening) && (asks || !ASKING_OR_TELLING.has(opening)))
    return !acts(words, first, true)
  if (LOOKING.has(opening)) return !givesAway(words, first) && !acts(words, first, false)
  // What order the words have is not known: no act may stand anywhere.
  return looksLater(words, asks) && !words.some(({ plain, name }) => !name && isAct(plain))
}

function firstWord(words: readonly TaskWord[]): number {
  let at = 0
  while (at < words.length - 1 && FILLING.has(words[at]?.plain ?? '')) {
    // `Are you`, `is it` and the like begin with what follows a filler in no language.
    if (ASKING_FIRST.has(words[at]?.plain ?? '') && !FILLING.has(words[at + 1]?.plain ?? '')) break
    at += 1
  }
  return at
}

/** `tell Max`, `give him access` */
function givesAway(words: readonly TaskWord[], at: number): boolean {
  const next = words[at + 1]?.plain ?? ''
  return GIVING.has(words[at]?.plain ?? '') && !SELF.has(next)
}

/** `Kannst du mir sagen, …`, and languages whose verb stands last. */
function looksLater(words: readonly TaskWord[], asks: boolean): boolean {
  const last = words[words.length - 1]?.plain ?? ''
  if (LOOKING_LAST.has(last) || (asks && ASKING_FIRST.has(last))) return true
  const opening = words[0]?.plain ?? ''
  if (!asks && !FILLING.has(opening)) return false
  return words
    .slice(0, REACH)
    .some(({ plain }) => LOOKING.has(plain) || (asks && ASKING_FIRST.has(plain)))
}

/** An act behind the word that opens the sentence. */
function acts(words: readonly TaskWord[], first: number, isQuestion: boolean): boolean {
  const isEnglish = ENGLISH.has(words[first]?.plain ?? '')
  let asking = isQuestion
  for (let at = first + 1; at < words.length; at += 1) {
    const word = words[at]
    if (word === undefined) return false
    const joined = JOINING.has(words[at - 1]?.plain ?? '')
    const begins = joined || word.opens || words[at - 1]?.plain === 'please'
    const goesOn = ASKING_INSIDE.has(word.plain)
    // A comma ends the question, `and` alone does not.
    asking = goesOn || (asking && (joined || !begins))
    if (begins ? startsAct(words, at, joined && !isEnglish) : isOrder(words, at, asking))
      return true
  }
  return false
}

/** A part of the sentence begins with an act, or joins one that is in no list. */
function startsAct(words: readonly TaskWord[], from: number, joined: boolean): boolean {
  let at = from
  while (at < words.length - 1 && FILLING.has(words[at]?.plain ?? '')) at += 1
  const { plain, name } = words[at] ?? NO_WORD
  if (isAct(plain) || givesAway(words, at)) return true
  if (!joined || at > from || name || LOOKING.has(plain) || ASKING_FIRST.has(plain)) return false
  // Nouns of other languages have an article, or a capital.
  return lexicon().find(hashWord(plain)) === 0
}

/** The act stands where one is asked for, not where it is a noun or part of a question. */
function isOrder(words: readonly TaskWord[], at: number, asking: boolean): boolean {
  const { plain, name } = words[at] ?? NO_WORD
  // `sum it up into my notes`
  if (plain === 'into' && !asking) return true
  if (name || !isAct(plain)) return false
  const before = words[at - 1]?.plain ?? ''
  const earlier = words[at - 2]?.plain ?? ''
  // `can you pay`, not `did you pay`
  if (asking) return PRONOUNS.has(before) && (kindsOf(earlier) & WORD.modal) !== 0
  const kinds = kindsOf(before)
  if ((kinds & WORD.determiner) !== 0) return false
  if (before === 'to') return !ASKING_INSIDE.has(earlier)
  return (kinds & INTRODUCING) !== 0 || SUBJECTS.has(before)
}

function kindsOf(plain: string): number {
  const { cells, find } = lexicon()
  return cells[find(hashWord(plain)) + CELL.kinds] ?? 0
}
