/** What a runner is told: vitest, jest and the like take this shape. */
export interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}
