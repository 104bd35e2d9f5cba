import { isMember } from './alphabet.ts'
import { STATE_BITS } from './automaton.ts'
import type { Detector, FunctionDetector, PatternDetector, Report } from './detector.ts'
import type { ScanMatch } from './match.ts'
import type { Plan, Users } from './plan.ts'
import { beginsToken } from './token-boundary.ts'
import { unitsOf } from './units.ts'

const DEFAULT_AFTER = 128
const DEFAULT_CONFIDENCE = 0.9

/** What is known of one text while it is walked; absent until the first hit. */
interface Progress {
  readonly plan: Plan
  readonly text: string
  readonly cues: CueSink | undefined
  readonly found: ScanMatch[]
  /** By detector: looked at up to here. */
  readonly done: number[]
  /** By detector that searches windows: the window that still may grow. */
  readonly windows: ({ start: number; end: number } | undefined)[]
  /** Index of the detector whose turn it is, for `report`, which all share: one closure for a text. */
  current: number
  readonly report: Report
}

/** Told where the cues of a plan stand. */
export type CueSink = (start: number, cue: number) => void

/** All matches of a plan's detectors, in no order, overlaps included. `units` are those of the text. */
export function walk(
  plan: Plan,
  text: string,
  cues?: CueSink,
  units: Uint16Array = unitsOf(text),
): ScanMatch[] {
  const { columns, next, firstEnd } = plan.automaton
  const { length } = units
  const bits = STATE_BITS
  let progress: Progress | undefined
  let state = 0
  for (let at = 0; at < length; at++) {
    state = next[(state << bits) + (columns[units[at] ?? 0] ?? 0)] ?? 0
    if (state >= firstEnd) {
      progress ??= startOf(plan, text, cues)
      hitKeywords(progress, state, at + 1)
    }
  }
  if (progress === undefined) return []
  for (let index = 0; index < progress.windows.length; index++) closeWindow(progress, index)
  return progress.found
}

function startOf(plan: Plan, text: string, cues: CueSink | undefined): Progress {
  const progress: Progress = {
    plan,
    text,
    cues,
    found: [],
    done: new Array<number>(plan.detectors.length).fill(0),
    windows: [],
    current: 0,
    report(start, end, confidence, kind) {
      const current = plan.detectors[progress.current]
      if (current === undefined || confidence <= 0 || end <= start) return
      const match = { class: current.class, kind: kind ?? current.kind, start, end, confidence }
      progress.found.push(match)
    },
  }
  return progress
}

function hitKeywords(progress: Progress, state: number, end: number): void {
  const { automaton, byKeyword } = progress.plan
  const { ends, endsFrom } = automaton
  const position = automaton.next[(state << STATE_BITS) + automaton.width - 1] ?? 0
  const stop = endsFrom[position + 1] ?? 0
  for (let index = endsFrom[position] ?? 0; index < stop; index++) {
    const users = byKeyword[ends[index] ?? 0]
    if (users === undefined) continue
    const start = end - users.length
    if (users.cue >= 0) progress.cues?.(start, users.cue)
    else if (isOpen(progress, users, start, end) && isMeant(users, progress.text, start))
      hitUsers(progress, users, start, end)
  }
}

/** The cheapest tests first, as keywords may be repeated. */
function isOpen({ done, text }: Progress, users: Users, start: number, end: number): boolean {
  const { sole, follows } = users
  if (sole >= 0 && start < (done[sole] ?? 0)) return false
  return follows === undefined || (end < text.length && isMember(follows, text, end))
}

function isMeant({ isFolded, keyword, atTokenStart }: Users, text: string, start: number): boolean {
  if (isFolded && !standsAt(keyword, text, start)) return false
  return !atTokenStart || beginsToken(text, start)
}

/** Whether a keyword of small letters stands there, in any case. */
function standsAt(keyword: string, text: string, start: number): boolean {
  const { length } = keyword
  for (let at = 0; at < length; at++) {
    const code = String.prototype.charCodeAt.call(text, start + at)
    const wanted = String.prototype.charCodeAt.call(keyword, at)
    if (code !== wanted && (code < 65 || code > 90 || code + 32 !== wanted)) return false
  }
  return true
}

function hitUsers(progress: Progress, users: Users, start: number, end: number): void {
  const { detectors, ordinals } = users
  for (let user = 0; user < detectors.length; user++)
    hit(progress, detectors[user] ?? 0, start, end, ordinals[user] ?? 0)
}

function hit(progress: Progress, index: number, start: number, end: number, keyword: number): void {
  const { done, plan, text } = progress
  const before = done[index] ?? 0
  if (start < before) return
  progress.current = index
  const find = plan.finds[index]
  const after =
    find === undefined
      ? hitPattern(progress, index, start, end)
      : find(text, start, end, progress.report, keyword)
  if (after > before) done[index] = after
}

function hitPattern(progress: Progress, index: number, start: number, end: number): number {
  const detector = progress.plan.detectors[index]
  if (detector === undefined || isFunction(detector)) return 0
  if (detector.pattern.sticky) return search(progress, detector, start, progress.text)
  widenWindow(progress, index, detector, start, end)
  return 0
}

function isFunction(detector: Detector): detector is FunctionDetector {
  return 'find' in detector
}

/** Windows of one detector that overlap become one, so that no unit is searched twice. */
function widenWindow(
  progress: Progress,
  index: number,
  detector: PatternDetector,
  hitStart: number,
  hitEnd: number,
): void {
  const start = Math.max(0, hitStart - (detector.before ?? 0))
  const end = Math.min(progress.text.length, hitEnd + (detector.after ?? DEFAULT_AFTER))
  const open = progress.windows[index]
  if (open !== undefined && open.end >= start) {
    open.end = Math.max(open.end, end)
    // Hits arrive by their end, so a longer keyword may begin earlier than the last.
    open.start = Math.min(open.start, start)
    return
  }
  closeWindow(progress, index)
  progress.windows[index] = { start, end }
}

function closeWindow(progress: Progress, index: number): void {
  const open = progress.windows[index]
  const detector = progress.plan.detectors[index]
  if (open === undefined || detector === undefined || isFunction(detector)) return
  progress.current = index
  const { text, done } = progress
  const window = open.end === text.length ? text : text.slice(0, open.end)
  let from = Math.max(open.start, done[index] ?? 0)
  while (from < open.end) {
    const next = search(progress, detector, from, window)
    if (next <= from) break
    from = next
  }
  done[index] = from
}

/** Tries a pattern once. Answers where to go on, or `from` where nothing was found. */
function search(
  { report, text }: Progress,
  detector: PatternDetector,
  from: number,
  window: string,
): number {
  const { pattern } = detector
  pattern.lastIndex = from
  const match = pattern.exec(window)
  if (match === null) return from
  const [start, end] = match.indices?.[1] ?? [match.index, match.index + match[0].length]
  const checked = detector.check?.(window.slice(start, end), start, text)
  report(start, end, checked ?? detector.confidence ?? DEFAULT_CONFIDENCE)
  return Math.max(pattern.lastIndex, from + 1)
}
