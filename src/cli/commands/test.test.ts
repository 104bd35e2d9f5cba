import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderWith, run } from '../run-main.fixture.ts'

const POLICY = `roles:
  - name: reader
    rules:
      - { name: Read, resources: [db.read], verbs: [invoke] }
      - { name: Never, effect: deny, resources: [db.drop], verbs: [invoke] }
      - { resources: [db.list], verbs: [discover] }
bindings:
  - { agent: bot, roles: [reader] }
`
const GOOD = `policy: policy.yaml
tests:
  - name: bot reads
    call: { agent: bot, resource: db.read }
    want: allow
`
const BAD = `policy: [policy.yaml]
tests:
  - name: bot | <drops>
    call: { agent: bot, resource: db.drop }
    want: { effect: allow, rule: Read }
`
const folder = (files: Readonly<Record<string, string>> = {}) =>
  folderWith({ 'policy.yaml': POLICY, 'a.policytest.yaml': GOOD, ...files })

describe('callgate test', () => {
  it('runs every suite below the folder, not those of modules and hidden folders', async () => {
    const cwd = folder()
    for (const name of ['sub', 'node_modules', '.hidden']) {
      mkdirSync(join(cwd, name))
      writeFileSync(
        join(cwd, name, 'b.policytest.yml'),
        GOOD.replace('policy.yaml', '../policy.yaml'),
      )
    }
    const { exit, stdout } = await run(['test'], { cwd })

    expect({ exit, stdout }).toEqual({
      exit: 0,
      stdout: '✓ a.policytest.yaml  1 test\n✓ sub/b.policytest.yml  1 test\n2 passed\n',
    })
  })

  it('says of a failure what was expected, decided and where', async () => {
    const { exit, stdout } = await run(['test'], { cwd: folder({ 'b.policytest.yaml': BAD }) })

    expect({ exit, stdout }).toEqual({
      exit: 1,
      stdout: [
        '✓ a.policytest.yaml  1 test',
        '✗ b.policytest.yaml  1 of 1 test failed',
        '',
        '  ✗ bot | <drops>  b.policytest.yaml:3:5',
        '      expected  allow by Read',
        '      got       deny explicit_deny by reader[1] "Never"',
        '      call      bot invoke db.drop {}',
        '      rule      reader[1] "Never"',
        '      detail    a deny rule covers this call',
        '      remedy    the deny in rule 1 ("Never") of role `reader` covers this call; narrow it, or do not bind that role here',
        '',
        '1 passed, 1 failed',
        '',
      ].join('\n'),
    })
  })

  it('takes another policy for all suites, or the one of the folder for a suite without', async () => {
    const cwd = folderWith({
      'callgate.yaml': POLICY,
      'other.yaml': POLICY.replace('db.read', 'db.list'),
      'a.policytest.yaml': GOOD.replace('policy: policy.yaml\n', ''),
    })

    expect((await run(['test'], { cwd })).exit).toBe(0)
    expect((await run(['test', '--policy', 'other.yaml'], { cwd })).exit).toBe(1)
  })

  it('lists the rules that no test is decided by, and fails below the least coverage', async () => {
    const cwd = folder()
    const listed = await run(['test', '--coverage'], { cwd })
    const exits = await Promise.all(
      ['33.3', '33.4'].map(
        async (least) => (await run(['test', '--min-coverage', least], { cwd })).exit,
      ),
    )

    expect(listed.exit).toBe(0)
    expect(listed.stdout).toContain('1 of 3 rules decided a test (33.3 %)\n')
    expect(listed.stdout).toMatch(/ {2}reader\[1\] "Never" {2}.*policy\.yaml:5:9\n/)
    expect(exits).toEqual([0, 1])
  })

  it('places a rule in the layer that it is written in', async () => {
    const cwd = folder({ 'policy.yaml': 'extends: [base.yaml]\n', 'base.yaml': POLICY })
    const { stdout } = await run(['test', '--coverage'], { cwd })

    expect(stdout).toMatch(/ {2}reader\[1\] "Never" {2}.*base\.yaml:5:9\n/)
  })

  it.each<[string, readonly string[], Readonly<Record<string, string>>, number, string]>([
    ['a filter that leaves nothing', ['--filter', 'zzz'], {}, 1, 'no test ran'],
    [
      'a suite without tests',
      [],
      { 'a.policytest.yaml': 'policy: policy.yaml\ntests: []' },
      1,
      'no test ran',
    ],
    [
      'a percentage that is none',
      ['--min-coverage', 'all'],
      {},
      2,
      '`--min-coverage` is a percentage',
    ],
    ['a suite without a policy', [], { 'a.policytest.yaml': 'tests: []' }, 2, 'no policy is named'],
    ['an invalid policy', [], { 'policy.yaml': 'rolls: []' }, 3, 'unknown_field'],
    [
      'a missing policy',
      [],
      { 'a.policytest.yaml': 'policy: no.yaml\ntests: []' },
      3,
      'no such file',
    ],
    ['a missing suite', ['no.policytest.yaml'], {}, 4, 'there is no such file'],
    [
      'suites with faults, all at once',
      [],
      { 'a.policytest.yaml': 'tests: 1', 'b.policytest.yaml': 'test: []\ntests: []' },
      4,
      'a.policytest.yaml:1:8: a list is needed, not a number\nb.policytest.yaml:1:1: unknown key `test` (did you mean `tests`?)',
    ],
  ])('answers %s with its own exit code', async (_, argv, files, exit, message) => {
    const ran = await run(['test', ...argv], { cwd: folder(files) })

    expect({ exit: ran.exit, said: ran.stdout + ran.stderr }).toEqual({
      exit,
      said: expect.stringContaining(message) as string,
    })
  })

  it.each<[string, readonly string[]]>([
    ['json', ['"ok": false', '"passed": 1', '"expected": "allow by Read"', '"percent": 66.6']],
    [
      'junit',
      [
        '<testsuites name="callgate" tests="3" failures="2">',
        '<testcase classname="b.policytest.yaml" name="bot | &lt;drops&gt;" file="b.policytest.yaml" line="3">',
        'type="explicit_deny">expected: allow by Read&#10;got: deny',
        'type="coverage"/>',
      ],
    ],
    [
      'tap',
      [
        'TAP version 14\n1..3\nok 1 - bot reads\nnot ok 2 - bot | <drops>\n  ---\n  expected: "allow by Read"',
        'not ok 3 - coverage: 66.6 %',
      ],
    ],
    [
      'github',
      [
        '::error file=b.policytest.yaml,line=3,col=5,title=bot | <drops>::expected: allow by Read%0Agot: deny',
      ],
    ],
    ['md', ['| b.policytest.yaml | 0 | 1 |', '#### bot \\| \\<drops\\>', '**not ok**']],
  ])('writes %s with the same exit code', async (format, parts) => {
    const cwd = folder({ 'b.policytest.yaml': BAD })
    const argv = ['test', '--format', format, '--min-coverage', '90']
    const { exit, stdout } = await run(argv, { cwd })

    expect({ exit, missing: parts.filter((part) => !stdout.includes(part)), stdout }).toEqual({
      exit: 1,
      missing: [],
      stdout,
    })
  })
})
