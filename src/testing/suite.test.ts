import { describe, expect, it } from 'vitest'
import { isCallgateError } from '../core/model/errors.ts'
import { parsePolicy } from '../core/policy/parse.ts'
import { runSuite } from './run-suite.ts'
import { readSuite } from './suite.ts'
import { SuiteError } from './suite-error.ts'

const problemsOf = (text: string): readonly string[] => {
  try {
    readSuite(text, { file: 's.policytest.yaml' })
    return []
  } catch (error) {
    if (!(error instanceof SuiteError)) throw error
    return error.message.split('\n')
  }
}

const POLICY = parsePolicy(`
roles:
  - name: reader
    rules:
      - { name: Read, resources: [db.read], verbs: [invoke] }
      - { resources: [db.write], verbs: [invoke], constraints: { one_of: { field: mode, allow: [dry] } } }
      - { effect: escalate, resources: [db.drop], verbs: [invoke] }
bindings:
  - { agent: bot, roles: [reader], scopes: [support], expires_at: 2026-06-01T00:00:00Z }
`)

describe('readSuite', () => {
  it('reads calls, named subjects, expectations and times', () => {
    const suite = readSuite(
      `
policy: [base.yaml, team.yaml]
now: 2026-03-01T00:00:00Z
subjects:
  bot: { agent: support-bot, team: x, groups: [oncall], tier: service }
tests:
  - name: may read
    call: { subject: bot, resource: db.read, scope: support, arguments: { a: [1] } }
    want: allow
  - call: { agent: rogue, resource: db.read, verb: discover }
    want: { reason: no_binding, rule: null, gate: rbac }
    now: 2026-04-01T00:00:00Z
`,
      { file: 's.policytest.yaml' },
    )

    expect(suite).toEqual({
      file: 's.policytest.yaml',
      policy: ['base.yaml', 'team.yaml'],
      tests: [
        {
          name: 'may read',
          line: 7,
          column: 5,
          call: {
            subject: { agent: 'support-bot', team: 'x', groups: ['oncall'], tier: 'service' },
            resource: 'db.read',
            scope: 'support',
            arguments: { a: [1] },
          },
          want: { effect: 'allow' },
          now: Date.UTC(2026, 2, 1),
        },
        {
          name: 'rogue discover db.read',
          line: 10,
          column: 5,
          call: { agent: 'rogue', resource: 'db.read', verb: 'discover' },
          want: { effect: 'deny', reason: 'no_binding', rule: null, gate: 'rbac' },
          now: Date.UTC(2026, 3, 1),
        },
      ],
    })
  })

  it('reads JSON too', () => {
    const text = '{"tests":[{"call":{"agent":"a","resource":"x"},"want":"no_binding"}]}'
    const { tests } = readSuite(text, { file: 's.policytest.json' })

    expect(tests.map(({ want, line }) => ({ want, line }))).toEqual([
      { want: { effect: 'deny', reason: 'no_binding' }, line: 1 },
    ])
  })

  it('makes one test of each cell of a matrix, and none of an open one', () => {
    const { tests } = readSuite(
      `
subjects: { bot: { agent: bot }, rogue: { agent: rogue } }
tests:
  - name: rights
    matrix:
      subjects: [bot, rogue]
      call: { scope: support }
      rows:
        - { resource: db.read, want: [allow, no_binding] }
        - { name: other scope, resource: db.read, scope: sales, want: [scope_mismatch, "-"] }
`,
      { file: null },
    )

    expect(
      tests.map(({ name, line, column, call, want }) => [name, line, column, call, want]),
    ).toEqual([
      [
        'rights: bot invoke db.read',
        9,
        39,
        { scope: 'support', resource: 'db.read', subject: { agent: 'bot' } },
        { effect: 'allow' },
      ],
      [
        'rights: rogue invoke db.read',
        9,
        46,
        { scope: 'support', resource: 'db.read', subject: { agent: 'rogue' } },
        { effect: 'deny', reason: 'no_binding' },
      ],
      [
        'rights: other scope: bot invoke db.read',
        10,
        72,
        { scope: 'sales', resource: 'db.read', subject: { agent: 'bot' } },
        { effect: 'deny', reason: 'scope_mismatch' },
      ],
    ])
  })

  it.each<[string, string, readonly string[]]>([
    ['broken YAML', 'tests: [', ['s.policytest.yaml:1:9: ']],
    ['an empty file', '', ['s.policytest.yaml:1:1: ']],
    ['a list', '- a', ['s.policytest.yaml:1:1: a map is needed, not a list']],
    ['no tests', 'policy: p.yaml', ['s.policytest.yaml:1:1: `tests` is missing: ']],
    [
      'an unknown key',
      'test: []\ntests: []',
      ['s.policytest.yaml:1:1: unknown key `test` (did you mean `tests`?)'],
    ],
    [
      'every fault at once, in order',
      'tests:\n  - { call: { agent: 1, resource: x }, want: alow }\n  - { name: n }\nnow: soon',
      [
        's.policytest.yaml:2:22: call.agent: a text is needed, not a number (put it in quotes: "1")',
        's.policytest.yaml:2:46: want: `alow` is not known here (did you mean `allow`?)',
        's.policytest.yaml:3:5: a test has a `call` or a `matrix`',
        's.policytest.yaml:4:6: now: `soon` is no point in time (write `2026-01-01T00:00:00Z`)',
      ],
    ],
    [
      'an unknown reason',
      'tests: [{ call: { resource: x }, want: { effect: deny, reason: no_bindings } }]',
      [
        's.policytest.yaml:1:64: want.reason: `no_bindings` is not known here (did you mean `no_binding`?)',
      ],
    ],
    [
      'no effect',
      'tests: [{ call: { resource: x }, want: { rule: r } }]',
      ['s.policytest.yaml:1:40: want: `effect` is missing (one of allow, deny, compute, escalate)'],
    ],
    [
      'no expectation',
      'tests: [{ call: { resource: x } }]',
      ['s.policytest.yaml:1:9: what is expected is missing'],
    ],
    [
      'an unknown subject',
      'subjects: { bot: { agent: a } }\ntests: [{ call: { subject: bott, resource: x }, want: allow }]',
      ['s.policytest.yaml:2:28: call.subject: there is no subject `bott` (did you mean `bot`?)'],
    ],
    [
      'two agents',
      'tests: [{ call: { agent: a, subject: { agent: b }, resource: x }, want: allow }]',
      ['s.policytest.yaml:1:26: call.agent: the subject beside it is another agent'],
    ],
    [
      'no resource',
      'tests: [{ call: { agent: a }, want: allow }]',
      ['s.policytest.yaml:1:17: call: `resource` is missing: what is called'],
    ],
    [
      'an unknown verb and tier',
      'tests: [{ call: { subject: { tier: root }, verb: run, resource: x }, want: allow }]',
      [
        's.policytest.yaml:1:36: subject.tier: `root` is not known here (one of admin, ',
        's.policytest.yaml:1:50: call.verb: `run` is not known here (one of discover, invoke, admin)',
      ],
    ],
    [
      'a row with too few cells',
      'subjects: { a: {}, b: {} }\ntests: [{ matrix: { subjects: [a, b], rows: [{ resource: x, want: [allow] }] } }]',
      [
        's.policytest.yaml:2:67: want: there are 2 subjects and 1 cells (leave a cell open with `-`)',
      ],
    ],
    [
      'a row without a resource',
      'subjects: { a: {} }\ntests: [{ matrix: { subjects: [a], rows: [{ want: [allow] }] } }]',
      ['s.policytest.yaml:2:43: `resource` is missing: what is called'],
    ],
    [
      'a matrix beside a call',
      'tests: [{ call: { resource: x }, matrix: { subjects: [], rows: [] } }]',
      ['s.policytest.yaml:1:17: call: a matrix has its own: put it there'],
    ],
  ])('refuses %s', (_, text, messages) => {
    expect(problemsOf(text)).toEqual(
      messages.map((message) => expect.stringContaining(message) as string),
    )
  })

  it('throws an error of its own code', () => {
    try {
      readSuite('tests: 1', { file: null })
      expect.unreachable()
    } catch (error) {
      expect(isCallgateError(error) && error.code).toBe('ERR_SUITE_INVALID')
    }
  })
})

describe('runSuite', () => {
  const run = (tests: string, filter?: string) =>
    runSuite(readSuite(`tests:\n${tests}`, { file: 's.yaml' }), {
      policy: POLICY,
      ...(filter === undefined ? {} : { filter }),
    })

  it.each([
    ['allow', 'db.read', '{}', 'allow'],
    ['a word for a denial', 'db.other', '{}', 'no_matching_rule'],
    ['a word for a question', 'db.drop', '{}', 'approval_required'],
    ['the effect alone', 'db.other', '{}', 'deny'],
    ['a rule by its name', 'db.read', '{}', '{ effect: allow, rule: Read }'],
    ['a rule by its role', 'db.read', '{}', '{ effect: allow, rule: reader }'],
    ['a rule by its place', 'db.write', '{ mode: dry }', '{ effect: allow, rule: "reader[1]" }'],
    ['a constraint', 'db.write', '{ mode: wet }', '{ effect: deny, constraint: one_of }'],
    ['no constraint', 'db.read', '{}', '{ effect: allow, constraint: null }'],
  ])('compares %s', async (_, resource, args, want) => {
    const call = `{ agent: bot, scope: support, resource: ${resource}, arguments: ${args} }`
    const { tests } = await run(`  - { call: ${call}, want: ${want} }`)

    expect(tests.map(({ ok, differs }) => ({ ok, differs }))).toEqual([{ ok: true, differs: [] }])
  })

  it('says what was expected, what was decided and what would change it', async () => {
    const { tests } = await run(
      '  - { name: n, call: { agent: bot, resource: db.read, scope: sales }, want: { effect: allow, rule: Read } }',
    )

    expect(tests).toEqual([
      {
        name: 'n',
        file: 's.yaml',
        line: 2,
        column: 5,
        ok: false,
        expected: 'allow by Read',
        got: 'deny scope_mismatch by no rule',
        differs: ['effect', 'rule'],
        call: 'bot invoke db.read in scope sales {}',
        decision: {
          effect: 'deny',
          reason: 'scope_mismatch',
          gate: 'rbac',
          rule: null,
          constraint: null,
          detail: expect.any(String),
        },
        remedy: 'add scope `sales` to binding 0',
      },
    ])
  })

  it('asks each test at its own time', async () => {
    const call = 'call: { agent: bot, resource: db.read, scope: support }'
    const { tests } = await run(
      `  - { ${call}, want: no_binding, now: 2026-06-01T00:00:00Z }\n  - { ${call}, want: allow }`,
    )

    expect(tests.map(({ ok }) => ok)).toEqual([true, true])
  })

  it('keeps only tests whose name has the text, whatever its case', async () => {
    const tests =
      '  - { name: Support reads, call: { agent: bot, resource: x }, want: deny }\n  - { name: other, call: { agent: bot, resource: x }, want: deny }'

    expect((await run(tests, 'SUPPORT')).tests.map(({ name }) => name)).toEqual(['Support reads'])
  })
})
