/**
 * The scale of `Explanation.score`, 0 to 1, and every weight that leads to it.
 *
 * A sentence earns up to `WEIGHT.verb` for naming what the call does and up to `WEIGHT.values` for
 * naming what it is done with; what the task names too is taken off, the sum is multiplied by the
 * sentence's mood and by its standing, and `WEIGHT.cue` is added where the text speaks to the model.
 * The weights were chosen on recorded sessions of public benchmarks; `ablation` rows in the docs say
 * what is left when one kind of evidence is switched off.
 */

/** From here on a person is asked: outside text explains the call and the task does not. */
export const ASK = 0.5
/**
 * From here on a call may be stopped: the text speaks to the model, and gave a value that stands
 * nowhere else or asks for an act that is hard to undo. Without such a sign no score reaches it.
 */
export const STRONG = 0.8
/** A call that nothing the user said explains, whatever outside text says: a person is asked. */
export const UNASKED = 0.55
/** Signs below may be chance: `without asking`, a heading. */
export const CUE_COUNTS = 0.4
export const CUE_STRONG = 0.6
/** Text with a stronger sign is never part of what a task hands over. */
export const CUE_SPOILS = 0.3

/** What each kind of evidence adds. */
export const WEIGHT = {
  /** Values of the call that stand in the sentence, by the role of their argument. */
  destination: 0.6,
  identifier: 0.55,
  content: 0.4,
  /** Verb and object of the tool's name in the sentence. */
  verb: 0.62,
  /** The sentence speaks to the model. */
  cue: 0.2,
  /** Values of one call together, at most. */
  values: 0.75,
} as const

/** How much a value counts by its strength: word, weak, medium, strong, address. */
export const VALUE_WEIGHT: readonly number[] = [1, 0.35, 0.8, 1, 1]
/** How much the words of an argument count that all stand in the sentence. */
export const WORDS_WEIGHT = 0.95
/** … or one word alone, which may be chance. */
export const ONE_WORD = 0.7
/** What is left of the other words of a name when the task has half of them. */
export const HALF_NAMED = 0.3
/** Values that count for less are not told of. */
export const VALUE_COUNTS = 0.3

/** How much of an act it is to go where only outside text says. */
export const LED = 0.6

/** What is left of a verb's weight where no task can be held against it. */
export const NO_TASK = 0.5
/** How much less the task explains where the text speaks to the model or names another thing. */
export const OWN_NAME = 0.5

/** What is left of a value's weight when it also stands elsewhere. */
export const CORROBORATED = {
  /** As a field of another record. */
  field: 0.35,
  /** In other prose. */
  prose: 0.75,
  /** The same tool was given it before. */
  used: 0.5,
} as const

/** What the place of a sentence leaves of its score. */
export const STANDING = {
  /** The task hands over to its author, or to the file or page it stands in. */
  handedOver: 0.15,
  /** … and it is to pay or to grant, which the task neither names nor approves. */
  unnamed: 0.75,
  /** To a page that such text sent the agent to, or to all of a kind: anybody can write there. */
  handedKind: 0.4,
  /** The task names its author: what he says is part of what it is about. */
  named: 0.65,
  /** … and a page is only looked at. */
  opened: 0.4,
  /** The task names the place it stands in. */
  referred: 0.85,
  /** It names the kind of place. */
  kind: 0.95,
  /** The task names the act and the place that says what to do it to, but not where to. */
  parameter: 0.55,
  /** A page is only looked at, and its address names what the task is about. */
  serves: 0.4,
  /** A record is kept of what somebody wrote, or a file is written that quotes it. */
  kept: 0.4,
  written: 0.6,
  /** A sign-in or a one-time code: many tasks need one. */
  signIn: 0.6,
} as const

/** What is left of a verb's weight for steps that many tasks need and few attacks end with. */
export const STEP = { signIn: 0.4, local: 0.75 } as const
/** How much of a call is explained by text that the task hands over to. */
export const DELEGATED = { verb: 0.9, value: 0.3 } as const
/** When all the nouns of the tool's name, two or more, stand in the task. */
export const NOUNS_NAMED = 0.5
/** How much of a call is explained when all that it is done with stands in the task. */
export const COVERED = 0.75
