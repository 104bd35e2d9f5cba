import { trailError } from '../audit/query/trail-error.ts'
import type { MaybePromise } from '../core/model/json.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import {
  type FlipGroup,
  isFlip,
  type RecordTotals,
} from '../engine/replay/records/judge-records.ts'
import type { RecordJudgement } from '../engine/replay/records/judgement.ts'
import type { CommandContext } from './command.ts'
import { createLineWriter, shownJsonOn } from './commands/audit/write-lines.ts'
import { renderAnnotation } from './format/github.ts'
import { cellText, markdownTable } from './format/markdown.ts'
import {
  changeText,
  flipLine,
  groupLine,
  judgementLines,
  longOf,
  totalsLines,
} from './replay-record-text.ts'
import { policyLine } from './replay-text.ts'

/** What came of a trail. */
export interface RecordResult {
  readonly totals: RecordTotals
  readonly groups: readonly FlipGroup[]
  readonly ungrouped: number
}

/** Writes judgements as they come, or at the end where the format wants a whole. */
export interface RecordWriter {
  add(judgement: RecordJudgement): MaybePromise<unknown>
  end(result: RecordResult): Promise<unknown>
}

/** A proof shows every decision that differs; otherwise those that would be others are shown. */
export function createRecordWriter(
  context: CommandContext,
  policy: CompiledPolicy,
  isProof: boolean,
): RecordWriter {
  const isShown = (judgement: RecordJudgement): boolean =>
    isProof ? judgement.answer === 'differs' : isFlip(judgement)
  switch (context.format) {
    case 'ndjson':
      return ndjsonWriter(context, isProof ? () => true : isShown)
    case 'json':
      return jsonWriter(context, policy, isProof, isShown)
    case 'md':
      return isProof ? proofTable(context, isShown) : flipTable(context)
    case 'github':
      return githubWriter(context, isShown, isProof)
    default:
      return textWriter(context, policy, isProof, isShown)
  }
}

function textWriter(
  context: CommandContext,
  policy: CompiledPolicy,
  isProof: boolean,
  isShown: (judgement: RecordJudgement) => boolean,
): RecordWriter {
  const { paint } = context
  const writer = createLineWriter(context)
  let count = 0
  const head = `${policyLine(policy, paint)}\n`
  return {
    add(judgement) {
      if (!isShown(judgement)) return true
      const before = count++ === 0 ? `${head}\n` : ''
      const text = isProof ? judgementLines(judgement, paint) : flipLine(judgement, paint)
      return writer.write(`${before}${text}\n`)
    },
    async end(result) {
      await writer.write(count === 0 ? head : '')
      if (result.groups.length > 0 && !isProof)
        await writer.write(
          `\n${result.groups.map((group) => groupLine(group, paint)).join('\n')}\n`,
        )
      await writer.write(`\n${totalsLines(result, isProof, paint).join('\n')}\n`)
      return writer.end()
    },
  }
}

function ndjsonWriter(
  context: CommandContext,
  isShown: (judgement: RecordJudgement) => boolean,
): RecordWriter {
  const writer = createLineWriter(context)
  const shown = shownJsonOn(context.stdout)
  return {
    add: (judgement) =>
      isShown(judgement) ? writer.write(`${shown(JSON.stringify(judgement))}\n`) : true,
    end: () => writer.end(),
  }
}

const MOST_IN_JSON = 50_000

function jsonWriter(
  { stdout }: CommandContext,
  policy: CompiledPolicy,
  isProof: boolean,
  isShown: (judgement: RecordJudgement) => boolean,
): RecordWriter {
  const found: RecordJudgement[] = []
  return {
    add(judgement) {
      if (!isShown(judgement)) return
      if (found.length >= MOST_IN_JSON)
        throw trailError(
          `more than ${MOST_IN_JSON} decisions are too many for one JSON object: use \`--format ndjson\``,
        )
      found.push(judgement)
    },
    async end({ totals, groups, ungrouped }) {
      const head = { schema: 1, policy_digest: policy.digest, verify: isProof, ...totals }
      const whole = isProof
        ? { ...head, differing: found }
        : { ...head, flips: found, groups, ungrouped }
      stdout.write(`${shownJsonOn(stdout)(JSON.stringify(whole))}\n`)
    },
  }
}

function githubWriter(
  { stdout }: CommandContext,
  isShown: (judgement: RecordJudgement) => boolean,
  isProof: boolean,
): RecordWriter {
  const annotate = (title: string, message: string): unknown =>
    stdout.write(renderAnnotation({ level: isProof ? 'error' : 'warning', title, message }))
  return {
    add(judgement) {
      const { id, ts, agent, resource } = judgement
      if (isProof && isShown(judgement))
        annotate(
          'callgate replay --verify',
          `decision ${id} of ${ts}, agent ${agent} tool ${resource}: ${changeText(judgement)}`,
        )
    },
    async end({ groups }) {
      if (isProof) return
      for (const { agent, resource, from, to, count } of groups)
        annotate(
          'callgate replay --from',
          `${count} x agent ${agent} tool ${resource}: ${changeText({ was: from, now: to })}`,
        )
    },
  }
}

function proofTable(
  { stdout }: CommandContext,
  isShown: (judgement: RecordJudgement) => boolean,
): RecordWriter {
  const rows: string[][] = []
  return {
    add(judgement) {
      if (!isShown(judgement) || rows.length >= MOST_IN_JSON) return
      const { id, ts, agent, resource, was, now } = judgement
      const words = [was, now].map((word) => (word === null ? '-' : cellText(longOf(word))))
      rows.push([cellText(id), ts, cellText(agent ?? '-'), cellText(resource ?? '-'), ...words])
    },
    async end() {
      stdout.write(
        markdownTable(['Decision', 'Time', 'Agent', 'Resource', 'Recorded', 'Derived'], rows),
      )
    },
  }
}

function flipTable({ stdout }: CommandContext): RecordWriter {
  return { add: () => undefined, end: async (result) => stdout.write(tableOf(result)) }
}

function tableOf({ groups }: RecordResult): string {
  return markdownTable(
    ['Count', 'Agent', 'Resource', 'Recorded', 'Now', 'Rule', 'First', 'Last'],
    groups.map(({ count, agent, resource, from, to, rule, first, last }) => [
      String(count),
      cellText(agent ?? '-'),
      cellText(resource ?? '-'),
      `${from.effect} ${cellText(from.reason)}`,
      `${to.effect} ${cellText(to.reason)}`,
      cellText(rule ?? '-'),
      `${cellText(first.id)} ${first.ts}`,
      `${cellText(last.id)} ${last.ts}`,
    ]),
  )
}
