import type { EvaluatedRule, RuleOutcome } from '../model/audit-record.ts'
import type { RuleRef } from '../model/decision.ts'
import { isNotRuledOut, isSatisfied, type Judged, type Judging, mayApply } from './rbac-combine.ts'
import type { NamedRule } from './rbac-named.ts'

/** What became of the rules that name the resource of a call. */
export interface EvaluatedRules {
  /** In the order judged, the first 32. */
  readonly entries: readonly EvaluatedRule[]
  /** How many rules there are. */
  readonly count: number
}

// The answer of a fixed plan is one object for all its calls, and so is what was evaluated for it.
const known = new WeakMap<Judging, EvaluatedRules>()

/** Says of every rule what became of it, from what judging has left behind: nothing is judged again. */
export function evaluatedRules(judging: Judging): EvaluatedRules {
  if (!judging.frame.isFixed) return listOf(judging)
  const listed = known.get(judging) ?? listOf(judging)
  known.set(judging, listed)
  return listed
}

function listOf(judging: Judging): EvaluatedRules {
  const { frame, denies, grants } = judging
  const { rules, count } = frame.named()
  const found = new Map<unknown, Judged>()
  for (const judged of denies) found.set(judged.rule, judged)
  for (const judged of grants) found.set(judged.rule, judged)
  let isOver = false
  const entries = rules.map((named) => {
    const { rule, blocked } = named
    const judged = found.get(rule)
    if (blocked !== undefined) return entryOf(rule.ref, blocked)
    if (isOver) return entryOf(rule.ref, 'not_reached')
    if (judged === undefined)
      return entryOf(rule.ref, frame.isFixed ? 'not_reached' : 'condition_unmet')
    isOver = rule === judging.denial?.rule
    return judgedEntry(named, judged, judging)
  })
  return { entries: Object.freeze(entries), count }
}

/** A rule whose condition holds: it applies as `combine` reads it, or a constraint keeps it from it. */
function judgedEntry(
  { rule, mayGrant }: NamedRule,
  { judgements }: Judged,
  { frame, isGranted }: Judging,
): EvaluatedRule {
  const { ref, effect } = rule
  // What restricts counts only beside what grants; of lists it restricts nothing.
  if (effect !== 'deny' && !mayGrant && (!isGranted || frame.verbLevel === 0))
    return entryOf(ref, 'no_grant')
  const restricts = (effect === 'escalate' || effect === 'compute') && isGranted
  const holds = effect === 'deny' ? mayApply : restricts ? isNotRuledOut : isSatisfied
  const failed = judgements.find(({ standing }) => !holds(standing))
  if (failed !== undefined) return entryOf(ref, 'failed', failed.kind)
  return entryOf(ref, frame.verbLevel === 0 && effect !== 'deny' ? 'granted' : APPLIED[effect])
}

const APPLIED = {
  allow: 'granted',
  deny: 'denied',
  escalate: 'asked',
  compute: 'rewrote',
} as const satisfies Record<string, RuleOutcome>

// One object for each rule and outcome: records share them, and whoever checks texts checks them once.
const entries = new WeakMap<RuleRef, Map<string, EvaluatedRule>>()

function entryOf(ref: RuleRef, outcome: RuleOutcome, constraint?: string): EvaluatedRule {
  let ofRule = entries.get(ref)
  if (ofRule === undefined) {
    ofRule = new Map()
    entries.set(ref, ofRule)
  }
  const key = constraint ?? outcome
  const made = ofRule.get(key)
  if (made !== undefined) return made
  const because = constraint === undefined ? {} : { constraint }
  const entry: EvaluatedRule = Object.freeze({ ...ref, outcome, ...because })
  ofRule.set(key, entry)
  return entry
}
