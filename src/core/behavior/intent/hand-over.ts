import {
  APPROVES,
  ASKS,
  BETWEEN,
  DO_IT,
  HANDS_OVER,
  KEEPS,
  LEFT,
  REQUESTED,
  TAKES_DETAILS,
} from './hand-over-words.ts'

/** Whether the user leaves it to other texts what is to be done. */
export interface HandOver {
  /** It says to do what other texts say. */
  readonly obeys: boolean
  /** It says to work on what other texts describe: an issue is fixed, not obeyed. */
  readonly worksOn: boolean
  /** It names the act, and leaves it to other texts what it is done with. */
  readonly details: boolean
  /** It says to keep a copy of what others wrote. */
  readonly keeps: boolean
  /** It approves whatever that text asks for, or knows it as somebody's request. */
  readonly approves: boolean
}

/** Things that say what to do. */
const ORDERS =
  '(?:instructions?|tasks?|requests?|to-?dos?|to do list|steps|guides?|guidelines?|directions|' +
  'action items?|actions|checklists?|assignments?|chores?|demands?|errands?|wish(?:es)?|queries|agenda)'
const DOING =
  '(?:follow|complete|do|carry out|perform|execute|handle|process|address|act (?:up)?on|fulfil|fulfill|' +
  'implement|finish|resolve|take care of|work (?:through|on)|respond to|deal with|go through|tackle|' +
  'check off|accomplish|satisfy|meet|grant|attend to|help (?:\\w{1,20} ){0,2}with)'
const SAYING =
  '(?:says?|said|asks?|asked|asking|wants?|wanted|requests|requested|describe[sd]?|instructs?|' +
  'instructed|tells?|told|lists|listed|specifie[sd]|written|mentions|mentioned|outlines|outlined|' +
  'suggests|suggested|needs)'
const SENDING =
  '(?:sent|send|sends|gave|left|wrote|emailed|mailed|assigned|has|have|shared|posted|messaged)'

/** `follow the instructions`, `fulfil her request`. */
const OBEYS = new RegExp(`\\b${DOING}\\s${BETWEEN}${ORDERS}\\b`, 'i')
/** `do what he says`, `everything the note asks for`, `as described in the ticket`. */
const AS_TOLD = new RegExp(
  `\\b(?:as|what|whatever|everything|anything|all)\\s(?!(?:do|does|did|is|are|was|were|has|have|can|will|would|should)\\b)${BETWEEN}${SAYING}\\b`,
  'i',
)
/** `She sent me tasks.` … */
const ORDERS_SENT = new RegExp(`\\b${SENDING}\\b[^.!?\\n]{0,50}\\b${ORDERS}\\b`, 'i')
/** … `Help me complete them.` */
const HELPS =
  /\b(?:complete|do|handle|finish|fulfil|fulfill|help|address|process|take care|deal with|work|follow|execute|perform|carry out)\b/i
/** `fix issue 15`, `close the ticket`. */
const WORKS_ON = new RegExp(
  `\\b(?:fix|solve|close|work on|look into|resolve|address|handle|debug|implement|investigate|tackle)\\s${BETWEEN}(?:issues?|tickets?|bugs?|stor(?:y|ies)|cases?|incidents?|features?|problems?|errors?|crash(?:es)?)\\b`,
  'i',
)

/** Reads the sentences of a task. */
export function readHandOver(sentences: readonly string[]): HandOver {
  let obeys = false
  let sent = false
  let helps = false
  let worksOn = false
  let details = false
  let keeps = false
  let approves = false
  let leftAt = -2
  sentences.forEach((sentence, at) => {
    if (OBEYS.test(sentence) || AS_TOLD.test(sentence)) obeys = true
    if (!ASKS.test(sentence)) {
      obeys ||= matches(HANDS_OVER, sentence)
      details ||= matches(TAKES_DETAILS, sentence)
    }
    sent ||= ORDERS_SENT.test(sentence)
    helps ||= HELPS.test(sentence)
    if (LEFT.test(sentence)) leftAt = at
    // What `it` is, this sentence says or the one before.
    if (at - leftAt <= 1 && DO_IT.test(sentence)) obeys = true
    worksOn ||= WORKS_ON.test(sentence)
    keeps ||= KEEPS.test(sentence)
    approves ||= APPROVES.test(sentence) || REQUESTED.test(sentence)
  })
  return { obeys: obeys || (sent && helps), worksOn, details, keeps, approves }
}

function matches(patterns: readonly RegExp[], sentence: string): boolean {
  return patterns.some((pattern) => pattern.test(sentence))
}
