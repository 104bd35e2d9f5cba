import { generateKeyPairSync } from 'node:crypto'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createCheckpointSigner } from '../audit/ledger/checkpoint.ts'
import { seal } from '../audit/ledger/seal.ts'
import { recordWith } from '../audit/query/trail.fixture.ts'
import { COMMANDS } from './commands/index.ts'
import { DEMO_POLICY_FILE, demoFolder, folderWith, run } from './run-main.fixture.ts'

const DELETE = `--args '{"query":"DELETE FROM customers"}'`

/** Every example of the help, with the exit code that it has where its files are. */
const EXITS: readonly (readonly [exit: number, line: string])[] = [
  [0, 'demo'],
  [0, 'init'],
  [0, 'validate demo.yaml'],
  [0, 'validate demo.yaml --format sarif'],
  [0, 'test'],
  [0, 'test --policy policy.yaml --coverage'],
  [0, 'test policies --format junit'],
  [0, 'can-i support-bot invoke support.read_ticket --policy demo.yaml'],
  [1, `can-i support-bot invoke db.execute_sql --policy demo.yaml ${DELETE}`],
  [0, 'can-i support-bot --list --policy demo.yaml'],
  [1, `explain support-bot invoke db.execute_sql --policy demo.yaml ${DELETE}`],
  [1, 'explain rogue-agent invoke crm.lookup_customer --policy demo.yaml --format json'],
  [0, 'replay rbac_demo_allow.json --policy demo.yaml'],
  [0, 'replay . --policy demo.yaml --format ndjson --exit-zero'],
  [0, 'replay --from audit.jsonl --policy demo.yaml --verify'],
  [0, 'eval sessions'],
  [0, 'eval sessions --without cue --without task'],
  [0, 'graph secret_relay.json --format mermaid'],
  [0, 'graph secret_relay.json --format svg'],
  [0, 'audit verify audit.jsonl'],
  [0, 'audit verify audit.jsonl --checkpoint checkpoints.jsonl --public-key audit.pub.pem'],
  [0, 'audit query audit.jsonl --status denied'],
  [0, 'audit query audit.jsonl --since 7d --agent support-bot --calls --format csv'],
  [0, 'audit tail audit.jsonl -n 20'],
  [0, 'audit export audit.jsonl --format ocsf --since 24h'],
  [0, 'audit export audit.jsonl --format cef'],
  [0, 'audit stats audit.jsonl --since 24h'],
  [0, 'audit prune audit.jsonl --before 90d --out kept.jsonl'],
  [0, 'completion bash'],
  [0, 'help can-i'],
  [0, 'help --format md'],
  [0, 'version --format json'],
]

describe('the examples of the help', () => {
  it('are those whose exit codes are told here', () => {
    // These serve until they are stopped, or need rows that were measured: their own tests run them.
    const ending = COMMANDS.filter(({ name }) => name !== 'gateway' && !name.startsWith('router'))
    const examples = ending.flatMap(({ examples: list }) => list.map(({ command }) => command))
    expect(EXITS.map(([, line]) => line)).toEqual(examples)
  })

  it.each(EXITS)('exit with %i: `callgate %s`', async (exit, line) => {
    const ran = await run(words(line), { cwd: folderFor(line) })
    expect({ exit: ran.exit, stderr: ran.stderr, isEmpty: ran.stdout === '' }).toEqual({
      exit,
      stderr: '',
      isEmpty: false,
    })
  })

  it.each(COMMANDS.map(({ name }) => name))('begin with the name of their command: %s', (name) => {
    const command = COMMANDS.find((one) => one.name === name)
    for (const { command: line } of command?.examples ?? [])
      expect(`${words(line).join(' ')} `).toMatch(new RegExp(`^${name} `))
  })
})

const SUITE = `policy: ../policy.yaml
tests:
  - name: the support bot reads a ticket
    call: { agent: support-bot, resource: support.read_ticket }
    want: allow
`

const LABELLED =
  '{"id":"a","label":"benign","events":[{"seq":1,"direction":"request","tool":"a.b","payload":{}}]}\n'

/** The demo's files, and a policy with a suite. */
function exampleFolder(): string {
  const folder = demoFolder()
  copyFileSync(DEMO_POLICY_FILE, join(folder, 'policy.yaml'))
  mkdirSync(join(folder, 'policies'))
  writeFileSync(join(folder, 'policies', 'support.policytest.yaml'), SUITE)
  mkdirSync(join(folder, 'sessions'))
  writeFileSync(join(folder, 'sessions', 'labelled.jsonl'), LABELLED)
  return folder
}

/** A folder with sessions would take a ledger for one. */
function folderFor(line: string): string {
  return line.includes('audit.jsonl') ? ledgerFolder() : exampleFolder()
}

/** A ledger of just now, with a checkpoint that is signed. */
function ledgerFolder(): string {
  const folder = folderWith()
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const record = recordWith({ agent: 'support-bot', ts: new Date().toISOString() })
  const { line, hash } = seal(record, null)
  const { seq, ts } = record
  const point = { schema: 1, seq, ts, hash, count: 1, file: 'audit.jsonl' } as const
  copyFileSync(DEMO_POLICY_FILE, join(folder, 'demo.yaml'))
  writeFileSync(join(folder, 'audit.jsonl'), `${line}\n`)
  writeFileSync(
    join(folder, 'checkpoints.jsonl'),
    JSON.stringify(createCheckpointSigner(privateKey)(point)),
  )
  writeFileSync(join(folder, 'audit.pub.pem'), publicKey.export({ type: 'spki', format: 'pem' }))
  return folder
}

/** Splits as a shell does, as far as the examples need it. */
function words(line: string): string[] {
  return (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''))
}
