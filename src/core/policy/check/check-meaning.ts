import { isMap } from '../../json-kind.ts'
import type { PolicyLimits } from '../limits.ts'
import { checkAccess } from './check-access.ts'
import { createConstraintChecks } from './check-constraint.ts'
import { checkReferences } from './check-references.ts'
import { checkRouter } from './check-router.ts'
import { checkRoles, countRules } from './check-rules.ts'
import { checkSections } from './check-sections.ts'
import type { Report } from './report.ts'

/** What the schema cannot say of sources that make one policy. Reports; never throws. */
export function checkMeaning(reports: readonly Report[], limits: PolicyLimits): void {
  const checks = createConstraintChecks()
  for (const report of reports) {
    if (!isMap(report.source.value)) continue
    checkRoles(report, checks)
    checkAccess(report)
    checkSections(report)
    checkRouter(report)
  }
  checkReferences(reports)
  checkSize(reports, limits)
}

function checkSize(reports: readonly Report[], limits: PolicyLimits): void {
  let rules = 0
  for (const report of reports) {
    rules += countRules(report.source.value)
    if (rules <= limits.maxRules) continue
    report.problem('too_large', ['roles'], `the policy has more than ${limits.maxRules} rules`, {
      at: 'key',
    })
    return
  }
}
