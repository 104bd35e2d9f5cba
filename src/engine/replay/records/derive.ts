import { checkBlocklist } from '../../../core/gates/blocklist.ts'
import type { Call } from '../../../core/model/call.ts'
import { andThen, type MaybePromise } from '../../../core/model/json.ts'
import type { CompiledPolicy } from '../../../core/policy/compile.ts'
import { gateSettings } from '../../gate-settings.ts'
import type { GateRun, Step, StepResult, Steps } from '../../gate-step.ts'
import { makeParts } from '../../make-parts.ts'
import { loadNeededParsers } from '../../needed-parsers.ts'
import { holdPolicy } from '../../policy-holder.ts'
import { checkRbac } from '../../rbac-step.ts'
import { realPath } from '../../real-path.ts'
import { runGates } from '../../run-gates.ts'
import { checkSecretStep } from '../../secret-step.ts'
import { viewOf } from '../../sessions.ts'
import type { RecordedWord } from './judgement.ts'

/** Gates whose word follows from the policy, the call and the time alone, in the order of the line. */
export const DERIVED_GATES = ['rbac', 'secrets', 'blocklist'] as const

/** What these gates make of a call. */
export interface Derived {
  readonly word: RecordedWord
  /** A path was looked up in the file system. */
  readonly usedFiles: boolean
}

export interface Deriver {
  /** With `approved` a person has said yes already. */
  derive(call: Call, approved: boolean): MaybePromise<Derived>
}

/**
 * Judges calls by the engine's own gates, but for those that go by what only the moment knew. Nothing
 * moves. Loads the parsers that the policy needs.
 */
export async function createDeriver(policy: CompiledPolicy): Promise<Deriver> {
  let usedFiles = false
  const realpath = (path: string): string => {
    usedFiles = true
    return realPath(path)
  }
  const base = runFor(policy, realpath)
  if (base.ports.sqlParsers !== undefined) await loadNeededParsers(policy, base.ports.sqlParsers)
  return {
    derive(call, approved) {
      usedFiles = false
      const run = { ...base, approved }
      return andThen(
        runGates(call, run),
        ({ effect, reason, gate, rule, constraint, ...judged }) => {
          // As in the line: what was approved goes out as it was rewritten.
          const isRewritten = effect === 'allow' && judged.arguments !== call.arguments
          const settled = approved && isRewritten ? 'compute' : effect
          return { word: { effect: settled, reason, gate, rule, constraint }, usedFiles }
        },
      )
    },
  }
}

const blocklist: Step = (call, run): StepResult =>
  checkBlocklist(gateSettings(run.policy).blocklist, call)

const STEPS: Steps = [
  ['rbac', checkRbac],
  ['secrets', checkSecretStep],
  ['blocklist', blocklist],
]

/** An engine's parts, of which only those are used that hold no state. */
function runFor(policy: CompiledPolicy, realpath: (path: string) => string): GateRun {
  const report = (): void => {}
  const parts = makeParts({
    options: { policy, realpath, identity: 'host' },
    settings: { isolated: true },
    report,
    holder: holdPolicy(policy, report),
    context: () => undefined,
  })
  const session = parts.sessions.look('replay', undefined, 0)
  return {
    policy,
    ports: parts.ports,
    steps: STEPS,
    session: viewOf(session),
    behavior: {
      watch: parts.behavior.watchOf(session),
      settings: parts.behavior.settingsOf(policy),
      number: 1,
    },
    spend: {
      limiter: parts.limiter,
      ancestors: [],
      tainted: false,
      held: undefined,
      over: false,
      begun: 0,
      onFault: report,
    },
    redaction: parts.redaction.for(undefined),
    signal: () => NEVER,
    limits: parts.limits,
    gateTimeoutMs: parts.gateTimeoutMs,
    approved: false,
    dryRun: true,
    onFault: report,
  }
}

const NEVER = new AbortController().signal
