import type { Finding } from '../model/finding.ts'
import type { RuleFinding } from './rule.ts'

/** A ledger as it would be told: everything that counted is kept, and added up anew each time. */
export interface ReferenceLedger {
  admit(findings: readonly RuleFinding[]): readonly string[]
  approve(findings: readonly RuleFinding[]): void
  refuse(findings: readonly RuleFinding[]): void
  risk(): number
  riskWith(findings: readonly RuleFinding[]): number
}

export function referenceLedger(): ReferenceLedger {
  const seen: string[] = []
  const approved: string[] = []
  let counted: readonly RuleFinding[] = []
  const isNew = (finding: RuleFinding): boolean => !seen.includes(name(finding))
  const counting = (findings: readonly RuleFinding[]): RuleFinding[] =>
    gravest(findings.filter((finding) => isNew(finding) && finding.action !== 'ask'))
  return {
    admit(findings) {
      const fresh = [...new Set(findings.filter(isNew).map(name))]
      counted = [...counted, ...counting(findings)]
      seen.push(...fresh)
      return fresh
    },
    approve(findings) {
      const asked = findings.filter(isAsk).map(name)
      approved.push(...asked)
      seen.push(...asked)
    },
    refuse(findings) {
      const refused = findings.filter((one) => isAsk(one) && !approved.includes(name(one)))
      counted = [...counted, ...gravest(refused)]
    },
    risk: () => total(counted),
    riskWith: (findings) => total([...counted, ...counting(findings)]),
  }
}

function name(finding: RuleFinding): string {
  return `${finding.rule} ${finding.cause ?? finding.trigger}`
}

function isAsk({ action }: Finding): boolean {
  return action === 'ask'
}

/** The gravest of each cause, the gravest first. */
function gravest(findings: readonly RuleFinding[]): RuleFinding[] {
  const sorted = [...findings].sort((one, other) => other.score - one.score)
  return sorted.filter((one, index) => sorted.findIndex((two) => name(two) === name(one)) === index)
}

function total(counted: readonly RuleFinding[]): number {
  let points = 0
  counted.forEach(({ rule, score }, index) => {
    const before = counted.slice(0, index).filter((other) => other.rule === rule).length
    points += score / 2 ** before
  })
  return Math.min(100, Math.round(points))
}
