/** How much a policy may be. Larger is refused before it costs anything. */
export interface PolicyLimits {
  /** Bytes of one file. @default 1 MiB */
  readonly maxBytes: number
  /** Levels of nesting. @default 64 */
  readonly maxDepth: number
  /** Rules of all roles together. @default 100,000 */
  readonly maxRules: number
}

export const POLICY_LIMITS: PolicyLimits = Object.freeze({
  maxBytes: 1 << 20,
  maxDepth: 64,
  maxRules: 100_000,
})
