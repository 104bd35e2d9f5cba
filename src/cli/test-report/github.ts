import { describeRule } from '../../testing/describe.ts'
import { type Annotation, renderAnnotation } from '../format/github.ts'
import { printable } from '../paint.ts'
import { isCovered, type RunReport, testsOf, totalsOf } from './run-report.ts'
import { failureRows } from './text.ts'

/** Annotations that GitHub Actions shows beside the lines of a pull request, then one plain line. */
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
  return `${[...failures, ...uncovered].join('')}${summary}\n`
}

interface Located {
  readonly file: string | null
  readonly line: number | null
  readonly column: number | null
}

function annotation(
  level: Annotation['level'],
  { file, line, column }: Located,
  title: string,
  message: string,
): string {
  return renderAnnotation({ level, file, line, column, title: printable(title), message })
}
