import { isMap } from '../../json-kind.ts'
import type { PolicyLimits } from '../limits.ts'
import { checkAccess } from './check-access.ts'
import { createConstraintChecks } from './check-constraint.ts'
import { checkReferences } from './check-references.ts'
import { checkRouter } from './check-router.ts'
import { checkRoles, countRules } from './check-rules.ts'
import { checkSections } from './check-sections.ts'
import { member } from './lenient.ts'
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
    warnOfNotEnforced(report)
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

/**
 * Sections that are read and checked but have no effect yet: whoever writes one must learn so.
 * A section leaves this list with the change that enforces it.
 */
export const NOT_ENFORCED: readonly string[] = [
  'router',
  'classifier',
  'baseline',
  'routes',
  'default',
]

function warnOfNotEnforced(report: Report): void {
  const { value } = report.source
  for (const section of NOT_ENFORCED) {
    const found = member(value, section)
    if (isFilled(found))
      report.warning(
        'not_enforced',
        [section],
        `this version checks \`${section}\` but does not enforce it yet`,
        {
          at: 'key',
        },
      )
  }
}

function isFilled(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  return isMap(value) && Object.keys(value).length > 0
}
