import { isCovered, placeText, printable, type RunReport, testsOf } from './run-report.ts'
import { failureRows } from './text.ts'

/**
 * Test Anything Protocol, version 14. Too little coverage is a failed point of its own.
 * @see https://testanything.org/tap-version-14-specification.html
 */
export function tapReport(report: RunReport): string {
  const tests = testsOf(report)
  const missing = coveragePoint(report, tests.length + 1)
  const lines = tests.flatMap((test, index) => {
    const point = `${test.ok ? 'ok' : 'not ok'} ${index + 1} - ${escaped(test.name)}`
    if (test.ok) return [point]
    const rows = [...failureRows(test), ['at', placeText(test)] as const]
    return [
      point,
      '  ---',
      ...rows.map(([name, text]) => `  ${name}: ${JSON.stringify(text)}`),
      '  ...',
    ]
  })
  const count = tests.length + missing.length
  return ['TAP version 14', `1..${count}`, ...lines, ...missing, ''].join('\n')
}

function coveragePoint(report: RunReport, number: number): readonly string[] {
  if (isCovered(report)) return []
  return [
    `not ok ${number} - coverage: ${report.coverage?.percent} % of the rules, ${report.minCoverage} % are asked for`,
  ]
}

/** A number sign begins a directive. */
function escaped(text: string): string {
  return printable(text).replaceAll('\\', '\\\\').replaceAll('#', '\\#')
}
