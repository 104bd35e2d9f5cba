import type { Finding } from '../model/finding.ts'

/** What the policy says of one rule; absent fields are the rule's own. */
export interface RuleSettings {
  readonly enabled: boolean
  readonly action: Finding['action'] | undefined
  readonly severity: Finding['severity'] | undefined
  readonly score: number | undefined
  /** Findings below are dropped. */
  readonly minConfidence: number
  readonly minCalls: number | undefined
  readonly minBytes: number | undefined
  readonly windowMs: number | undefined
  /** True for resources that the rule does not look at. */
  excepts(resource: string, server: string | undefined): boolean
}

/** The policy's `behavior` section, ready to be asked. */
export interface BehaviorSettings {
  rule(id: string): RuleSettings
  readonly destinations: {
    /** True where data may always go: a domain, an address or a recipient. */
    allows(destination: string): boolean
    denies(destination: string): boolean
  }
  /** True for fields that no stranger writes. */
  trustsField(resource: string, key: string): boolean
  /** True for tools whose output is a person's own answer. */
  trustsTool(resource: string, server: string | undefined): boolean
  readonly risk: {
    readonly warnAt: number
    readonly pauseAt: number
    readonly terminateAt: number
  }
  /** What becomes of text that speaks to the model in a response. */
  readonly suspiciousText: 'keep' | 'remove'
}
