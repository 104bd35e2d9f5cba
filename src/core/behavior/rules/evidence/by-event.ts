import type { RequestEvent, RuleView } from '../../rule.ts'

// What has been answered about an event, each function in its own place. One table for all of them:
// to enter an event into a weak table costs more than most of the answers.
const ANSWERS = new WeakMap<RequestEvent, (Answer | undefined)[]>()
let places = 0

interface Answer {
  readonly value: unknown
  /** What it depends on besides the event. */
  readonly basis: readonly unknown[]
}

function answersOf(event: RequestEvent): (Answer | undefined)[] {
  const known = ANSWERS.get(event)
  if (known !== undefined) return known
  const answers: (Answer | undefined)[] = []
  ANSWERS.set(event, answers)
  return answers
}

/**
 * The same function, asked once for an event: a request is looked at by several rules, and by some of
 * them twice, when it is judged and when it has gone out.
 */
export function byEvent<T>(answer: (event: RequestEvent) => T): (event: RequestEvent) => T {
  const place = places++
  return (event) => {
    const answers = answersOf(event)
    const known = answers[place]
    if (known !== undefined) return known.value as T // nobody else writes to this place
    const value = answer(event)
    answers[place] = { value, basis: NONE }
    return value
  }
}

const NONE: readonly unknown[] = []

/** What an answer may depend on besides the event. */
type Basis = 'flows' | 'destinations' | 'memory'

/** The same for what also depends on parts of the view, as long as these are the same. */
export function byView<T>(
  parts: readonly Basis[],
  answer: (event: RequestEvent, view: RuleView) => T,
): (event: RequestEvent, view: RuleView) => T {
  const place = places++
  return (event, view) => {
    const answers = answersOf(event)
    const known = answers[place]
    if (known !== undefined && isSame(parts, known.basis, view)) return known.value as T // as above
    const value = answer(event, view)
    answers[place] = { value, basis: parts.map((part) => view[part]) }
    return value
  }
}

function isSame(parts: readonly Basis[], basis: readonly unknown[], view: RuleView): boolean {
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index]
    if (part !== undefined && basis[index] !== view[part]) return false
  }
  return true
}
