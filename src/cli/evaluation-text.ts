import { falsePositiveRateOf, recallOf, type SourceFigures } from '../engine/replay/evaluation.ts'
import type { CommandContext } from './command.ts'
import { cellText, markdownTable } from './format/markdown.ts'
import { printable } from './paint.ts'
import { alignRows } from './table.ts'

/** What an evaluation came to. */
export interface EvaluationResult {
  readonly figures: readonly SourceFigures[]
  /** Kinds of evidence that were left out. */
  readonly without: readonly string[]
  /** Sessions without a label, passed over. */
  readonly unlabelled: number
  /** The rows that fall short of what was asked. */
  readonly short: readonly SourceFigures[]
}

export function renderEvaluation(
  { format, paint }: Pick<CommandContext, 'format' | 'paint'>,
  result: EvaluationResult,
): string {
  if (format === 'json') return `${JSON.stringify(jsonOf(result))}\n`
  const rows = result.figures.map(cellsOf)
  if (format === 'md')
    return markdownTable(
      [...HEAD],
      rows.map(([source = '', ...figures]) => [cellText(source), ...figures]),
    )
  const isShort = new Set(result.short)
  const lines = alignRows([
    HEAD.map(paint.strong),
    ...rows.map((row, index) => {
      const figures = result.figures[index]
      const style =
        figures !== undefined && isShort.has(figures) ? paint.bad : (text: string) => text
      return row.map((cell) => style(printable(cell)))
    }),
  ])
  const without = result.without.length === 0 ? '' : ` without ${result.without.join(', ')}`
  const passed = result.unlabelled === 0 ? '' : `; ${result.unlabelled} without a label passed over`
  const total = result.figures.reduce(
    (sum, row) => sum + row.attacks + row.unfollowed + row.benign,
    0,
  )
  return `${total} labelled sessions${without}${passed}\n\n${lines.join('\n')}\n`
}

const HEAD = [
  'Source',
  'Attacks',
  'Prevented',
  'Flagged',
  'Honest',
  'Stopped',
  'Asked',
  'Disturbed',
] as const

function cellsOf(row: SourceFigures): string[] {
  return [
    row.source,
    String(row.attacks),
    row.attacks === 0 ? '-' : `${row.prevented} (${percent(recallOf(row))})`,
    row.attacks === 0 ? '-' : percent(row.flagged / row.attacks),
    String(row.benign),
    String(row.stopped),
    String(row.asked),
    percent(falsePositiveRateOf(row)),
  ]
}

function percent(share: number | undefined): string {
  return share === undefined ? '-' : `${(100 * share).toFixed(1)} %`
}

function jsonOf({ figures, without, unlabelled, short }: EvaluationResult): object {
  return {
    schema: 1,
    ok: short.length === 0,
    without,
    unlabelled,
    sources: figures.map((row) => ({
      ...row,
      recall: recallOf(row) ?? null,
      false_positive_rate: falsePositiveRateOf(row) ?? null,
      ok: !short.includes(row),
    })),
  }
}
