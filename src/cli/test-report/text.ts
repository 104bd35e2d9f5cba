import { describeRule, type Row } from '../../testing/describe.ts'
import type { SuiteResult, TestResult } from '../../testing/run-suite.ts'
import { type Paint, printable } from '../paint.ts'
import { alignRows } from '../table.ts'
import { isCovered, placeText, type RunReport, totalsOf } from './run-report.ts'

/** One line a suite, and whatever failed. */
export function textReport(report: RunReport, paint: Paint): string {
  const { tests, passed, failed } = totalsOf(report)
  const lines = report.suites.flatMap((suite) => suiteLines(suite, paint))
  lines.push(...coverageLines(report, paint))
  if (tests === 0) lines.push(paint.bad('no test ran'))
  else {
    const words = failed === 0 ? paint.good(`${passed} passed`) : paint.bad(`${failed} failed`)
    lines.push(failed === 0 ? words : `${passed} passed, ${words}`)
  }
  return `${lines.join('\n')}\n`
}

/** What a failed test expected and got, and what would change it. */
export function failureRows(test: TestResult): readonly Row[] {
  const { decision, remedy } = test
  const rows: Row[] = [
    ['expected', test.expected],
    ['got', test.got],
    ['call', test.call],
  ]
  if (decision.rule !== null) rows.push(['rule', describeRule(decision.rule)])
  if (decision.detail !== null) rows.push(['detail', decision.detail])
  if (remedy !== null) rows.push(['remedy', remedy])
  return rows.map(([name, text]): Row => [name, printable(text)])
}

function suiteLines(suite: SuiteResult, paint: Paint): readonly string[] {
  const failed = suite.tests.filter((test) => !test.ok)
  const count = suite.tests.length
  const tests = `${count} ${count === 1 ? 'test' : 'tests'}`
  const mark = failed.length === 0 ? paint.good('✓') : paint.bad('✗')
  const share = failed.length === 0 ? tests : `${failed.length} of ${tests} failed`
  return [
    `${mark} ${printable(suite.file ?? 'suite')}  ${paint.quiet(share)}`,
    ...failed.flatMap((test) => [
      '',
      `  ${paint.bad('✗')} ${paint.strong(printable(test.name))}  ${paint.quiet(printable(placeText(test)))}`,
      ...alignRows(failureRows(test), '      '),
    ]),
    ...(failed.length === 0 ? [] : ['']),
  ]
}

function coverageLines(report: RunReport, paint: Paint): readonly string[] {
  const { coverage, minCoverage } = report
  if (coverage === undefined) return []
  const { covered, rules, percent, uncovered } = coverage
  const enough = isCovered(report)
  const least = minCoverage === undefined ? '' : `, at least ${minCoverage} % are asked for`
  const summary = `${covered} of ${rules} rules decided a test (${percent} %${least})`
  return [
    '',
    enough ? summary : paint.bad(summary),
    ...uncovered.map((rule) =>
      `  ${printable(describeRule(rule))}  ${paint.quiet(printable(placeText(rule)))}`.trimEnd(),
    ),
    '',
  ]
}
