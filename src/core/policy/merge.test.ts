import { describe, expect, it } from 'vitest'
import { checkSources } from './check/check-sources.ts'
import { POLICY_LIMITS } from './limits.ts'
import { PACKS } from './packs.ts'
import { checkPolicyText, parsePolicy } from './parse.ts'
import { readSource } from './read/read-source.ts'

function merge(...texts: readonly string[]) {
  const sources = texts.map((text, index) => readSource(text, { file: `${index}.yaml` }))
  return checkSources(sources, { limits: POLICY_LIMITS, hasFiles: true })
}

describe('mergeSources', () => {
  it('puts lists one after the other', () => {
    const { document } = merge(
      'roles: [{name: a, rules: []}]\nblocklist: {tools: [x.y]}\n',
      'roles: [{name: b, rules: []}]\nbindings: [{agent: c, roles: [a]}]\nblocklist: {tools: [x.z], users: [u]}\n',
    )
    expect(document).toEqual({
      bindings: [{ agent: 'c', roles: ['a'] }],
      blocklist: { tools: ['x.y', 'x.z'], users: ['u'] },
      roles: [
        { name: 'a', rules: [] },
        { name: 'b', rules: [] },
      ],
    })
  })

  it('takes `unlisted: restrict` from any source', () => {
    expect(merge('unlisted: restrict\n', 'unlisted: allow\n').document?.unlisted).toBe('restrict')
  })

  it.each([
    ['a catalogue alone', ['tools: [{name: db.x}]\n'], undefined],
    ['`allow` beside its own catalogue', ['tools: [{name: db.x}]\nunlisted: allow\n'], 'allow'],
    [
      '`allow` above the catalogue of another source',
      ['tools: [{name: db.x}]\n', 'unlisted: allow\n'],
      'restrict',
    ],
    [
      '`allow` and an own catalogue above that of another source',
      ['tools: [{name: db.x}]\n', 'tools: [{name: x.y}]\nunlisted: allow\n'],
      'restrict',
    ],
    ['`allow` below a catalogue', ['unlisted: allow\n', 'tools: [{name: db.x}]\n'], 'restrict'],
    [
      '`allow` everywhere',
      ['unlisted: allow\n', 'tools: [{name: db.x}]\nunlisted: allow\n'],
      'allow',
    ],
  ])('makes `unlisted` of %s the strictest', (_name, texts, expected) => {
    expect(merge(...texts).document?.unlisted).toBe(expected)
  })

  it.each<[string, readonly string[], readonly (readonly [string, string, number])[]]>([
    [
      'a tool whose name begins with a server and that is of another',
      ['servers: [db, x]\ntools:\n  - {name: db.drop_table, server: x}\n'],
      [['bad_name', '0.yaml', 3]],
    ],
    [
      'the same over two sources, where a selector names the server',
      [
        'roles: [{name: a, rules: [{effect: deny, resources: ["server:db"], verbs: [invoke]}]}]\n',
        'tools:\n  - {name: db.drop_table, server: x}\n',
      ],
      [['bad_name', '1.yaml', 2]],
    ],
    [
      'the same where a blocklist names it',
      ['blocklist: {servers: [db]}\n', 'tools: [{name: db.drop_table, server: x}]\n'],
      [['bad_name', '1.yaml', 1]],
    ],
    [
      'a tool of a server that lies above the one its name says',
      ['servers: [db, db.admin]\ntools: [{name: db.admin.x, server: db}]\n'],
      [['bad_name', '0.yaml', 2]],
    ],
    [
      'a server below the server of another source',
      ['servers: [db]\n', 'servers:\n  - db.admin\n'],
      [['bad_name', '1.yaml', 2]],
    ],
    [
      'a tool’s server below one that a selector of another source names',
      [
        'roles: [{name: a, rules: [{effect: deny, resources: ["server:db"], verbs: [invoke]}]}]\n',
        'tools: [{name: db.admin.x, server: db.admin}]\n',
      ],
      [['bad_name', '1.yaml', 1]],
    ],
    [
      'one tool under its bare and its full name',
      ['tools: [{name: db.x, tier: admin}]\n', 'tools: [{name: x, server: db}]\n'],
      [['duplicate_name', '1.yaml', 1]],
    ],
  ])('refuses %s', (_name, texts, expected) => {
    const { problems } = merge(...texts)
    expect(problems.map(({ kind, file, line }) => [kind, file, line])).toEqual(expected)
  })

  it.each([
    ['a server that its own file splits', ['servers: [db, db.admin]\n']],
    [
      'a server split in the knowledge of both',
      [
        'servers: [db, db.admin]\n',
        'roles: [{name: a, rules: [{resources: ["server:db", "server:db.admin"], verbs: [invoke]}]}]\n',
      ],
    ],
    [
      'a dotted name of a server that its first part does not name',
      [
        'servers: [drive]\ntools: [{name: files.read, server: drive}, {name: drive.list, server: drive}]\n',
      ],
    ],
    ['a server whose name only begins alike', ['servers: [db]\n', 'servers: [dbx.y, d]\n']],
  ])('takes %s', (_name, texts) => {
    expect(merge(...texts).problems).toEqual([])
  })

  it.each([
    ['limits', 'limits: {disabled: true}\n'],
    ['router', 'routes: [{if: {task: code}, target: m}]\n'],
    ['risk', 'risk: {warn_at: 10}\n'],
  ])('refuses `%s` in two sources and names the other', (_name, text) => {
    const { problems } = merge(text, `roles: []\n${text}`)
    expect(
      problems.map(({ kind, file, line, message }) => [
        kind,
        file,
        line,
        message.includes('`0.yaml`'),
      ]),
    ).toEqual([['duplicate_key', '1.yaml', 2, true]])
  })

  it('refuses a role that two sources define', () => {
    const { problems } = merge('roles: [{name: a, rules: []}]\n', 'roles: [{name: a, rules: []}]\n')
    expect(problems.map(({ kind, file, message }) => [kind, file, message])).toEqual([
      ['duplicate_name', '1.yaml', 'the role `a` is there already in 0.yaml on line 1'],
    ])
  })

  it('says nothing of missing roles where a source could not be read', () => {
    const { problems } = merge('roles: [\n', 'bindings: [{agent: a, roles: [b]}]\n')
    expect(problems.map(({ kind, file }) => [kind, file])).toEqual([['syntax', '0.yaml']])
  })

  it('folds `rate_limits`, `risk` and `anon` into their sections', () => {
    const { document } = merge(
      'limits: {multipliers: {anon: 0.5}, principals: [{agent: a, per_minute: 1}]}\nrate_limits: [{agent: b, per_second: 2}]\nrisk: {warn_at: 10}\n',
    )
    expect([document?.limits, document?.behavior]).toEqual([
      {
        multipliers: { anonymous: 0.5 },
        principals: [
          { agent: 'a', per_minute: 1 },
          { agent: 'b', per_second: 2 },
        ],
      },
      { risk: { warn_at: 10 } },
    ])
  })
})

describe('packs', () => {
  it.each([...PACKS.keys()])('pack:%s has a sound role of its own name', (name) => {
    const { problems, document } = checkPolicyText(
      `extends: [pack:${name}]\nbindings: [{agent: a, roles: [${name}]}]\n`,
    )
    expect([problems, document?.roles?.map((role) => role.name)]).toEqual([[], [name]])
  })

  it('counts a pack once', () => {
    expect(parsePolicy('extends: [pack:readonly, pack:readonly]\n').document.roles?.length).toBe(1)
  })
})
