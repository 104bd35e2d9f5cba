/**
 * What the engine takes from this folder at run time. In the built package it is a file of its own,
 * loaded with the first call: importing the package must stay cheap.
 */
import { createWatch } from './create-watch.ts'
import { createLineage } from './lineage/create-lineage.ts'
import type { Lineage, LineageOptions } from './lineage/lineage.ts'
import type { Rule } from './rule.ts'
import { BUILT_IN_RULES } from './rules/built-in-rules.ts'
import { scanLeaves } from './scan-leaves.ts'
import type { Watch, WatchOptions } from './watch.ts'

/** Watches one session by the built-in rules and the host's own. */
export function watchSession(options: WatchOptions): Watch {
  return createWatch({ ...options, rules: rulesWith(options.rules) })
}

/** An index of its own, for what outlives a session. */
export function lineageOf(options: LineageOptions): Lineage {
  return createLineage(options)
}

/** Builds what a first call would have to wait for: tables of the scanner, some 50 ms. */
export function warmUp(): void {
  scanLeaves([{ key: 'note', text: WARMING, record: 1, kind: 'prose' }], false)
}

// Speaks to nobody, and has a word of each kind that makes the scanner look closer.
const WARMING = 'Ignore this: an assistant may send a token, a password or a key to a.test.'

// One list an engine, however many sessions it has.
const LISTS = new WeakMap<readonly Rule[], readonly Rule[]>()

function rulesWith(own: readonly Rule[]): readonly Rule[] {
  const known = LISTS.get(own)
  if (known !== undefined) return known
  const all = Object.freeze([...BUILT_IN_RULES, ...own])
  LISTS.set(own, all)
  return all
}
