import { createHooks, type Hooks } from './hooks/hooks.ts'
import type { LineParts } from './line-record.ts'
import type { EngineOptions } from './options.ts'
import type { PolicyHolder } from './policy-holder.ts'
import { note } from './session-control.ts'

/** The hooks of an engine, with what they need of it. */
export function hooksOf(
  parts: Omit<LineParts, 'hooks' | 'steps'>,
  { hooks: runners }: EngineOptions,
  holder: PolicyHolder,
): Hooks {
  const hooks = createHooks({
    runners,
    report: parts.report,
    mode: parts.mode,
    policyFor: parts.policyFor,
    context: parts.context,
    nextId: parts.nextId,
    dispositionOf: (session) => parts.sessions.view(session, parts.now()).disposition,
    note: (fields) => note(parts, { kind: 'decision', status: 'denied', ...fields }),
  })
  admitHooks(hooks, holder)
  return hooks
}

/** Says of the policy in force which of its hooks nothing can run; of one that is chosen, when it is. */
export function admitHooks(hooks: Hooks, holder: PolicyHolder): void {
  const policy = holder.current()
  if (policy !== undefined) hooks.admit(policy)
}
