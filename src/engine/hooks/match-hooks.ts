import { isList, isMap } from '../../core/json-kind.ts'
import type { JsonObject } from '../../core/model/json.ts'
import type { CompiledPolicy } from '../../core/policy/compile.ts'
import { durationMs } from '../../core/policy/duration.ts'
import { coversResource, parseSelector, type Selector } from '../../core/policy/selectors.ts'
import { EVENT_TRAITS, type HookEvent } from './events.ts'

export const HOOK_TYPES = ['command', 'prompt', 'agent'] as const
export type HookType = (typeof HOOK_TYPES)[number]

/** One hook of a policy, ready to be asked whether it is meant. */
export interface Hook {
  readonly event: HookEvent
  /** Where the policy has it, such as `hooks/PreToolUse/0`. */
  readonly place: string
  /** Undefined: whatever the event speaks of. */
  readonly selector: Selector | undefined
  readonly type: HookType
  /** The command, the prompt, or the agent's name. */
  readonly text: string
  readonly limitMs: number
  /** Nothing waits for it. */
  readonly isAsync: boolean
}

export const DEFAULT_HOOK_MS = 5_000
export const MAX_HOOK_MS = 600_000

const NONE: readonly Hook[] = Object.freeze([])
type ByEvent = ReadonlyMap<HookEvent, readonly Hook[]>

// Derived from an immutable policy alone: it dies with it, and a reload mixes nothing.
const derived = new WeakMap<CompiledPolicy, ByEvent>()

/** What an event speaks of: a tool, or whatever else has a name. */
export interface HookSubject {
  readonly name: string
  readonly server: string | undefined
}

/** The hooks of an event whose matcher names the resource, in the order of the file. */
export function matchersForEvent(
  policy: CompiledPolicy,
  event: HookEvent,
  resource?: HookSubject,
): readonly Hook[] {
  if (policy.document.hooks === undefined) return NONE
  const hooks = hooksOf(policy).get(event) ?? NONE
  // Most calls match nothing, and most policies that have hooks mean every tool.
  for (const hook of hooks)
    if (!covers(hook, resource)) return hooks.filter((other) => covers(other, resource))
  return hooks
}

/** True where any hook of the event names the resource; makes nothing. */
export function hasMatch(policy: CompiledPolicy, event: HookEvent, resource: HookSubject): boolean {
  if (policy.document.hooks === undefined) return false
  for (const hook of hooksOf(policy).get(event) ?? NONE) if (covers(hook, resource)) return true
  return false
}

/** Every hook of a policy. */
export function allHooks(policy: CompiledPolicy): readonly Hook[] {
  return [...hooksOf(policy).values()].flat()
}

function covers({ selector }: Hook, resource: HookSubject | undefined): boolean {
  if (selector === undefined) return true
  return resource !== undefined && coversResource(selector, resource)
}

function hooksOf(policy: CompiledPolicy): ByEvent {
  const known = derived.get(policy)
  if (known !== undefined) return known
  const section = policy.document.hooks ?? {}
  const built = new Map<HookEvent, readonly Hook[]>()
  for (const event of Object.keys(EVENT_TRAITS) as HookEvent[]) {
    const listed = section[event]
    if (!isList(listed) || listed.length === 0) continue
    built.set(event, Object.freeze(listed.map((hook, index) => compileHook(event, index, hook))))
  }
  derived.set(policy, built)
  return built
}

/** The schema has checked the shape. */
function compileHook(event: HookEvent, index: number, written: unknown): Hook {
  const hook: JsonObject = isMap(written) ? (written as JsonObject) : {}
  const type = HOOK_TYPES.find((one) => one === hook['type']) ?? 'command'
  const { matcher, timeout } = hook
  const limitMs = typeof timeout === 'string' ? durationMs(timeout) : DEFAULT_HOOK_MS
  return Object.freeze({
    event,
    place: `hooks/${event}/${index}`,
    selector: typeof matcher === 'string' && matcher !== '*' ? parseSelector(matcher) : undefined,
    type,
    text: String(hook[type] ?? ''),
    limitMs: Math.min(limitMs, MAX_HOOK_MS),
    isAsync: hook['async'] === true,
  })
}
