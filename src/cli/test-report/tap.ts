import { renderTap, type TapPoint } from '../format/tap.ts'
import { isCovered, placeText, type RunReport, testsOf } from './run-report.ts'
import { failureRows } from './text.ts'

/** One point a test. Too little coverage is a failed point of its own. */
export function tapReport(report: RunReport): string {
  const points = testsOf(report).map((test): TapPoint => {
    const { name, ok } = test
    return ok ? { name, ok } : { name, ok, rows: [...failureRows(test), ['at', placeText(test)]] }
  })
  return renderTap([...points, ...coveragePoint(report)])
}

function coveragePoint(report: RunReport): readonly TapPoint[] {
  if (isCovered(report)) return []
  const { coverage, minCoverage } = report
  const name = `coverage: ${coverage?.percent} % of the rules, ${minCoverage} % are asked for`
  return [{ name, ok: false }]
}
