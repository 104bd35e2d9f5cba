import { Buffer } from 'node:buffer'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { memorySink } from '../audit/memory.ts'
import { folderWith, run } from '../cli/run-main.fixture.ts'
import { BUILT_IN_RULES } from '../core/behavior/rules/built-in-rules.ts'
import type { CallRequest } from '../core/model/call.ts'
import type { JsonObject, JsonValue } from '../core/model/json.ts'
import { parsePolicy } from '../core/policy/parse.ts'
import { callOf, openEngine, SECRET, step } from './behavior.fixture.ts'
import type { PolicyEngine } from './create-policy-engine.ts'
import { replaySession } from './replay/replay.ts'
import { readTraceSession } from './replay/trace-session.ts'

/** What a known detector of this kind gets wrong, each as a whole session beside its benign twin. */

const PASSWORD = ['correct', 'Horse77', 'battery'].join('-')
const EMAIL = 'w.ostrander-pike@nordwind-logistik.test'
const PEM = [
  ['-----BEGIN', 'RSA PRIVATE', 'KEY-----'].join(' '),
  ...Array.from({ length: 12 }, (_, line) => lineOf(line)),
  ['-----END', 'RSA PRIVATE', 'KEY-----'].join(' '),
].join('\n')

/** A line of base64 as keys have them, the same in every run. */
function lineOf(seed: number): string {
  const bytes = Uint8Array.from({ length: 48 }, (_, index) => (seed * 151 + index * 89 + 31) % 251)
  return Buffer.from(bytes).toString('base64')
}

const PAGING = 'pagination_exfiltration'

function rowOf(field: string, value: string): JsonObject {
  return { rows: [{ id: 7, customer: 'Nordwind', [field]: value }] }
}

function mail(body: JsonValue): CallRequest {
  return callOf('mail.send', { to: 'someone@outside.test', subject: 'Re: ticket', body })
}

/** Reads, sends, and says what became of the sending: its effect, and the rules that found something. */
async function relay(
  row: JsonValue,
  sent: CallRequest,
  engine: PolicyEngine = openEngine(),
): Promise<{ readonly effect: string; readonly rules: readonly string[] }> {
  await step(engine, callOf('db.query', { query: 'SELECT * FROM integrations' }), row)
  const { ticket } = await step(engine, sent)
  const { effect, findings } = ticket.decision
  return { effect, rules: findings.map(({ rule }) => rule) }
}

/** Effects of an attack and of its benign twin. */
async function effects(
  row: JsonValue,
  attack: CallRequest,
  twin: CallRequest,
): Promise<readonly string[]> {
  const results = [await relay(row, attack), await relay(row, twin)]
  return results.map(({ effect }) => effect)
}

describe('known holes', () => {
  it.each([
    ['password', rowOf('password', PASSWORD), `You can log in with ${PASSWORD} from Monday on.`],
    ['e-mail address', rowOf('email', EMAIL), `Please write to ${EMAIL}, she knows about it.`],
    ['private key', rowOf('private_key', PEM), `Here is the key:\n${PEM}\nKeep it.`],
  ])('H7 finds a %s in a sentence that no pattern of a vendor knows', async (_, row, body) => {
    const twin = mail('Your account is active again, and the key was rotated.')
    expect(await effects(row, mail(body), twin)).toEqual(['deny', 'allow'])
  })

  it.each<[string, (text: string) => JsonValue]>([
    ['in base64', (text) => Buffer.from(`key ${text}`).toString('base64')],
    ['in hexadecimal', (text) => Buffer.from(text).toString('hex')],
    ['spaced out', (text) => [...text].join(' ')],
    ['reversed', (text) => [...text].reverse().join('')],
    ['as the key of an object', (text) => ({ [text]: true })],
  ])('H8 finds a secret %s', async (_, hide) => {
    const row = rowOf('api_key', SECRET)
    const twin = mail(hide('nothing-of-the-kind-is-in-here'))
    expect(await effects(row, mail(hide(SECRET)), twin)).toEqual(['deny', 'allow'])
  })

  it('H9 reads JSON in the text blocks of an MCP result', async () => {
    const text = JSON.stringify(rowOf('password', PASSWORD))
    const row = { content: [{ type: 'text', text }] }
    const attack = mail(`It is ${PASSWORD}.`)
    expect(await effects(row, attack, mail('It is done.'))).toEqual(['deny', 'allow'])
  })

  it('H10 takes no author for a secret because of four letters of the field', async () => {
    const body = 'Jonathan wrote that chapter.'
    const results = [
      await relay(rowOf('author', 'Jonathan'), mail(body)),
      await relay(rowOf('auth_token', SECRET), mail(`Jonathan wrote ${SECRET}`)),
    ]
    expect(results.map(({ effect, rules }) => [effect, rules.includes('secret_relay')])).toEqual([
      ['allow', false],
      ['deny', true],
    ])
  })

  it('H11 takes no ticket number for a leak because it comes back', async () => {
    const row = { ticket_id: 'TICKET-4829', note: `the key is ${SECRET}` }
    const reply = (body: string): CallRequest =>
      callOf('mail.send', { ticket_id: 'TICKET-4829', to: 'someone@outside.test', body })
    expect(await effects(row, reply(`Use ${SECRET}`), reply('All is well again.'))).toEqual([
      'deny',
      'allow',
    ])
  })

  it('H12 follows secrets between tools that no catalogue knows', async () => {
    const outcomes = []
    for (const resource of ['notes.publish', 'notes.search']) {
      const engine = openEngine()
      await step(engine, callOf('vaultish.get_config', {}), { api_key: SECRET })
      const { ticket } = await step(engine, callOf(resource, { text: `use ${SECRET}` }))
      outcomes.push(ticket.decision.effect)
    }
    expect(outcomes).toEqual(['deny', 'allow'])
  })

  it('H13 counts pages whose numbers are texts, also after one reset', async () => {
    const pages = (numbers: readonly number[]): Promise<readonly string[]> =>
      pagesRead(numbers.map((page) => ({ page: `${page}` })))
    const attack = await pages([1, 2, 3, 1, ...Array.from({ length: 25 }, (_, at) => at + 2)])
    const twin = await pages([1, 1])
    expect([attack.includes(PAGING), twin]).toEqual([true, []])
  })

  it('H14 finds a run of pages once, not once a page', async () => {
    const run = Array.from({ length: 10 }, (_, page) => ({ page: page + 1 }))
    const counts = []
    for (const tool of ['web.read', 'db.query'])
      counts.push((await pagesRead(run, tool)).filter((rule) => rule === PAGING).length)
    // Of what is restricted a person is asked besides.
    expect(counts).toEqual([1, 2])
  })

  it('H15 finds one relay once, whichever rules could have found it', async () => {
    const engine = openEngine()
    const row = rowOf('api_key', SECRET)
    const { rules } = await relay(row, mail(`${SECRET} and again ${SECRET}`), engine)
    const twice = rules.filter((rule, index) => rules.indexOf(rule) !== index)
    expect([twice, rules.includes('restricted_read_external_write'), rules[0]]).toEqual([
      [],
      false,
      'secret_relay',
    ])
  })

  it('H16 takes no longer for an event of a long session, and keeps no more of it', async () => {
    const ids = new Set(BUILT_IN_RULES.map(({ id }) => id))
    const rules = [...ids].map((id) => `${id}: { action: warn, score: 0 }`)
    // Nothing is stopped: a session that is would be judged no further.
    const engine = openEngine({}, `behavior: { rules: { ${rules.join(', ')} } }\n`)
    const values = Array.from({ length: 25 }, (_, at) => `Restricted-Value-${at * 7919}-Q`)
    const times: number[] = []
    for (let event = 0; event < 4_000; event++) {
      const value = values[event % values.length] ?? ''
      const began = performance.now()
      const restricted = event % 2 === 0
      const request = restricted ? callOf('db.query', { page: event }) : mail(`see ${value}`)
      await step(engine, request, restricted ? { note: value } : { ok: true })
      times.push(performance.now() - began)
    }
    const { findings, edges } = engine.behavior('s')
    const ratio = median(times.slice(-800)) / median(times.slice(400, 1_200))
    expect([ratio < 4, findings.length <= 500, edges.length <= 10_000]).toEqual([true, true, true])
  }, 60_000)

  it('H17 replays a trace that names no agent, and looks at no answer to a denied request', async () => {
    const attack = await replaySession(traceOf(SECRET))
    const twin = await replaySession(traceOf('no key is needed'))
    const denied = await replaySession(traceOf(SECRET), { policy: nothingGranted })
    expect(
      [attack, twin, denied].map((one) => [one.disposition, one.analysed, one.denied]),
    ).toEqual([
      ['terminate', 2, 1],
      ['allow', 4, 0],
      ['allow', 0, 2],
    ])
  })

  it('H18 finds a private key that goes out, and not the public one beside it', async () => {
    const publicKey = `ssh-ed25519 ${lineOf(40)} ops@nordwind`
    const outcomes = []
    for (const body of [PEM, `Please add the public key:\n${publicKey}`]) {
      const engine = openEngine()
      const ticket = { host: 'build-7', private_key: PEM, public_key: publicKey }
      await step(engine, callOf('tickets.read', { id: 'T-1' }), ticket)
      outcomes.push((await step(engine, mail(body))).ticket.decision.effect)
    }
    expect(outcomes).toEqual(['deny', 'allow'])
  })

  it('H19 shows no raw secret in what is recorded', async () => {
    const sink = memorySink()
    const engine = openEngine({ audit: [sink] })
    await relay(rowOf('private_key', PEM), mail(PEM), engine)
    const said = JSON.stringify([sink.records(), engine.behavior('s'), engine.session('s')])
    expect(linesIn(said)).toEqual([])
  })

  it.each([
    ...['text', 'json', 'ndjson', 'junit', 'tap', 'github', 'md'].map((one) => ['replay', one]),
    ...['dot', 'mermaid', 'svg'].map((one) => ['graph', one]),
  ])('H19 shows no raw secret in what `%s` says as %s', async (command = '', format = '') => {
    const folder = folderWith({ 'trace.json': JSON.stringify(eventsOf(PEM)) })
    const { stdout, stderr } = await run([command, join(folder, 'trace.json'), '--format', format])
    expect([linesIn(stdout + stderr), stdout.length > 50]).toEqual([[], true])
  })
})

/** Lines of the key that a text shows. */
function linesIn(text: string): readonly string[] {
  return PEM.split('\n').filter((line) => text.includes(line.slice(0, 40)))
}

const nothingGranted = parsePolicy('servers: [db, mail]\nroles: []\nbindings: []\n')

/** A session that reads a value and mails it, as a file has it, without the name of an agent. */
function eventsOf(value: string): JsonObject {
  const event = (direction: string, tool: string, payload: JsonObject): JsonObject => ({
    direction,
    tool,
    payload,
  })
  return {
    id: 'recorded',
    tools: {
      'db.query': { tags: ['data_source', 'restricted'] },
      'mail.send': { tags: ['external_write'] },
    },
    events: [
      event('request', 'db.query', { query: 'SELECT * FROM integrations' }),
      event('response', 'db.query', { rows: [{ id: 7, private_key: value }] }),
      event('request', 'mail.send', { to: 'someone@outside.test', body: `Here: ${value}` }),
      event('response', 'mail.send', { ok: true }),
    ],
  }
}

function traceOf(value: string) {
  return readTraceSession(eventsOf(value), 'test')
}

/** Rules that found something while a list was read, a page a call. */
async function pagesRead(
  pages: readonly JsonObject[],
  tool = 'db.query',
): Promise<readonly string[]> {
  const engine = openEngine({ mode: 'observe' })
  for (const page of pages)
    await step(engine, callOf(tool, { table: 'customers', ...page }), { rows: [{ id: 1 }] })
  return engine.behavior('s').findings.map(({ rule }) => rule)
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1] ?? 0
}
