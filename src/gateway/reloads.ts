import {
  CallgateError,
  formatProblem,
  isCallgateError,
  type PolicyProblem,
} from '../core/model/errors.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'

/** What came of a reload. Where it failed, the policy of before is still in force. */
export type Reloaded =
  | { readonly ok: true; readonly policy_digest: string }
  | { readonly ok: false; readonly code: string; readonly problems: number }

export interface Reloads {
  /** Never rejects. */
  reload(): Promise<Reloaded>
  counts(): { readonly succeeded: number; readonly failed: number }
}

const MOST_LINES = 20

/** One reload at a time; those that are asked for meanwhile are one more. */
export function createReloads(
  engine: PolicyEngine,
  load: () => Promise<CompiledPolicy>,
  say: (line: string) => void,
): Reloads {
  let running: Promise<Reloaded> | undefined
  let next: Promise<Reloaded> | undefined
  let succeeded = 0
  let failed = 0
  const once = async (): Promise<Reloaded> => {
    try {
      engine.reload(await load())
      await engine.ready()
      succeeded++
      const { policy_digest } = engine.context()
      say(`policy reloaded: ${policy_digest}`)
      return { ok: true, policy_digest }
    } catch (error) {
      failed++
      say(`policy not reloaded, the last good one stays in force:\n${faultText(error)}`)
      return { ok: false, code: codeOf(error), problems: problemsOf(error).length }
    }
  }
  const reload = (): Promise<Reloaded> => {
    if (running === undefined) {
      running = once().finally(() => {
        running = undefined
      })
      return running
    }
    next ??= running.then(() => {
      next = undefined
      return reload()
    })
    return next
  }
  return { reload, counts: () => ({ succeeded, failed }) }
}

function problemsOf(error: unknown): readonly PolicyProblem[] {
  const isPolicyError = isCallgateError(error) && error.code === 'ERR_POLICY_INVALID'
  return isPolicyError && 'problems' in error ? (error.problems as readonly PolicyProblem[]) : [] // its own field
}

function codeOf(error: unknown): string {
  if (error instanceof CallgateError || isCallgateError(error)) return error.code
  return 'ERR_OPTIONS_INVALID'
}

function faultText(error: unknown): string {
  const problems = problemsOf(error)
  const lines = problems.slice(0, MOST_LINES).map((problem) => `  ${formatProblem(problem)}`)
  if (problems.length > MOST_LINES) lines.push(`  and ${problems.length - MOST_LINES} more`)
  return lines.length > 0 ? lines.join('\n') : `  ${error instanceof Error ? error.message : error}`
}
