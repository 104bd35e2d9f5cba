import type { JsonObject } from '../../core/model/json.ts'
import type { CompiledPolicy } from '../../core/policy/compile.ts'
import type { Diagnostic } from '../options.ts'
import { type Background, createBackground, MAX_WAITING } from './background.ts'
import { maskSecrets } from './mask.ts'
import { allHooks } from './match-hooks.ts'
import type { HookWork } from './run-event.ts'
import type { HookRunners } from './runners.ts'

/** Takes out of a payload what hooks must not see. */
export type HookRedactor = (value: JsonObject, policy: CompiledPolicy) => JsonObject

export interface HookSettings {
  readonly runners: HookRunners | undefined
  readonly report: (diagnostic: Diagnostic) => void
  /** @default masks secrets */
  readonly redact?: HookRedactor
}

/** Everything that runs hooks. Made once an engine. */
export interface HookParts extends HookWork {
  readonly background: Background
  readonly redact: HookRedactor
  /** Says, once a policy, which of its hooks nothing can run. */
  admit(policy: CompiledPolicy): void
}

export function openHooks({ runners = {}, report, redact }: HookSettings): HookParts {
  const admitted = new WeakSet<CompiledPolicy>()
  return {
    // Read once: what the host changes later is of no account.
    runners: Object.freeze({ ...runners }),
    report,
    redact: redact ?? maskSecrets,
    background: createBackground((dropped) =>
      report({
        code: 'hook_dropped',
        message: `an async hook was not run: ${MAX_WAITING} are waiting already (${dropped} dropped so far)`,
      }),
    ),
    admit(policy) {
      if (admitted.has(policy)) return
      admitted.add(policy)
      for (const { place, type } of allHooks(policy))
        if (runners[type] === undefined)
          report({
            code: 'hook_no_runner',
            message: `nothing can run \`${place}\`: the engine was given no runner for hooks of type \`${type}\`; where it may object, the call is denied`,
          })
    },
  }
}
