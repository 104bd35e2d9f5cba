import { describe, expect, it } from 'vitest'
import type { ConstraintKind } from '../../constraints/constraint.ts'
import { createConstraintChecks } from './check-constraint.ts'

describe('createConstraintChecks', () => {
  it('checks what says the same once, and reports it each time', () => {
    let checks = 0
    const kind: ConstraintKind = {
      kind: 'probe',
      summary: '',
      aliases: [],
      schema: {},
      listItems: undefined,
      check(_config, report) {
        checks++
        report('bad_enum', ['allow', 0], 'no')
      },
      compile() {
        throw new Error('never asked for')
      },
    }
    const check = createConstraintChecks()
    const configs = [['a'], ['a'], { allow: ['a'] }, { allow: ['a'] }]
    const fault = { problem: 'bad_enum', way: ['allow', 0], message: 'no', hint: null }
    expect([configs.flatMap((config) => check(kind, config)), checks]).toEqual([
      [fault, fault, fault, fault],
      2,
    ])
  })

  it('reports a kind that throws', () => {
    const kind = {
      kind: 'probe',
      check() {
        throw new Error('lost')
      },
    } as unknown as ConstraintKind
    expect(createConstraintChecks()(kind, [])).toEqual([
      { problem: 'wrong_type', way: [], message: '`probe` cannot be checked: lost', hint: null },
    ])
  })
})
