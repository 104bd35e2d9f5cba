import { describeRule } from '../../testing/describe.ts'
import { cellText } from '../format/markdown.ts'
import { placeText, type RunReport, testsOf, totalsOf } from './run-report.ts'
import { failureRows } from './text.ts'

/** A table of suites, then what failed and what no test covers: for job summaries and comments. */
export function markdownReport(report: RunReport): string {
  const { tests, passed, failed, ok } = totalsOf(report)
  const failures = testsOf(report).filter((test) => !test.ok)
  const { coverage } = report
  const lines = [
    `### Policy tests: ${tests === 0 ? 'no test ran' : `${passed} passed, ${failed} failed`}`,
    '',
    '| suite | passed | failed |',
    '|---|---:|---:|',
    ...report.suites.map((suite) => {
      const good = suite.tests.filter((test) => test.ok).length
      return `| ${cellText(suite.file ?? 'suite')} | ${good} | ${suite.tests.length - good} |`
    }),
  ]
  for (const test of failures)
    lines.push(
      '',
      `#### ${cellText(test.name)}`,
      '',
      '| | |',
      '|---|---|',
      ...[...failureRows(test), ['at', placeText(test)] as const].map(
        ([name, text]) => `| ${name} | ${cellText(text)} |`,
      ),
    )
  if (coverage !== undefined) {
    lines.push('', `${coverage.covered} of ${coverage.rules} rules decided a test`, '')
    for (const rule of coverage.uncovered)
      lines.push(`- ${cellText(describeRule(rule))} ${cellText(placeText(rule))}`.trimEnd())
  }
  lines.push('', ok ? '**ok**' : '**not ok**', '')
  return lines.join('\n')
}
