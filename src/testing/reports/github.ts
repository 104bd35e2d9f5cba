import { describeRule } from '../describe.ts'
import { isCovered, printable, type RunReport, testsOf, totalsOf } from './run-report.ts'
import { failureRows } from './text.ts'

/**
 * Annotations that GitHub Actions shows beside the lines of a pull request, then one plain line.
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function githubReport(report: RunReport): string {
  const { passed, failed, tests } = totalsOf(report)
  const { coverage } = report
  const failures = testsOf(report)
    .filter((test) => !test.ok)
    .map((test) => {
      const message = failureRows(test).map(([name, text]) => `${name}: ${text}`)
      return annotation('error', test, test.name, message.join('\n'))
    })
  const level = isCovered(report) ? 'notice' : 'error'
  const uncovered = (coverage?.uncovered ?? []).map((rule) =>
    annotation(level, rule, 'rule without a test', `no test is decided by ${describeRule(rule)}`),
  )
  const share =
    coverage === undefined ? '' : `, ${coverage.covered} of ${coverage.rules} rules covered`
  const summary = tests === 0 ? 'no test ran' : `${passed} passed, ${failed} failed${share}`
  return `${[...failures, ...uncovered, summary].join('\n')}\n`
}

function annotation(
  level: 'error' | 'notice',
  place: {
    readonly file: string | null
    readonly line: number | null
    readonly column: number | null
  },
  title: string,
  message: string,
): string {
  const properties = [
    ...(place.file === null ? [] : [`file=${property(place.file)}`]),
    ...(place.line === null ? [] : [`line=${place.line}`]),
    ...(place.column === null ? [] : [`col=${place.column}`]),
    `title=${property(printable(title))}`,
  ]
  return `::${level} ${properties.join(',')}::${data(message)}`
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
