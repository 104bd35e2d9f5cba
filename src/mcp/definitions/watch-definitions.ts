import type { ToolDefinitionState } from '../../core/model/call.ts'
import type { Finding } from '../../core/model/finding.ts'
import { acceptListed, forgetPins, listPins } from './accept-pins.ts'
import { stateOf } from './definition-state.ts'
import { type DefinitionChange, describeChanges } from './describe-changes.ts'
import { createFindings } from './find-in-list.ts'
import { createKept } from './kept.ts'
import { createKnownObjects } from './known-objects.ts'
import { type ListPage, learnList } from './learn-list.ts'
import { memoryPins, type PinStore } from './pins.ts'
import { createTold } from './told.ts'
import { checkDefinitionOptions } from './watch-options.ts'

/** Keeps what servers say of their tools, and tells what is no longer as it was accepted. */
export interface DefinitionWatch {
  /**
   * Takes in a list of tools as a server has given it. Returns what is wrong with them, once for each
   * definition. Never throws.
   */
  learn(server: string, tools: readonly unknown[], page?: ListPage): readonly Finding[]
  /** How a tool stands to what was accepted; undefined where nothing is known of it. */
  stateOf(server: string, tool: string): ToolDefinitionState | undefined
  /**
   * Accepts the definition that was listed last, of one tool or of all of a server. With `hash` only
   * that one: what a person has looked at. Returns the names of what was accepted.
   * @throws {CallgateError} ERR_PINS_INVALID where it cannot be kept
   */
  accept(server: string, tool?: string, hash?: string): readonly string[]
  /**
   * Forgets what was accepted, of one tool or of all of a server: the next list is the first. Returns
   * the names of what was forgotten.
   * @throws {CallgateError} ERR_PINS_INVALID where that cannot be kept
   */
  forget(server: string, tool?: string): readonly string[]
  /** All tools that are known, in the order of their names. */
  list(): readonly WatchedTool[]
  /** What differs between what was accepted and what was listed last. */
  changes(server: string, tool: string): readonly DefinitionChange[]
}

/** One tool, as a command line shows it. */
export interface WatchedTool {
  readonly server: string
  readonly tool: string
  /** `new`: nobody has accepted it. `refused`: over a bound, so that it cannot be accepted. */
  readonly state: 'accepted' | 'changed' | 'new' | 'refused'
  /** What is no longer as it was accepted, such as `description, input schema`. */
  readonly changed: string | undefined
  /** Of the accepted definition. */
  readonly accepted: string | undefined
  /** Of what was listed last, where that is not what was accepted: what `accept` takes. */
  readonly offered: string | undefined
}

export interface DefinitionOptions {
  /** Where it is kept what was accepted. @default `memoryPins()`, which a restart empties */
  readonly pins?: PinStore
  /** Accept the first definition of a tool that is seen. False: a person accepts each. @default true */
  readonly acceptNew?: boolean
  /**
   * What a tool's accepted annotations say of its effects makes its calls more suspicious: `caution`. Or
   * nothing: `ignore`.
   * @default 'caution'
   */
  readonly annotations?: 'caution' | 'ignore'
}

/**
 * Watches what servers say of their tools. The first definition of a tool is accepted; calls of a tool
 * that is defined otherwise later are denied `tool_changed`, until a person accepts that or the accepted
 * definition comes back.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export function watchDefinitions(options: DefinitionOptions = {}): DefinitionWatch {
  checkDefinitionOptions(options)
  const { pins = memoryPins(), acceptNew = true, annotations = 'caution' } = options
  const kept = createKept(pins)
  const findings = createFindings()
  const told = createTold()
  const learning = { kept, findings, told, acceptNew, objects: createKnownObjects() }
  const states = { acceptNew, isCautious: annotations === 'caution' }
  return {
    learn: (server, tools, page) => learnList(learning, server, tools, page),
    stateOf: (server, tool) => stateOf(kept, server, tool, states),
    accept: (server, tool, hash) => acceptListed(kept, server, tool, hash),
    forget(server, tool) {
      const names = forgetPins(kept, server, tool)
      for (const name of names) {
        findings.forget({ server, tool: name })
        told.forget(`${server}.${name}`)
      }
      return names
    },
    list: () => listPins(kept),
    changes(server, tool) {
      const { accepted, offered } = kept.pair(server, tool)
      return offered === undefined ? [] : describeChanges(accepted?.parts ?? {}, offered.parts)
    },
  }
}
