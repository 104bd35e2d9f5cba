import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { PolicyError } from '../model/errors.ts'
import { checkPolicyText, compilePolicy, parsePolicy } from './parse.ts'

const FIRST_PAGE = `
roles:
  - name: sql-readonly
    rules:
      - name: "Read-only SQL"
        resources: ["db.execute_sql"]
        verbs: [invoke]
        constraints:
          sql_intent: [select]      # DELETE blocked at the argument level

  - name: github-guard
    rules:
      - name: "Block destructive GitHub"
        effect: deny                # deny wins, even if another role would allow
        resources: ["server:github"] # expands to every github.* tool
        verbs: [invoke]

bindings:
  - agent: support-bot
    roles: [sql-readonly, github-guard]
    scopes: [support, customer_data]   # can't touch billing or code
`

const ROUTER = `
classifier:
  model: openai/gpt-4o-mini
  timeout_ms: 1500

baseline:
  model: openai/gpt-4o            # what every call WOULD have cost

routes:
  - name: "High-complexity code"
    if:
      task: code
      complexity: [medium, high]
    target: anthropic/claude-sonnet-4.6
    fallback: [anthropic/claude-haiku-4.5]

  - name: "Cheap classification"
    if:
      task: classification
      complexity: [low]
    target: openai/gpt-4o-mini

  - name: "Vision needed"
    if:
      capabilities_include: vision
    target: google/gemini-flash-latest

default: { target: openai/gpt-4o-mini }
`

const DOCUMENT = {
  servers: ['db'],
  tools: [{ name: 'db.execute_sql', server: 'db', tags: ['sql'] }],
  roles: [
    {
      name: 'r',
      rules: [
        {
          resources: ['db.execute_sql'],
          verbs: ['invoke'],
          constraints: { sql_intent: ['select'] },
        },
        { effect: 'deny', resources: ['*.drop_*'], verbs: ['invoke'] },
      ],
    },
  ],
  bindings: [{ agent: 'bot', roles: ['r'] }],
}

describe('parsePolicy', () => {
  it('loads the source documents’ examples as they stand', () => {
    const { document } = parsePolicy(FIRST_PAGE)
    expect([document.roles?.length, document.bindings?.[0]?.scopes]).toEqual([
      2,
      ['support', 'customer_data'],
    ])
  })

  it('takes the top-level router of the source documents as the section `router`', () => {
    const inner = `router:\n${ROUTER.replaceAll('\n', '\n  ')}`
    expect(parsePolicy(ROUTER).document).toEqual(parsePolicy(inner).document)
    expect(Object.keys(parsePolicy(ROUTER).document.router ?? {})).toEqual([
      'baseline',
      'classifier',
      'default',
      'routes',
    ])
  })

  it('throws every problem at once, in order of the text', () => {
    const text =
      'roles:\n  - name: a\n    rule: []\nbindings:\n  - {agent: b, roles: [c]}\nunlisted: no\n'
    const kinds = (() => {
      try {
        parsePolicy(text, { filename: 'p.yaml' })
        return []
      } catch (error) {
        return error instanceof PolicyError
          ? error.problems.map(({ kind, line }) => [kind, line])
          : [error]
      }
    })()
    expect(kinds).toEqual([
      ['unknown_field', 3],
      ['unknown_ref', 5],
      ['bad_enum', 6],
    ])
  })

  it('does not report what follows from a fault', () => {
    const text =
      'roles:\n  - name: a\n    rules:\n      - resource: [db.x]\n        verbs: [invoke]\n'
    const [problem, ...others] = checkPolicyText(text, { filename: 'p.yaml' }).problems
    expect([problem, others]).toEqual([
      {
        kind: 'unknown_field',
        message: '`resource` is not known here',
        file: 'p.yaml',
        line: 4,
        column: 9,
        path: '/roles/0/rules/0/resource',
        hint: 'did you mean `resources`?',
      },
      [],
    ])
  })

  it.each([
    ['expires_at: 0049-01-01T00:00:00Z', -60_620_832_000_000],
    ['expires_at: 2027-01-01T00:00:00.123456789+05:30', 1_798_741_800_123],
    ['expires_at: 2000-02-29T23:59:59Z', 951_868_799_000],
  ])('reads `%s` as RFC 3339', (line, at) => {
    const text = `roles: [{name: a, rules: []}]\nbindings: [{agent: b, roles: [a], ${line}}]\n`
    const { index } = parsePolicy(text)
    const held = [at - 1, at].map((now) => index.bindingsFor({ agent: 'b' }, now).length)
    expect(held).toEqual([1, 0])
  })

  it.each<[string, () => unknown]>([
    ['no text', () => parsePolicy(undefined as never)],
    ['bytes', () => parsePolicy(Buffer.from('roles: []') as never)],
    ['an object', () => parsePolicy({ roles: [] } as never)],
    ['options that are none', () => parsePolicy('roles: []', null as never)],
    ['a file name that is no text', () => parsePolicy('roles: []', { filename: 1 as never })],
    ['a limit that is no number', () => parsePolicy('', { limits: { maxBytes: Number.NaN } })],
    ['a limit that is nothing', () => compilePolicy({}, { limits: { maxDepth: 0 } })],
    ['limits that are none', () => compilePolicy({}, { limits: 1 as never })],
    ['no text, without throwing for problems', () => checkPolicyText(undefined as never)],
  ])('throws `ERR_OPTIONS_INVALID` for %s', (_name, call) => {
    expect(call).toThrow(expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }))
  })

  it('takes a limit that is undefined for the default', () => {
    const options = { limits: { maxDepth: undefined } } as never
    expect(() => parsePolicy(`x: ${'['.repeat(100)}`, options)).toThrow(/too_deep/)
  })

  it('accepts a byte order mark', () => {
    expect(parsePolicy('\ufeffroles: []').document).toEqual({})
  })

  it('reads text that begins like JSON as JSON, unless the file’s name says YAML', () => {
    expect(() => parsePolicy('{roles: []}')).toThrow(/syntax/)
    expect(parsePolicy('{roles: []}', { filename: 'p.yml' }).document).toEqual({})
  })

  it('never throws but for problems', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const { document, problems } = checkPolicyText(text)
        expect(document === null).toBe(problems.length > 0)
      }),
    )
  })

  it('never throws for any JSON value', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(
            ...Object.keys(DOCUMENT),
            'limits',
            'router',
            'risk',
            'routes',
            'hooks',
            'extends',
            'entities',
            'blocklist',
            'rate_limits',
          ),
          fc.jsonValue({ maxDepth: 4 }),
        ),
        (value) => {
          const { document, problems } = checkPolicyText(JSON.stringify(value))
          expect(document === null).toBe(problems.length > 0)
        },
      ),
    )
  })
})

describe('the digest', () => {
  const digest = compilePolicy(DOCUMENT).digest

  it('is the same for YAML, JSON and objects', () => {
    expect([
      parsePolicy(stringify(DOCUMENT)).digest,
      parsePolicy(JSON.stringify(DOCUMENT)).digest,
    ]).toEqual([digest, digest])
  })

  it('does not see the order of keys, comments, defaults and repeated verbs', () => {
    const text = `# words
version: 1
bindings: [{roles: [r], agent: bot}]
agents: []
roles:
  - rules:
      - {verbs: [invoke, invoke], effect: allow, when: {}, constraints: {sql_intent: [select]}, resources: [db.execute_sql]}
      - {verbs: [invoke], effect: deny, resources: ['*.drop_*']}
    name: r
tools: [{tags: [sql], server: db, name: db.execute_sql}]
servers: [{name: db}]
`
    expect(parsePolicy(text).digest).toBe(digest)
  })

  it.each([
    [
      'the order of rules',
      {
        ...DOCUMENT,
        roles: [{ name: 'r', rules: [...(DOCUMENT.roles[0]?.rules ?? [])].reverse() }],
      },
    ],
    ['an effect', { ...DOCUMENT, unlisted: 'allow' }],
    ['a name', { ...DOCUMENT, bindings: [{ agent: 'other', roles: ['r'] }] }],
  ])('sees %s', (_name, document) => {
    expect(compilePolicy(document).digest).not.toBe(digest)
  })

  it('has the form `sha256:<hex>`', () => {
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/)
  })
})

describe('warnings', () => {
  it('know a tool by its bare and its full name', () => {
    const text =
      'tools: [{name: x, server: db}, {name: db.y, server: db}, {name: a.b.z, server: a.b}]\nroles: [{name: a, rules: [{resources: [db.x, db.y, a.b.z, a.q], verbs: [invoke]}]}]\nbindings: [{agent: b, roles: [a]}]\n'
    expect(checkPolicyText(text).warnings).toEqual([])
  })

  it.each([
    [
      'with_ignored',
      'roles:\n  - {name: a, rules: [{resources: [db.x], verbs: [invoke], constraints: {sql_intent: [select, with]}}]}\nbindings: [{agent: b, roles: [a]}]\n',
      2,
    ],
    [
      'no_bindings',
      'roles: []\nbindings: []\n'.replace('roles: []', 'roles: [{name: a, rules: []}]'),
      2,
    ],
    ['unknown_server', 'servers: [db]\ntools:\n  - {name: x.y, server: bd}\n', 3],
    [
      'unknown_tool_in_catalogue_server',
      'tools: [{name: db.x, server: db}]\nroles:\n  - {name: a, rules: [{resources: [db.y], verbs: [invoke]}]}\nbindings: [{agent: b, roles: [a]}]\n',
      3,
    ],
    [
      'duplicate_binding',
      'roles: [{name: a, rules: []}, {name: c, rules: []}]\nbindings:\n  - {agent: b, roles: [a, c], scopes: [x, y]}\n  - {scopes: [y, x], roles: [c, a], agent: b, reason: x}\n  - {agent: b, roles: [a, c]}\n  - {agent: b, user: u, roles: [a, c], scopes: [x, y]}\n',
      4,
    ],
    [
      'duplicate_binding',
      'roles: [{name: a, rules: []}]\nbindings:\n  - {agent: b, roles: [a]}\n  - {agent: c, roles: [a, a]}\n',
      4,
    ],
    [
      'duplicate_route',
      'routes:\n  - {name: a, if: {task: code}, target: m}\n  - {name: a, if: {task: rag}, target: m}\n',
      3,
    ],
  ])('has %s once', (kind, text, line) => {
    const { problems, warnings } = checkPolicyText(text, { filename: 'p.yaml' })
    expect(problems).toEqual([])
    expect(
      warnings.filter((warning) => warning.kind === kind).map((warning) => warning.line),
    ).toEqual([line])
  })
})
