// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are what is tested here
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderWith } from '../../run-main.fixture.ts'
import { readConfig } from './config.ts'

const env = { CRM_TOKEN: 'abc', EMPTY: '', ODD: '${CRM_TOKEN}' }
const read = (name: string, text: string) => {
  const folder = folderWith({ [name]: text })
  return { folder, config: readConfig({ path: join(folder, name), env }) }
}

/** Text of problems, without the folder. */
function problemsOf(name: string, text: string): string {
  const folder = folderWith({ [name]: text })
  try {
    readConfig({ path: join(folder, name), env })
  } catch (error) {
    return String((error as { hint?: string }).hint).replaceAll(`${folder}/`, '')
  }
  return '(none)'
}

describe('a configuration', () => {
  it('is read whole, with paths as seen from its folder', () => {
    const { folder, config } = read(
      'gateway.yaml',
      `policy: [base.yaml, /etc/callgate/team.yaml]
upstreams:
  db: { command: npx, args: [some-server, --key, "\${CRM_TOKEN}"], env: { KEY: "x\${CRM_TOKEN}" }, cwd: data }
  crm: { url: "https://crm.example/mcp", headers: { Authorization: "Bearer \${CRM_TOKEN}" } }
http: { port: 7475, host: 0.0.0.0, allowed_hosts: [gw.example], allowed_origins: ["https://app.example"] }
side: { port: 7476 }
agent: support-bot
user: ana
pins: pins.json
separator: --
expose: { db: { include: ["read_*"], exclude: [drop] } }
limits: { max_sessions: 4, call_timeout_ms: 1000 }
`,
    )
    expect(config).toEqual({
      policy: [join(folder, 'base.yaml'), '/etc/callgate/team.yaml'],
      upstreams: {
        db: {
          command: 'npx',
          args: ['some-server', '--key', 'abc'],
          env: { KEY: 'xabc' },
          cwd: join(folder, 'data'),
        },
        crm: { url: 'https://crm.example/mcp', headers: { Authorization: 'Bearer abc' } },
      },
      http: {
        port: 7475,
        host: '0.0.0.0',
        allowedHosts: ['gw.example'],
        allowedOrigins: ['https://app.example'],
      },
      side: { port: 7476 },
      agent: 'support-bot',
      user: 'ana',
      pins: join(folder, 'pins.json'),
      separator: '--',
      expose: { db: { include: ['read_*'], exclude: ['drop'] } },
      limits: { maxSessions: 4, callTimeoutMs: 1000 },
      notes: [],
    })
  })

  it('may be that of a desktop client, whose other affairs are let be', () => {
    const { config } = read(
      'client.json',
      JSON.stringify({
        globalShortcut: 'Ctrl+Space',
        mcpServers: {
          db: { command: 'npx', args: ['-y', 'some-server'], env: { A: '1' }, autoApprove: ['x'] },
          brave_search: { type: 'http', url: 'https://b.example/mcp' },
          old: { command: 'x', disabled: true },
        },
      }),
    )
    expect(config.upstreams).toEqual({
      db: { command: 'npx', args: ['-y', 'some-server'], env: { A: '1' } },
      'brave-search': { url: 'https://b.example/mcp' },
    })
    expect(config.notes).toEqual([
      '`globalShortcut` of the configuration means nothing here',
      'server `brave_search` is called `brave-search` here, in policies too',
      'server `old` is disabled: it is left out',
    ])
  })

  it.each([
    [
      'an unknown key',
      'polcy: a.yaml\n',
      'c.yaml:1:1: unknown_field: there is no `polcy` here (did you mean `policy`?)',
    ],
    [
      'a nearly known key beside mcpServers',
      'mcpServers: {}\nexpos: {}\n',
      'c.yaml:2:1: unknown_field: there is no `expos` here (did you mean `expose`?)',
    ],
    [
      'an unknown key of a server',
      'upstreams:\n  db: { command: x, arg: [] }\n',
      'c.yaml:2:21: unknown_field: there is no `arg` here (did you mean `args`?)',
    ],
    [
      'headers of a program',
      'upstreams:\n  db: { command: x, headers: {} }\n',
      'c.yaml:2:21: unknown_field: there is no `headers` here',
    ],
    [
      'a server of two kinds',
      'upstreams:\n  db: { command: x, url: "http://a" }\n',
      'c.yaml:2:9: unknown_field: there is no `command` here',
    ],
    [
      'a server of no kind',
      'upstreams:\n  db: {}\n',
      'c.yaml:2:7: missing_field: a server has a `command` or a `url`',
    ],
    ['a server that is a text', 'upstreams:\n  db: npx\n', 'c.yaml:2:7: wrong_type: `db` is a map'],
    [
      'a name that is none',
      'upstreams:\n  "my db": { command: x }\n',
      'c.yaml:2:3: bad_name: `my db` is no name of a server (up to 32 letters',
    ],
    [
      'a URL that is none',
      'upstreams:\n  db: { url: "ftp://x" }\n',
      'c.yaml:2:14: bad_path: `url` is no URL',
    ],
    [
      'arguments that are no list',
      'upstreams:\n  db: { command: x, args: -y }\n',
      'c.yaml:2:27: wrong_type: `args` is a list of texts',
    ],
    [
      'a number among arguments',
      'upstreams:\n  db: { command: x, args: [1] }\n',
      'c.yaml:2:28: wrong_type: `args` is a text',
    ],
    [
      'a missing variable',
      'upstreams:\n  db: { command: x, env: { A: "${NOWHERE}" } }\n',
      'c.yaml:2:31: unknown_ref: the environment has no variable `NOWHERE` (set it, or write `${NOWHERE:-default}`)',
    ],
    [
      'a reference that is none',
      'upstreams:\n  db: { command: "${1}" }\n',
      'c.yaml:2:18: unknown_ref: `${1}` names no variable',
    ],
    [
      'a reference that is not closed',
      'upstreams:\n  db: { command: "${A" }\n',
      'c.yaml:2:18: unknown_ref: `${A` names no variable',
    ],
    [
      'a port that is none',
      'http: { port: 70000 }\n',
      'c.yaml:1:15: bad_number: `port` is a whole number from 0 to 65535',
    ],
    [
      'a port that is a text',
      'side: { port: "80" }\n',
      'c.yaml:1:15: wrong_type: `port` is a whole number',
    ],
    [
      'an unknown limit',
      'limits: { max_session: 3 }\n',
      'c.yaml:1:11: unknown_field: there is no `max_session` here (did you mean `max_sessions`?)',
    ],
    [
      'a limit of nothing',
      'limits: { max_sessions: 0 }\n',
      'c.yaml:1:25: bad_number: `max_sessions` is a whole number from 1',
    ],
    [
      'tools of an unknown server',
      'upstreams: { db: { command: x } }\nexpose: { bd: {} }\n',
      'c.yaml:2:11: bad_name: there is no upstream `bd` (did you mean `db`?)',
    ],
    [
      'the old transport',
      'mcpServers:\n  a: { type: sse, url: "http://a" }\n',
      'c.yaml:2:6: bad_enum: the old SSE transport is not spoken here',
    ],
    [
      'two names that become one',
      'mcpServers:\n  a_b: { command: x }\n  a-b: { command: y }\n',
      'c.yaml:3:3: bad_name: `a-b` is no name of a server, or that of another',
    ],
    ['nothing', '', 'c.yaml:1:1: empty: the configuration is empty'],
    ['a list', '- a\n', 'c.yaml:1:1: wrong_type: the configuration is a map'],
    ['no YAML', 'a: [\n', 'c.yaml:'],
    ['a key twice', 'agent: a\nagent: b\n', 'c.yaml:2:1: duplicate_key'],
  ])('with %s is refused, with its place', (_what, text, problem) => {
    expect(problemsOf('c.yaml', text)).toContain(problem)
  })

  it('tells all problems at once, in their order, and shows no value of the environment', () => {
    const text =
      'agent: 1\nupstreams: { a: { command: "${CRM_TOKEN}", args: "${CRM_TOKEN}" } }\nuser: 2\n'
    const problems = problemsOf('c.yaml', text)
    expect(problems.split('\n').map((line) => line.trim().slice(0, 8))).toEqual([
      'c.yaml:1',
      'c.yaml:2',
      'c.yaml:3',
    ])
    expect(problems).not.toContain('abc')
  })
})
