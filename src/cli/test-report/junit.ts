import type { SuiteResult, TestResult } from '../../testing/run-suite.ts'
import { xmlText } from '../format/xml.ts'
import { isCovered, type RunReport, totalsOf } from './run-report.ts'
import { failureRows } from './text.ts'

/**
 * JUnit XML as CI servers read it. Too little coverage is a failed test case of its own.
 * @see https://github.com/testmoapp/junitxml
 */
export function junitReport(report: RunReport): string {
  const { tests, failed } = totalsOf(report)
  const coverage = coverageSuite(report)
  const extra = coverage.length > 0 ? 1 : 0
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="callgate" tests="${tests + extra}" failures="${failed + extra}">`,
    ...report.suites.flatMap(suiteLines),
    ...coverage,
    '</testsuites>',
    '',
  ].join('\n')
}

function suiteLines(suite: SuiteResult): readonly string[] {
  const failed = suite.tests.filter((test) => !test.ok).length
  const name = suite.file ?? 'suite'
  return [
    `  <testsuite name="${xmlText(name)}" tests="${suite.tests.length}" failures="${failed}">`,
    ...suite.tests.flatMap((test) => caseLines(name, test)),
    '  </testsuite>',
  ]
}

function caseLines(suite: string, test: TestResult): readonly string[] {
  const place = [
    test.file === null ? '' : ` file="${xmlText(test.file)}"`,
    test.line === null ? '' : ` line="${test.line}"`,
  ].join('')
  const open = `    <testcase classname="${xmlText(suite)}" name="${xmlText(test.name)}"${place}`
  if (test.ok) return [`${open}/>`]
  const message = `expected ${test.expected}, got ${test.got}`
  const body = failureRows(test).map(([name, text]) => `${name}: ${text}`)
  return [
    `${open}>`,
    `      <failure message="${xmlText(message)}" type="${xmlText(test.decision.reason)}">${xmlText(body.join('\n'))}</failure>`,
    '    </testcase>',
  ]
}

function coverageSuite(report: RunReport): readonly string[] {
  const { coverage, minCoverage } = report
  if (coverage === undefined || isCovered(report)) return []
  return [
    '  <testsuite name="coverage" tests="1" failures="1">',
    '    <testcase classname="coverage" name="rules decided by a test">',
    `      <failure message="${coverage.percent} % of the rules, ${minCoverage} % are asked for" type="coverage"/>`,
    '    </testcase>',
    '  </testsuite>',
  ]
}
