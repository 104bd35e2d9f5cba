import { readFileSync, statSync } from 'node:fs'
import type { PolicyProblem } from '../core/model/errors.ts'
import { POLICY_LIMITS } from '../core/policy/limits.ts'
import type { CheckedPolicy } from '../core/policy/parse.ts'
import type { PolicyWarning } from '../core/policy/warning.ts'
import { renderAnnotation } from './format/github.ts'
import { cellText, markdownTable } from './format/markdown.ts'
import { renderSarif } from './format/sarif.ts'
import { pointsAsJunit, pointsAsTap, type TestPoint } from './format/test-points.ts'
import { type Paint, printable } from './paint.ts'

type Problem = PolicyProblem | PolicyWarning

/** What `validate` found in one policy. */
export interface Validation {
  /** As the user named them. */
  readonly paths: readonly string[]
  readonly checked: CheckedPolicy
}

export function renderValidation(
  { paths, checked }: Validation,
  format: string,
  paint: Paint,
): string {
  const { problems, warnings, digest } = checked
  switch (format) {
    case 'json':
      return `${JSON.stringify({ schema: 1, ok: problems.length === 0, digest, problems, warnings })}\n`
    case 'sarif':
      return renderSarif(each(checked, (level, one) => ({ ...one, ...leveled(level, one) })))
    case 'github':
      return each(checked, (level, one) =>
        renderAnnotation({ ...one, level, title: `callgate ${one.kind}`, message: wordsOf(one) }),
      ).join('')
    case 'junit':
      return pointsAsJunit('policy', pointsOf(paths, problems))
    case 'tap':
      return pointsAsTap(pointsOf(paths, problems))
    case 'md':
      return renderMarkdown(paths, checked)
    default:
      return renderText(paths, checked, paint)
  }
}

function each<T>(
  { problems, warnings }: CheckedPolicy,
  make: (level: 'error' | 'warning', one: Problem) => T,
): readonly T[] {
  return [
    ...problems.map((one) => make('error', one)),
    ...warnings.map((one) => make('warning', one)),
  ]
}

function leveled(level: 'error' | 'warning', one: Problem) {
  return { rule: one.kind, level, message: wordsOf(one) }
}

function wordsOf(one: Problem): string {
  return one.hint === null ? one.message : `${one.message} (${one.hint})`
}

function placeOf(one: Problem): string {
  return [one.file ?? 'policy', one.line, one.column].filter((part) => part !== null).join(':')
}

/** One failed point a problem; one passed point where there is none. */
function pointsOf(paths: readonly string[], problems: readonly Problem[]): readonly TestPoint[] {
  if (problems.length === 0) return [{ group: paths.join(' '), name: 'is a valid policy' }]
  return problems.map((one) => ({
    group: one.file ?? 'policy',
    name: `${placeOf(one)}: ${one.kind}`,
    failure: { kind: one.kind, message: wordsOf(one) },
  }))
}

function renderMarkdown(paths: readonly string[], checked: CheckedPolicy): string {
  const { problems, digest } = checked
  const named = cellText(paths.join(' '))
  const verdict =
    problems.length === 0
      ? `✓ ${named} is valid (${digest ?? ''})`
      : `✗ ${named}: ${counted(problems.length, 'problem')}`
  const rows = each(checked, (level, one) => [
    cellText(placeOf(one)),
    level,
    cellText(one.kind),
    cellText(wordsOf(one)),
  ])
  const table =
    rows.length === 0 ? '' : `\n${markdownTable(['Place', '', 'Kind', 'Message'], rows)}`
  return `${verdict}\n${table}`
}

function renderText(paths: readonly string[], checked: CheckedPolicy, paint: Paint): string {
  const { problems, warnings, digest } = checked
  const sources = createSourceLines()
  const blocks = each(checked, (level, one) => block(level, one, sources, paint))
  const extra = warnings.length === 0 ? '' : `, ${counted(warnings.length, 'warning')}`
  const verdict =
    problems.length === 0
      ? `${paint.good('✓')} ${printable(paths.join(' '))} is valid${extra}  ${paint.quiet(digest ?? '')}`
      : `${paint.bad('✗')} ${counted(problems.length, 'problem')}${extra}`
  return `${[...blocks.flat(), verdict].join('\n')}\n`
}

/** `file:line:column: kind: message (hint)`, the line itself, and a caret below the place. */
function block(
  level: 'error' | 'warning',
  one: Problem,
  sources: SourceLines,
  paint: Paint,
): readonly string[] {
  const style = level === 'error' ? paint.bad : paint.warning
  const kind = level === 'error' ? one.kind : `warning: ${one.kind}`
  const hint = one.hint === null ? '' : ` (${printable(one.hint)})`
  const head = `${paint.strong(printable(placeOf(one)))}: ${style(kind)}: ${printable(one.message)}${hint}`
  const source = one.line === null || one.file === null ? undefined : sources(one.file, one.line)
  if (source === undefined) return [head]
  const { text, caret } = excerpt(source, one.column)
  const margin = String(one.line)
  const gutter = ' '.repeat(margin.length)
  return [
    head,
    paint.quiet(`  ${margin} | ${text}`),
    ...(caret === undefined ? [] : [`  ${gutter} | ${' '.repeat(caret)}${style('^')}`]),
    '',
  ]
}

const EXCERPT = 100

/** The part of a line around a column, as a terminal may show it, and where the caret goes. */
function excerpt(line: string, column: number | null): { text: string; caret?: number } {
  const at = (column ?? 1) - 1
  const from = at < EXCERPT - 20 ? 0 : at - 20
  const before = printable(line.slice(from, Math.max(from, at)))
  const after = printable(line.slice(Math.max(from, at), from + EXCERPT))
  const text = `${from > 0 ? '…' : ''}${before}${after}${line.length > from + EXCERPT ? '…' : ''}`
  if (column === null) return { text }
  return { text, caret: [...before].length + (from > 0 ? 1 : 0) }
}

type SourceLines = (file: string, line: number) => string | undefined

/** Lines of files that have problems. A file that cannot be read, or is too large, has none. */
function createSourceLines(): SourceLines {
  const files = new Map<string, readonly string[]>()
  return (file, line) => {
    let lines = files.get(file)
    if (lines === undefined) {
      lines = linesOf(file)
      files.set(file, lines)
    }
    return lines[line - 1]
  }
}

function linesOf(file: string): readonly string[] {
  try {
    const stats = statSync(file)
    if (!stats.isFile() || stats.size > POLICY_LIMITS.maxBytes) return []
    return readFileSync(file, 'utf8').split(/\r\n|\r|\n/)
  } catch {
    // The problem itself has been told; its line is only a help.
    return []
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
