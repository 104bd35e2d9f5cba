import { auditFiles, STDIN } from '../audit/query/audit-files.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import { createFlipGroups, isFlip, judgeRecords } from '../engine/replay/records/judge-records.ts'
import type { RecordJudgement } from '../engine/replay/records/judgement.ts'
import { type CommandContext, EXIT, UsageError } from './command.ts'
import { printable } from './paint.ts'
import { loadNamedPolicy, pathOf } from './policy.ts'
import { createRecordWriter, type RecordResult } from './replay-record-formats.ts'

/**
 * Judges an audit trail by the named policy: what it would change, or with `--verify` whether what it
 * decided follows from it.
 */
export async function replayRecords(context: CommandContext): Promise<number> {
  checkLine(context)
  const { options } = context
  const isProof = options.flag('verify')
  const policy = await loadNamedPolicy(context)
  const result = await judgeTrail(context, policy, isProof)
  const isGood = isProof ? isProven(result) : result.groups.length === 0
  return isGood || options.flag('exit-zero') ? EXIT.yes : EXIT.no
}

async function judgeTrail(
  context: CommandContext,
  policy: CompiledPolicy,
  isProof: boolean,
): Promise<RecordResult> {
  const writer = createRecordWriter(context, policy, isProof)
  const groups = createFlipGroups()
  const totals = await judgeRecords(openTrail(context).records(), policy, {
    onlyOwn: isProof,
    onJudgement(judgement: RecordJudgement) {
      if (isFlip(judgement)) groups.add(judgement)
      return writer.add(judgement)
    },
  })
  const result = { totals, groups: groups.list(), ungrouped: groups.ungrouped() }
  await writer.end(result)
  return result
}

/** INVARIANT: where nothing could be held against the policy, nothing is proven. */
function isProven({ totals }: RecordResult): boolean {
  return totals.differs === 0 && !(totals.decisions === 0 && totals.other_policy > 0)
}

function openTrail(context: CommandContext): ReturnType<typeof auditFiles> {
  const { options, positionals, stderr } = context
  const paths = [...options.list('from'), ...positionals]
  return auditFiles(
    paths.map((path) => (path === STDIN ? path : pathOf(context, path))),
    {
      onNote: (note) => stderr.write(`note: ${printable(note)}\n`),
      ...(paths.includes(STDIN) ? { stdin: process.stdin } : {}),
    },
  )
}

/** @throws {UsageError} */
function checkLine({ options, format }: CommandContext): void {
  if (options.list('from').length === 0)
    throw new UsageError('`--verify` needs a trail', 'name one with `--from audit.jsonl`')
  if (options.text('agent') !== undefined || options.flag('observe'))
    throw new UsageError('`--agent` and `--observe` are about sessions, not about `--from`')
  if (format === 'junit' || format === 'tap')
    throw new UsageError(
      `\`--format ${format}\` is about sessions, not about \`--from\``,
      'use text, json, ndjson, github or md',
    )
}
