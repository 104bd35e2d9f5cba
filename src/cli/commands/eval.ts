import { loadPolicy } from '../../engine/load-policy.ts'
import { ABLATIONS, type Ablation, withoutParts } from '../../engine/replay/ablation.ts'
import {
  createEvaluation,
  falsePositiveRateOf,
  recallOf,
  type SourceFigures,
} from '../../engine/replay/evaluation.ts'
import { createReplay } from '../../engine/replay/replay.ts'
import { readTraceFiles } from '../../engine/replay/trace-file.ts'
import { type Command, type CommandContext, EXIT, UsageError } from '../command.ts'
import { renderEvaluation } from '../evaluation-text.ts'
import { diagnosticWriter, pathOf } from '../policy.ts'
import { createProgress } from '../progress.ts'

export const evalCommand: Command = {
  name: 'eval',
  summary: 'measure detection on labelled sessions: attacks prevented, honest work disturbed',
  usage: 'FILE|DIR... [--policy FILE|DIR] [--min-recall P] [--max-fpr P] [--without PART]',
  description: `Reads session files whose sessions carry a \`label\` (attack or benign), replays each, and counts by
source. An attack is prevented where it was stopped, or put before a person, at or before the first call
that does harm (\`expected.first_harm_seq\`). Labels are never shown to what judges. These are recordings:
a call that is stopped would change what the agent does next, so this is detection, not attack success.`,
  options: [
    { name: 'agent', value: 'NAME', summary: 'the agent of events that name none' },
    {
      name: 'by',
      value: 'WHAT',
      summary: 'one row a source, or a source and suite',
      choices: ['source', 'suite'],
    },
    {
      name: 'min-recall',
      value: 'PERCENT',
      summary: 'exit with 1 where a source prevents fewer of its attacks',
    },
    {
      name: 'max-fpr',
      value: 'PERCENT',
      summary: 'exit with 1 where a source disturbs more of its honest sessions',
    },
    {
      name: 'without',
      value: 'PART',
      repeatable: true,
      summary: 'leave a kind of evidence out, to see what the rest is worth',
      choices: ABLATIONS,
    },
  ],
  positionals: [
    { name: 'FILE|DIR', summary: 'labelled session files', repeatable: true, complete: 'file' },
  ],
  formats: ['text', 'json', 'md'],
  examples: [
    { command: 'eval sessions', summary: 'every labelled session of a folder' },
    {
      command: 'eval sessions --without cue --without task',
      summary: 'the same without two kinds of evidence',
    },
  ],
  run: evaluate,
}

async function evaluate(context: CommandContext): Promise<number> {
  const { options, positionals, stdout } = context
  const leastRecall = percentOf(context, 'min-recall')
  const mostFalse = percentOf(context, 'max-fpr')
  const without = new Set(options.list('without') as readonly Ablation[]) // one of `choices`
  const evaluation = createEvaluation(({ source, suite }) =>
    options.text('by') === 'suite' ? `${source}/${suite ?? '-'}` : source,
  )
  const unlabelled = await replayAll(context, without, evaluation)
  const figures = evaluation.figures()
  if (figures.length === 0)
    throw new UsageError(
      `no session of ${positionals.join(', ')} has a label`,
      'a labelled session has `"label": "attack"` or `"label": "benign"`',
    )
  const short = figures.filter((row) => fallsShort(row, leastRecall, mostFalse))
  stdout.write(renderEvaluation(context, { figures, without: [...without], unlabelled, short }))
  return short.length === 0 ? EXIT.yes : EXIT.no
}

/** Gives how many sessions had no label. */
async function replayAll(
  context: CommandContext,
  without: ReadonlySet<Ablation>,
  evaluation: ReturnType<typeof createEvaluation>,
): Promise<number> {
  const { options, positionals } = context
  const named = options.list('policy').map((path) => pathOf(context, path))
  const policy = named.length === 0 ? undefined : await loadPolicy(...named)
  const agent = options.text('agent')
  const replay = createReplay({
    ...(policy === undefined ? {} : { policy }),
    ...(agent === undefined ? {} : { agent }),
    without,
    onDiagnostic: diagnosticWriter(context),
  })
  const progress = createProgress(context)
  let unlabelled = 0
  try {
    for await (const session of readTraceFiles(positionals.map((path) => pathOf(context, path)))) {
      progress.step()
      if (session.label === undefined) unlabelled++
      else evaluation.add(session.label, await replay.session(withoutParts(session, without)))
    }
  } finally {
    progress.clear()
    await replay.close()
  }
  return unlabelled
}

function fallsShort(
  row: SourceFigures,
  leastRecall: number | undefined,
  mostFalse: number | undefined,
): boolean {
  const recall = recallOf(row)
  const wrong = falsePositiveRateOf(row)
  return (
    (leastRecall !== undefined && recall !== undefined && recall < leastRecall) ||
    (mostFalse !== undefined && wrong !== undefined && wrong > mostFalse)
  )
}

/** A share from 0 to 1, given in percent. */
function percentOf({ options }: CommandContext, name: string): number | undefined {
  const text = options.text(name)
  if (text === undefined) return undefined
  const value = Number(text.replace(/%$/, ''))
  if (text.trim() !== '' && value >= 0 && value <= 100) return value / 100
  throw new UsageError(`--${name} is a percentage from 0 to 100, not \`${text}\``)
}
