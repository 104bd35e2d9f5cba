import type { SuiteResult, TestResult } from '../../testing/run-suite.ts'
import type { Coverage } from './coverage.ts'

/** Everything that one run found: what reporters turn into text. */
export interface RunReport {
  readonly suites: readonly SuiteResult[]
  /** Only where it was asked for. */
  readonly coverage?: Coverage
  /** Least percentage of rules that must be covered. */
  readonly minCoverage?: number
}

/** The same numbers for every format, and for the exit code. */
export interface Totals {
  readonly tests: number
  readonly passed: number
  readonly failed: number
  /** Something ran, nothing failed, and the coverage is enough. */
  readonly ok: boolean
}

export function totalsOf(report: RunReport): Totals {
  const tests = testsOf(report)
  const passed = tests.filter((test) => test.ok).length
  const failed = tests.length - passed
  return {
    tests: tests.length,
    passed,
    failed,
    ok: tests.length > 0 && failed === 0 && isCovered(report),
  }
}

/** True where no coverage was demanded, or enough was reached. */
export function isCovered({ coverage, minCoverage }: RunReport): boolean {
  return minCoverage === undefined || coverage === undefined || coverage.percent >= minCoverage
}

export function testsOf(report: RunReport): readonly TestResult[] {
  return report.suites.flatMap((suite) => suite.tests)
}

/** Where a test or rule stands, as editors link it. */
export function placeText(place: {
  readonly file: string | null
  readonly line: number | null
  readonly column: number | null
}): string {
  return [place.file, place.line, place.column].filter((part) => part !== null).join(':')
}
