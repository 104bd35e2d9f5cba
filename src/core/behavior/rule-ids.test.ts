import { describe, expect, it } from 'vitest'
import { BEHAVIOR_RULES } from '../policy/schema/behavior.ts'
import { BUILT_IN_RULE_IDS } from './rule-ids.ts'
import { BUILT_IN_RULES } from './rules/built-in-rules.ts'

describe('the ids of the built-in rules', () => {
  it('are those of the rules, and those a policy may name', () => {
    const ids = new Set(BUILT_IN_RULES.map(({ id }) => id))
    expect([...ids].sort()).toEqual([...BUILT_IN_RULE_IDS].sort())
    expect([...BEHAVIOR_RULES].sort()).toEqual([...BUILT_IN_RULE_IDS].sort())
  })
})
