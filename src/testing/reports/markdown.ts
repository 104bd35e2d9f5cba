import { describeRule } from '../describe.ts'
import { placeText, printable, type RunReport, testsOf, totalsOf } from './run-report.ts'
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
      return `| ${cell(suite.file ?? 'suite')} | ${good} | ${suite.tests.length - good} |`
    }),
  ]
  for (const test of failures)
    lines.push(
      '',
      `#### ${cell(test.name)}`,
      '',
      '| | |',
      '|---|---|',
      ...[...failureRows(test), ['at', placeText(test)] as const].map(
        ([name, text]) => `| ${name} | ${cell(text)} |`,
      ),
    )
  if (coverage !== undefined) {
    lines.push('', `${coverage.covered} of ${coverage.rules} rules decided a test`, '')
    for (const rule of coverage.uncovered)
      lines.push(`- ${cell(describeRule(rule))} ${cell(placeText(rule))}`.trimEnd())
  }
  lines.push('', ok ? '**ok**' : '**not ok**', '')
  return lines.join('\n')
}

/** Plain text in a table: nothing of it is read as Markdown or HTML. */
function cell(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>()#+!|~&]/g, (character) => `\\${character}`)
}
