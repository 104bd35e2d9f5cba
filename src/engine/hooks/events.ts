import type { HOOK_EVENTS } from '../../core/policy/schema/sections.ts'

/** A moment in the life of a session at which hooks are run. */
export type HookEvent = (typeof HOOK_EVENTS)[number]

/** What an answer at an event can do. A hook never permits what the policy has denied. */
export interface EventTraits {
  /** Its matchers name tools; those of other events the payload's `name`. */
  readonly ofTool: boolean
  /** A denial counts. At the others it comes too late, and is only reported. */
  readonly denies: boolean
  /** A hook that fails, or that nothing can run, denies. */
  readonly failsClosed: boolean
}

const OBSERVED: EventTraits = { ofTool: false, denies: false, failsClosed: false }

export const EVENT_TRAITS: Readonly<Record<HookEvent, EventTraits>> = {
  PreToolUse: { ofTool: true, denies: true, failsClosed: true },
  PostToolUse: { ofTool: true, denies: true, failsClosed: false },
  PostToolUseFailure: { ofTool: true, denies: false, failsClosed: false },
  SessionStart: OBSERVED,
  SessionEnd: OBSERVED,
  UserPromptSubmit: { ofTool: false, denies: true, failsClosed: true },
  Notification: OBSERVED,
  Stop: OBSERVED,
  SubagentStart: { ofTool: false, denies: true, failsClosed: false },
  SubagentStop: OBSERVED,
}

export function isHookEvent(event: unknown): event is HookEvent {
  return typeof event === 'string' && Object.hasOwn(EVENT_TRAITS, event)
}
