import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jsonlSink } from '../../../audit/jsonl/jsonl-sink.ts'
import { createTestEngine } from '../../../testing/create-test-engine.ts'
import { run } from '../../run-main.fixture.ts'

const MODELS = `
  models:
    big/model: { pricing: { prompt: '0.00001', completion: '0.00003' } }
    small/model: { pricing: { prompt: '0.000001', completion: '0.000003' } }
`
const OLD = `
router:${MODELS}
  routes:
    - { name: Tools, if: { has_tools: true }, target: big/model }
    - { name: Streams, if: { stream: true }, target: big/model }
  default: { target: small/model }
roles: [{ name: all, rules: [{ resources: ['model:*'], verbs: [invoke] }] }]
bindings: [{ agent: bot, roles: [all] }]
`
const NEW = OLD.replace('target: big/model', 'target: small/model')
const ASK = { messages: [{ role: 'user', content: 'hello' }] }
const TOOL = { type: 'function', function: { name: 'x' } }

let folder = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'callgate-router-replay-'))
  for (const [name, text] of Object.entries({ old: OLD, new: NEW, bare: 'roles: []' }))
    writeFileSync(join(folder, `${name}.yaml`), text)
  const engine = createTestEngine({
    policy: OLD,
    audit: [jsonlSink({ path: join(folder, 'audit.jsonl') })],
  })
  const bodies = [ASK, { ...ASK, tools: [TOOL] }, { ...ASK, stream: true }]
  for (const [index, body] of bodies.entries()) {
    const head = { session: 's', subject: { agent: 'bot' }, ids: { request: `r${index}` } }
    const { target } = await engine.route({ ...head, arguments: body })
    const ticket = await engine.begin({ ...head, resource: `model:${target}`, arguments: {} })
    await ticket.finish({ ok: true, value: 'ok', usage: { cost_nusd: 1_000_000, tokens: 30 } })
  }
  await engine.close()
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const replay = (words: string) => run(['router', 'replay', ...words.split(' ')], { cwd: folder })

describe('callgate router replay', () => {
  it('finds nothing changed under the policy that has routed', async () => {
    const { exit, stdout } = await replay('audit.jsonl --policy old.yaml')
    expect([exit, stdout.split('\n')[0]]).toEqual([
      0,
      '3 routed requests: 3 the same, none changes',
    ])
  })

  it('names each request that goes elsewhere, and what that would cost', async () => {
    const { exit, stdout } = await replay('audit.jsonl --policy new.yaml --no-color')
    expect(exit).toBe(1)
    expect(stdout).toContain('agent=bot  big/model (Tools) -> small/model (Tools)')
    expect(stdout).toContain('3 routed requests: 2 the same, 1 change')
    expect(stdout).toMatch(
      /cost of 3 of them: \$0\.003000000 as recorded, \$0\.002099000 estimated, less by/,
    )
  })

  it('gives the same as JSON, and 0 where that is asked for', async () => {
    const { exit, stdout } = await replay('audit.jsonl --policy new.yaml --format json --exit-zero')
    expect(exit).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      routed: 3,
      same: 2,
      changed: 1,
      refused: 0,
      unknown: 0,
      changes: [{ was: 'big/model', now: 'small/model', route_now: 'Tools' }],
    })
  })

  it('says where the policy routes nothing', async () => {
    const { exit, stderr } = await replay('audit.jsonl --policy bare.yaml')
    expect([exit, /no `router` section/.test(stderr)]).toEqual([2, true])
  })
})
