import type { Finder, Report } from '../detector.ts'
import type { ScanMatch } from '../match.ts'
import { addCandidates, type Candidate } from './candidates.ts'
import {
  AT,
  COLON,
  DASH,
  DIGIT,
  isWord,
  KINDS,
  kindAt,
  LETTER,
  OPEN,
  OTHER,
  PLUS,
  SLASH,
  SPACE,
} from './characters.ts'
import { addressAt, ipv6 } from './forms/address.ts'
import { emailAround } from './forms/email-address.ts'
import { internationalPhoneAt } from './forms/international-phone.ts'
import { judge } from './judge.ts'
import { type Registry, registryOfSchemes } from './registry.ts'

/** One walk over one text. */
interface Pass {
  readonly text: string
  readonly registry: Registry
  readonly candidates: Candidate[]
  readonly report: Report
}

/** Letters that stand in front of the first digit of a layout in words of their own, at most. */
const LONGEST_LEAD = 5
const LONGEST_SECOND_LEAD = 3

/**
 * Finds personal data that has a form of its own: numbers of people, companies, accounts, cards and
 * vehicles by their layouts and check digits, and addresses of networks, mail and wallets. One walk
 * over the text, linear in its length.
 */
export const findPersonalData: Finder = (text) => {
  const found: ScanMatch[] = []
  const report: Report = (start, end, confidence, kind = 'personal_data') => {
    found.push({ class: 'pii', kind, start, end, confidence })
  }
  const pass: Pass = { text, registry: registryOfSchemes(), candidates: [], report }
  walk(pass)
  if (pass.candidates.length > 0) judge(pass.registry, text, pass.candidates, report)
  return found
}

/** Looks closer at words with a digit or right in front of one, and at the marks of addresses. */
function walk(pass: Pass): void {
  const { text } = pass
  let at = 0
  while (at < text.length) {
    const kind = KINDS[text.charCodeAt(at)] ?? OTHER
    if (isWord(kind)) {
      const start = at
      at = lettersEnd(text, start)
      if (isWord(kindAt(text, at))) at = word(pass, start, wordEnd(text, at))
      else if (at - start <= LONGEST_LEAD) at = shortWord(pass, start, at)
    } else if (kind < COLON) at++
    else at = mark(pass, at, kind)
  }
}

function lettersEnd(text: string, start: number): number {
  let end = start
  while (end < text.length && KINDS[text.charCodeAt(end)] === LETTER) end++
  return end
}

function wordEnd(text: string, start: number): number {
  let end = start
  while (isWord(kindAt(text, end))) end++
  return end
}

/** Looks at a word that is not only letters. Answers where to go on. */
function word(pass: Pass, start: number, end: number): number {
  const past = address(pass, start, end)
  if (past === end) addCandidates(pass.registry.automaton, pass.text, start, pass.candidates)
  return past
}

/** Looks at a word of letters that a number may begin with. Answers where to go on. */
function shortWord(pass: Pass, start: number, end: number): number {
  const { text } = pass
  const next = kindAt(text, end)
  if (next === SPACE && !leadsToDigit(text, end)) return end
  if (next !== SPACE && next !== OTHER) {
    const past = address(pass, start, end)
    if (past > end || (next !== DASH && next !== SLASH) || !leadsToDigit(text, end)) return past
  }
  if (next !== OTHER) addCandidates(pass.registry.automaton, text, start, pass.candidates)
  return end
}

/** True where digits follow a separator, or one more short word of letters: `HRB 123`, `M-XY 99`. */
function leadsToDigit(text: string, separator: number): boolean {
  const first = separator + 1
  let at = first
  while (at - first < LONGEST_SECOND_LEAD && kindAt(text, at) === LETTER) at++
  const kind = kindAt(text, at)
  if (kind === DIGIT) return true
  return at > first && (kind === SPACE || kind === DASH) && kindAt(text, at + 1) === DIGIT
}

function address({ text, report }: Pass, start: number, end: number): number {
  const found = addressAt(text, start, end)
  if (found === undefined) return end
  report(start, found.end, found.confidence, found.kind)
  // Never the word's own end, which would have it read as a number as well.
  return Math.max(found.end, end + 1)
}

/** Looks at what a mark begins. Answers where to go on. */
function mark(pass: Pass, at: number, kind: number): number {
  const { text, report } = pass
  if (kind === AT) {
    const found = emailAround(text, at)
    if (found !== undefined) report(found.start, found.end, 0.95, 'email_address')
    return found?.end ?? at + 1
  }
  if (kind === PLUS) {
    const found = internationalPhoneAt(text, at)
    if (found !== undefined) report(at, found.end, found.confidence, 'phone_number')
    return found?.end ?? at + 1
  }
  if (kind === OPEN) addCandidates(pass.registry.automaton, text, at, pass.candidates)
  return kind === COLON && kindAt(text, at + 1) === COLON ? doubleColon(pass, at) : at + 1
}

function doubleColon({ text, report }: Pass, at: number): number {
  const found = ipv6(text, at)
  if (found !== undefined) report(at, found.end, found.confidence, found.kind)
  return found?.end ?? at + 2
}
