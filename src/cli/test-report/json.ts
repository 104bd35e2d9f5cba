import { type RunReport, totalsOf } from './run-report.ts'

/** One object, `schema: 1`. */
export function jsonReport(report: RunReport): string {
  const { ok, tests, passed, failed } = totalsOf(report)
  const { suites, coverage } = report
  const object = { schema: 1, ok, tests, passed, failed, suites, coverage: coverage ?? null }
  return `${JSON.stringify(object, null, 2)}\n`
}
