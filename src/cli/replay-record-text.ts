import type { FlipGroup } from '../engine/replay/records/judge-records.ts'
import {
  type RecordedWord,
  type RecordJudgement,
  UNKNOWNS,
  type Unknown,
} from '../engine/replay/records/judgement.ts'
import { type Paint, printable } from './paint.ts'
import type { RecordResult } from './replay-record-formats.ts'

type Word = Pick<RecordedWord, 'effect' | 'reason'>

/** `allow -> deny no_matching_rule`. */
export function changeText({
  was,
  now,
}: {
  readonly was: Word
  readonly now: Word | null
}): string {
  return `${shortOf(was)} -> ${now === null ? '?' : shortOf(now)}`
}

function shortOf({ effect, reason }: Word): string {
  return effect === 'allow' || effect === 'compute' ? effect : `${effect} ${reason}`
}

/** One call that would be decided otherwise, on one line. */
export function flipLine(flip: RecordJudgement, paint: Paint): string {
  const change = changeText(flip)
  const style = flip.now?.effect === 'deny' ? paint.bad : paint.warning
  return `${printable(flip.id)}  ${paint.quiet(flip.ts)}  ${who(flip)}  ${style(change)}`
}

/** A decision that does not follow from its policy: what was recorded, and what follows. */
export function judgementLines(judgement: RecordJudgement, paint: Paint): string {
  const { id, ts, was, now, contradicted } = judgement
  return [
    `${paint.bad('✗')} ${printable(id)}  ${paint.quiet(ts)}  ${who(judgement)}`,
    `    recorded: ${longOf(was)}`,
    `    derived:  ${now === null ? '?' : longOf(now)}`,
    ...(contradicted.length === 0 ? [] : [`    it does not fit: ${contradicted.join(', ')}`]),
  ].join('\n')
}

/** `deny no_matching_rule gate=rbac`, with rule and constraint where there are any. */
export function longOf({ effect, reason, gate, rule, constraint }: RecordedWord): string {
  const by = rule === null ? '' : ` rule=${rule.role}[${rule.index}]`
  const what = constraint === null ? '' : ` constraint=${constraint}`
  return printable(`${effect} ${reason} gate=${gate}${by}${what}`)
}

function who({ agent, resource }: Pick<RecordJudgement, 'agent' | 'resource'>): string {
  return `agent=${printable(agent ?? '(none)')} tool=${printable(resource ?? '(none)')}`
}

export function groupLine(group: FlipGroup, paint: Paint): string {
  const rule = group.rule === null ? '' : `  rule=${printable(group.rule)}`
  const change = changeText({ was: group.from, now: group.to })
  return `${paint.strong(String(group.count).padStart(6))}  ${who(group)}  ${change}${rule}`
}

/** What it comes to, and what could not be told for want of what. */
export function totalsLines(
  { totals, groups, ungrouped }: RecordResult,
  isProof: boolean,
  paint: Paint,
): readonly string[] {
  const { decisions, same, differs, cannot_tell: unknown, other_policy: others } = totals
  const flips = groups.reduce((sum, { count }) => sum + count, ungrouped)
  const bad = isProof ? differs : flips
  const style = bad === 0 ? paint.good : paint.bad
  const said = isProof
    ? style(`${same} same, ${differs} ${differs === 1 ? 'differs' : 'differ'}`)
    : style(`${flips} would be decided otherwise`)
  return [
    `${decisions} decision${decisions === 1 ? '' : 's'}: ${said}, ${unknown} cannot be told`,
    ...Object.entries(totals.because).map(
      ([why, count]) => `${String(count).padStart(6)}  ${why}: ${UNKNOWNS[why as Unknown]}`, // its own keys
    ),
    ...(others === 0 ? [] : [`${others} of other policies passed over`]),
    ...(isProof && decisions === 0 && others > 0
      ? [paint.bad('nothing is proven: no decision is of this policy')]
      : []),
  ]
}
