import { describe, expect, it } from 'vitest'
import { PROBLEM_KINDS, type ProblemKind } from '../model/errors.ts'
import { checkPolicyText } from './parse.ts'

const withRule = (line: string) =>
  `roles:\n  - name: a\n    rules:\n      - resources: [db.x]\n        verbs: [invoke]\n        ${line}\n`
const withSelector = (selector: string) =>
  `roles:\n  - name: a\n    rules:\n      - resources: ["${selector}"]\n        verbs: [invoke]\n`
const withBinding = (lines: string) =>
  `roles:\n  - name: a\n    rules: []\nbindings:\n  - ${lines}\n`
const withConstraint = (text: string) => withRule(`constraints: {${text}}`)

type Row = readonly [kind: ProblemKind, line: number | null, column: number | null, text: string]

function found(text: string, filename: string): unknown[] {
  return checkPolicyText(text, { filename }).problems.map(({ kind, line, column }) => [
    kind,
    line,
    column,
  ])
}

const YAML: readonly Row[] = [
  ['empty', 1, 1, ''],
  ['empty', 1, 1, '---\n'],
  ['empty', 1, 1, '# words\n'],
  ['empty', 1, 1, 'null\n'],
  ['syntax', 2, 1, 'roles: {a: 1\n'],
  ['syntax', 2, 1, 'roles:\n\t- name: a\n'],
  ['syntax', 1, 4, 'a: b: c\n'],
  ['syntax', 1, 6, 'key: @x\n'],
  ['syntax', 1, 8, 'roles: *missing\n'],
  ['syntax', 1, 3, '? [a, b]\n: 1\n'],
  ['syntax', 1, 1, '%YAML 1.1\n---\nroles: []\n'],
  ['syntax', 1, 1, '%TAG ! tag:example.com,2000:\n---\nroles: []\n'],
  ['duplicate_key', 2, 1, 'roles: []\nroles: []\n'],
  ['duplicate_key', 1, 13, '{roles: [], "roles": []}'],
  ['non_string_key', 2, 1, 'roles: []\n1: x\n'],
  ['non_string_key', 2, 1, 'roles: []\n[a]: x\n'],
  ['non_string_key', 2, 1, 'roles: []\nnull: x\n'],
  ['non_string_key', 1, 3, '? 1.5\n: x\n'],
  ['unknown_field', 1, 1, 'role: []\n'],
  ['unknown_field', 3, 5, 'roles:\n  - name: a\n    rule: []\n'],
  ['unknown_field', 6, 9, withRule('effects: deny')],
  ['unknown_field', 7, 5, withBinding('agent: bot\n    roles: [a]\n    scope: [x]')],
  ['unknown_field', 5, 5, withBinding('agnet: bot\n    roles: [a]')],
  ['unknown_constraint', 6, 23, withConstraint('sql_intents: [select]')],
  ['unknown_ref', 6, 13, withBinding('agent: bot\n    roles: [b]')],
  ['unknown_ref', 2, 25, 'roles:\n  - {name: a, extends: [b]}\n'],
  ['unknown_ref', 1, 11, 'extends: [pack:nothing]\n'],
  ['unknown_ref', 1, 11, 'extends: [./team.yaml]\n'],
  ['unsupported_version', 1, 10, 'version: 2\n'],
  ['unsupported_version', 1, 10, 'version: "1"\n'],
  ['wrong_type', 1, 1, '[]\n'],
  ['wrong_type', 1, 1, '42\n'],
  ['wrong_type', 1, 8, 'roles: a\n'],
  ['wrong_type', 2, 11, 'roles:\n  - name: true\n    rules: []\n'],
  ['wrong_type', 2, 11, 'roles:\n  - name: .inf\n    rules: []\n'],
  ['wrong_type', 2, 11, 'roles:\n  - name: 0x1F\n    rules: []\n'],
  ['wrong_type', 6, 37, withConstraint('path_prefix: [1]')],
  ['wrong_type', 1, 14, 'roles: !!str []\n'],
  ['missing_field', 2, 5, 'roles:\n  - rules: []\n'],
  ['missing_field', 2, 5, 'roles:\n  - name: a\n'],
  ['missing_field', 5, 5, withBinding('roles: [a]')],
  ['missing_field', 6, 12, withBinding('agent: bot\n    roles: []')],
  ['missing_field', 1, 10, 'routes: [{target: m}]\n'],
  ['duplicate_name', 3, 12, 'roles:\n  - {name: a, rules: []}\n  - {name: a, rules: []}\n'],
  ['duplicate_name', 3, 11, 'tools:\n - {name: a.b}\n - {name: a.b}\n'],
  ['bad_name', 4, 21, withSelector('')],
  ['bad_name', 4, 21, withSelector('db..x')],
  ['bad_name', 5, 12, withBinding('agent: " "\n    roles: [a]')],
  ['bad_name', 5, 12, withBinding('agent: "*"\n    roles: [a]')],
  ['bad_name', 2, 11, 'roles:\n  - name: "a\u200bb"\n    rules: []\n'],
  ['bad_name', 2, 11, 'roles:\n  - name: "\u0430dmin"\n    rules: []\n'],
  ['bad_enum', 6, 17, withRule('effect: block')],
  ['bad_enum', 6, 17, withRule('effect: ""')],
  ['bad_enum', 6, 35, withConstraint('sql_intent: []')],
  ['bad_glob', 4, 21, withSelector('db.[')],
  ['bad_glob', 4, 21, withSelector('server:')],
  ['bad_regex', 6, 50, withConstraint('regex: {field: q, pattern: "("}')],
  ['unsafe_regex', 6, 50, withConstraint('regex: {field: q, pattern: "(a|a)*b"}')],
  ['bad_number', 2, 30, 'rate_limits:\n  - {agent: bot, per_minute: -1}\n'],
  ['bad_number', 2, 30, 'rate_limits:\n  - {agent: bot, per_minute: 99999999999999999999}\n'],
  ['bad_number', 2, 30, 'rate_limits:\n  - {agent: bot, per_minute: .nan}\n'],
  ['bad_number', 1, 35, 'risk: {warn_at: 80, terminate_at: 20}\n'],
  ['bad_duration', 2, 8, 'approvals:\n  ttl: 5 minuts\n'],
  ['bad_duration', 2, 8, 'approvals:\n  ttl: 0s\n'],
  ['bad_duration', 2, 8, 'approvals:\n  ttl: 300\n'],
  expiring('2027-02-30T00:00:00Z'),
  expiring('1900-02-29T00:00:00+01:00'),
  expiring('2016-12-31T23:59:60Z'),
  expiring('0049-01-01 00:00:00Z'),
  expiring('2027-01-01t00:00:00z'),
  expiring('2027-01-01T00:00:00'),
  expiring('2027-01-01'),
  ['bad_cidr', 6, 30, withConstraint('cidr: [10.0.0.0/33]')],
  ['bad_path', 6, 37, withConstraint('path_prefix: [data]')],
  ['bad_path', 6, 37, withConstraint('path_prefix: [/data/../etc]')],
  ['encoding', 1, 10, 'roles: []\u0000\n'],
  ['encoding', 2, 3, 'roles: []\n# \u0007\n'],
  ['encoding', 1, 9, 'roles: "\ud800"\n'],
  ['encoding', 1, 6, '# one\rroles: [\n'],
  ['encoding', 1, 6, '# one\u0085roles: []\n'],
  ['encoding', 1, 6, '# one\u2028roles: []\n'],
  ['encoding', 1, 10, 'roles: []\u2029\n'],
  ['encoding', 2, 4, 'roles: []\n# a\u202eb\n'],
  ['encoding', 1, 10, 'roles: ["\u2066"]\n'],
  ['bad_name', 2, 11, 'roles:\n  - name: "a\\u202eb"\n    rules: []\n'],
  ['too_large', null, null, '# x\n'.repeat(300_000)],
  ['too_deep', 1, 72, `roles: ${'['.repeat(100_000)}`],
  ['too_deep', 1, 72, `roles: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
  ['alias_bomb', 6, 14, bomb()],
  ['alias_cycle', 1, 11, 'a: &a {b: *a}\nroles: []\n'],
  ['cycle', 2, 24, 'roles:\n  - {name: a, extends: [b]}\n  - {name: b, extends: [a]}\n'],
  ['cycle', 2, 24, 'roles:\n  - {name: a, extends: [a]}\n'],
  ['forbidden_tag', 1, 22, 'roles: !!js/function "function(){}"\n'],
  ['forbidden_tag', 1, 14, 'roles: !!set {a, b}\n'],
  ['forbidden_tag', 1, 8, 'roles: !x!y z\n'],
  ['merge_key', 4, 5, 'roles:\n  - name: a\n    rules: []\n    <<: {b: 1}\n'],
  ['multi_document', 4, 1, '---\nroles: []\n...\n---\nroles: []\n'],
  ['proto_key', 1, 1, '__proto__: {isAdmin: true}\nroles: []\n'],
  ['proto_key', 2, 1, 'roles: []\nconstructor: {prototype: {isAdmin: true}}\n'],
  ['proto_key', 6, 23, withConstraint('__proto__: {sql_intent: [delete]}')],
]

function expiring(time: string): Row {
  return [
    'bad_duration',
    7,
    17,
    withBinding(`agent: bot\n    roles: [a]\n    expires_at: "${time}"`),
  ]
}

function bomb(): string {
  const lists = ['a: &a [x,x,x,x,x,x,x,x,x]']
  for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg'].map((pair) => [...pair]))
    lists.push(`${to}: &${to} [${Array(9).fill(`*${from}`).join(',')}]`)
  return `${lists.join('\n')}\n`
}

const JSON_ROWS: readonly Row[] = [
  ['empty', 1, 1, ''],
  ['empty', 1, 1, 'null'],
  ['syntax', 1, 12, '{"roles": [}'],
  ['syntax', 1, 7, '{"a": 01}'],
  ['syntax', 1, 7, '{"a": NaN}'],
  ['syntax', 1, 1, '// c\n{"a":1}'],
  ['syntax', 1, 8, '{"a":1,}'],
  ['syntax', 1, 2, "{'a':1}"],
  ['syntax', 1, 8, '{"a":"x\ty"}'],
  ['encoding', 1, 11, '{"roles":[\r]}'],
  ['encoding', 1, 12, '{"roles":["\u2028"]}'],
  ['duplicate_key', 1, 13, '{"roles":[],"roles":[{"name":"x","rules":[]}]}'],
  ['wrong_type', 1, 1, '[]'],
  ['proto_key', 1, 2, '{"__proto__":{}}'],
  ['too_deep', 1, 73, `{"roles":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ['missing_field', 3, 3, '{"roles": [\n  {"name": "a", "rules": []},\n  {"rules": []}\n]}'],
]

describe('problems of a policy', () => {
  it.each(YAML.map((row) => [row[0], row[3].slice(0, 60), row] as const))(
    'YAML: reports %s once, in its place: %j',
    (_kind, _text, [kind, line, column, text]) => {
      expect(found(text, 'policy.yaml')).toEqual([[kind, line, column]])
    },
  )

  it.each(JSON_ROWS.map((row) => [row[0], row[3].slice(0, 60), row] as const))(
    'JSON: reports %s once, in its place: %j',
    (_kind, _text, [kind, line, column, text]) => {
      expect(found(text, 'policy.json')).toEqual([[kind, line, column]])
    },
  )

  it('has a row for every kind', () => {
    const kinds = new Set(YAML.map(([kind]) => kind))
    expect(PROBLEM_KINDS.filter((kind) => !kinds.has(kind))).toEqual([])
  })
})
