import type { SuiteResult, TestResult } from '../run-suite.ts'
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
    `  <testsuite name="${xml(name)}" tests="${suite.tests.length}" failures="${failed}">`,
    ...suite.tests.flatMap((test) => caseLines(name, test)),
    '  </testsuite>',
  ]
}

function caseLines(suite: string, test: TestResult): readonly string[] {
  const place = [
    test.file === null ? '' : ` file="${xml(test.file)}"`,
    test.line === null ? '' : ` line="${test.line}"`,
  ].join('')
  const open = `    <testcase classname="${xml(suite)}" name="${xml(test.name)}"${place}`
  if (test.ok) return [`${open}/>`]
  const message = `expected ${test.expected}, got ${test.got}`
  const body = failureRows(test).map(([name, text]) => `${name}: ${text}`)
  return [
    `${open}>`,
    `      <failure message="${xml(message)}" type="${xml(test.decision.reason)}">${xml(body.join('\n'))}</failure>`,
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

/** Characters that XML 1.0 has no place for, and those that it reads. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
}
