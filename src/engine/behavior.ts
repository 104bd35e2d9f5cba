import { behaviorSettings } from '../core/behavior/behavior-settings.ts'
import { watchSession } from '../core/behavior/entry.ts'
import type { Rule } from '../core/behavior/rule.ts'
import type { BehaviorSettings } from '../core/behavior/settings.ts'
import type { Carry, Watch } from '../core/behavior/watch.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import { inflate } from './inflate.ts'
import type { Session } from './sessions.ts'

/** What an engine needs to watch its sessions. */
export interface Behavior {
  settingsOf(policy: CompiledPolicy): BehaviorSettings
  /** The session's watch, made with its first call. */
  watchOf(session: Session): Watch
}

export interface BehaviorOptions {
  /** Keys every hash: 16 bytes or more. */
  readonly key: Uint8Array
  /** The host's own, beside the built-in ones. */
  readonly rules: readonly Rule[]
  /** Bytes of one session's watch. */
  readonly maxSessionBytes: number
  /** What principals have read in other sessions. */
  readonly carry: Carry
  /** Kinds of evidence to leave out, for measuring. */
  readonly without: ReadonlySet<string> | undefined
}

export function createBehavior(options: BehaviorOptions): Behavior {
  const settings = new WeakMap<CompiledPolicy, BehaviorSettings>()
  return {
    settingsOf(policy) {
      const known = settings.get(policy)
      if (known !== undefined) return known
      const made = behaviorSettings(policy.document.behavior)
      settings.set(policy, made)
      return made
    },
    watchOf(session) {
      session.watch ??= watchSession({
        key: options.key,
        rules: options.rules,
        maxBytes: options.maxSessionBytes,
        carry: options.carry,
        forgot: session.forgot,
        ...(session.ledger === undefined ? {} : { ledger: session.ledger }),
        inflate,
        ...(options.without === undefined ? {} : { without: options.without }),
      })
      return session.watch
    },
  }
}
