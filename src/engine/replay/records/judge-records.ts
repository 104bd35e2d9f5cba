import type { AuditRecord } from '../../../core/model/audit-record.ts'
import type { MaybePromise } from '../../../core/model/json.ts'
import type { CompiledPolicy } from '../../../core/policy/compile.ts'
import { createRecordJudge } from './judge-record.ts'
import type { RecordedWord, RecordJudgement, Unknown } from './judgement.ts'

/** How many decisions came out how. */
export interface RecordTotals {
  /** Decision records that were judged. */
  readonly decisions: number
  readonly same: number
  readonly differs: number
  readonly cannot_tell: number
  /** Why it could not be told, by what was missing. */
  readonly because: Readonly<Partial<Record<Unknown, number>>>
  /** Decisions of other policies, which a proof passes over. */
  readonly other_policy: number
}

export interface JudgeRecordsOptions {
  /** Judges only what this very policy decided: a proof. @default false */
  readonly onlyOwn?: boolean
  /** Told of each judgement as it comes, and waited for. */
  readonly onJudgement?: (judgement: RecordJudgement) => MaybePromise<unknown>
}

/** Judges the decisions of a trail by a policy, one at a time: nothing is kept but the count. */
export async function judgeRecords(
  records: AsyncIterable<AuditRecord> | Iterable<AuditRecord>,
  policy: CompiledPolicy,
  { onlyOwn = false, onJudgement }: JudgeRecordsOptions = {},
): Promise<RecordTotals> {
  const judge = await createRecordJudge(policy)
  const count = { decisions: 0, same: 0, differs: 0, cannot_tell: 0, other_policy: 0 }
  const because: Partial<Record<Unknown, number>> = {}
  for await (const record of records) {
    // Approvals are the judge's to note, under whichever policy they were given.
    if (onlyOwn && record.kind === 'decision' && record.policy_digest !== policy.digest) {
      if (record.effect !== null) count.other_policy++
      continue
    }
    const judgement = await judge.judge(record)
    if (judgement === undefined) continue
    count.decisions++
    count[judgement.answer]++
    if (judgement.because !== null)
      because[judgement.because] = (because[judgement.because] ?? 0) + 1
    await onJudgement?.(judgement)
  }
  return { ...count, because }
}

/** A call whose effect or reason would be another now. */
export type Flip = RecordJudgement & { readonly answer: 'differs'; readonly now: RecordedWord }

/** True where effect or reason would be others; that another rule says the same is no flip. */
export function isFlip(judgement: RecordJudgement): judgement is Flip {
  const { was, now, answer } = judgement
  return (
    answer === 'differs' && now !== null && (was.effect !== now.effect || was.reason !== now.reason)
  )
}

/** Flips of one agent and tool, by one rule, from one answer to another. */
export interface FlipGroup {
  readonly agent: string | null
  readonly resource: string | null
  readonly from: Pick<RecordedWord, 'effect' | 'reason'>
  readonly to: Pick<RecordedWord, 'effect' | 'reason'>
  /** The rule that decides now, else the one that did, as `role[index]`; null where neither is one. */
  readonly rule: string | null
  readonly count: number
  /** Id and time of the first and the last of them. */
  readonly first: Pick<RecordJudgement, 'id' | 'ts'>
  readonly last: Pick<RecordJudgement, 'id' | 'ts'>
}

/** Counts flips by who, what and which rule. Groups beyond the bound are counted together. */
export interface FlipGroups {
  add(flip: Flip): void
  /** The most frequent first. */
  list(): readonly FlipGroup[]
  /** Flips that had no room for a group of their own. */
  ungrouped(): number
}

const MOST_GROUPS = 10_000

export function createFlipGroups(): FlipGroups {
  const groups = new Map<string, FlipGroup>()
  let ungrouped = 0
  return {
    add(flip) {
      const { agent, resource, was, now, id, ts } = flip
      const from = { effect: was.effect, reason: was.reason }
      const to = { effect: now.effect, reason: now.reason }
      const rule = ruleOf(now) ?? ruleOf(was)
      const key = JSON.stringify([agent, resource, from, to, rule])
      const known = groups.get(key)
      if (known !== undefined)
        groups.set(key, { ...known, count: known.count + 1, last: { id, ts } })
      else if (groups.size >= MOST_GROUPS) ungrouped++
      else
        groups.set(key, {
          agent,
          resource,
          from,
          to,
          rule,
          count: 1,
          first: { id, ts },
          last: { id, ts },
        })
    },
    list: () => [...groups.values()].sort((one, other) => other.count - one.count),
    ungrouped: () => ungrouped,
  }
}

function ruleOf({ rule }: RecordedWord): string | null {
  if (rule === null) return null
  return `${rule.role}[${rule.index}]${rule.name === null ? '' : ` "${rule.name}"`}`
}
