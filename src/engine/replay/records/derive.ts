import { patchOf } from '../../../core/effects/patch.ts'
import { checkBlocklist } from '../../../core/gates/blocklist.ts'
import { canonicalJson } from '../../../core/hash.ts'
import type { Call } from '../../../core/model/call.ts'
import {
  andThen,
  type JsonObject,
  type JsonValue,
  type MaybePromise,
} from '../../../core/model/json.ts'
import type { CompiledPolicy } from '../../../core/policy/compile.ts'
import { gateSettings } from '../../gate-settings.ts'
import type { GateRun, Step, StepResult, Steps } from '../../gate-step.ts'
import { makeParts } from '../../make-parts.ts'
import { loadNeededParsers } from '../../needed-parsers.ts'
import { holdPolicy } from '../../policy-holder.ts'
import { checkRbac } from '../../rbac-step.ts'
import { realPath } from '../../real-path.ts'
import { hashOf } from '../../record.ts'
import { recordedForm } from '../../recorded-form.ts'
import type { RedactionKeys } from '../../redaction-keys.ts'
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
  /** What goes out in place of what was asked; undefined where that is the same. */
  readonly rewrite: Rewrite | undefined
}

/** A rewritten call, as its record tells of it. */
export interface Rewrite {
  readonly hash: string
  /** The patch in each form in which it may be recorded. */
  readonly recordable: readonly JsonValue[]
  /** Something of the patch is taken out of records, in a form that hangs on a key. */
  readonly isRedacted: boolean
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
  const { run: base, redaction } = runFor(policy, realpath)
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
          const isSame = effect === 'deny' || judged.arguments === call.arguments
          const rewrite = isSame
            ? undefined
            : rewriteOf(call, judged.arguments, { policy, redaction })
          return { word: { effect: settled, reason, gate, rule, constraint }, usedFiles, rewrite }
        },
      )
    },
  }
}

interface Recording {
  readonly policy: CompiledPolicy
  readonly redaction: RedactionKeys
}

function rewriteOf(call: Call, args: JsonObject, { policy, redaction }: Recording): Rewrite {
  const hash = hashOf(args)
  let patch: ReturnType<typeof patchOf>
  try {
    patch = patchOf(call.arguments, args)
  } catch {
    return { hash, recordable: [null], isRedacted: false } // what no patch can say
  }
  const places = patch.map(({ op, path }) => ({ op, path }))
  const recorded = recordedForm({ redaction }, call, policy, { patch }).patch as JsonValue
  const whole: JsonValue = patch.map((step) => ({ ...step }))
  const text = canonicalJson(recorded)
  const isRedacted = text !== canonicalJson(whole) && text !== canonicalJson(places)
  return { hash, recordable: [recorded, places], isRedacted }
}

const blocklist: Step = (call, run): StepResult =>
  checkBlocklist(gateSettings(run.policy).blocklist, call)

const STEPS: Steps = [
  ['rbac', checkRbac],
  ['secrets', checkSecretStep],
  ['blocklist', blocklist],
]

/** An engine's parts, of which only those are used that hold no state. */
function runFor(
  policy: CompiledPolicy,
  realpath: (path: string) => string,
): { readonly run: GateRun; readonly redaction: RedactionKeys } {
  const report = (): void => {}
  const parts = makeParts({
    options: { policy, realpath, identity: 'host' },
    settings: { isolated: true },
    report,
    holder: holdPolicy(policy),
    context: () => undefined,
  })
  const session = parts.sessions.look('replay', undefined, 0)
  const run: GateRun = {
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
  return { run, redaction: parts.redaction }
}

const NEVER = new AbortController().signal
