import type { Call } from '../../core/model/call.ts'
import type { MaybePromise } from '../../core/model/json.ts'
import type { CompiledPolicy } from '../../core/policy/compile.ts'
import type { Step } from '../gate-step.ts'
import { afterTool, type HookDenial } from './after-tool.ts'
import type { BackgroundCounts } from './background.ts'
import { callHook, type HookCallParts } from './hook-call.ts'
import { hookGate } from './hook-gate.ts'
import { type HookSettings, openHooks } from './hook-parts.ts'
import type { ToolOutcome } from './payload.ts'
import { createSessionHooks, type SessionHooks } from './session-hooks.ts'

/** The hooks of an engine, for every place of the line at which some are run. */
export interface Hooks extends SessionHooks {
  /** `PreToolUse`. */
  readonly gate: Step
  /** `PostToolUse` and `PostToolUseFailure`; see `afterTool`. */
  after(
    policy: CompiledPolicy,
    call: Call,
    ok: boolean,
    outcome: () => Omit<ToolOutcome, 'ok'>,
  ): MaybePromise<HookDenial | undefined>
  /** Whatever the host tells of. */
  call(event: unknown, payload: unknown): MaybePromise<void>
  /** Says, once a policy, which of its hooks nothing can run. */
  admit(policy: CompiledPolicy): void
  counts(): BackgroundCounts
  close(): Promise<void>
}

export function createHooks(settings: HookSettings & Omit<HookCallParts, 'hooks'>): Hooks {
  const parts = openHooks(settings)
  return {
    gate: hookGate(parts),
    after: (policy, call, ok, outcome) => afterTool(parts, policy, call, ok, outcome),
    call: (event, payload) => callHook({ ...settings, hooks: parts }, event, payload),
    ...createSessionHooks(parts, settings.policyFor),
    admit: parts.admit,
    counts: parts.background.counts,
    close: parts.background.close,
  }
}
