import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifyLedger } from '../../../audit/ledger/verify-ledger.ts'
import type { AuditRecord } from '../../../core/model/audit-record.ts'
import { folderWith, run } from '../../run-main.fixture.ts'
import {
  connectHttp,
  connectStdio,
  EVERYTHING,
  EVERYTHING_OPTION,
  OWN_SERVER,
  policyFor,
  runGateway,
  toolNames,
} from './gateway.fixture.ts'

const NARROW = policyFor(['all.echo'])
const WIDE = policyFor(['all.echo', 'all.get-sum'])
const LONG = policyFor(['all.trigger-long-running-operation'])

describe('callgate gateway', { timeout: 60_000 }, () => {
  it('serves over stdio what the policy permits', async () => {
    const cwd = folderWith({ 'policy.yaml': NARROW })
    const client = await connectStdio(
      cwd,
      ...['--policy', 'policy.yaml', '--agent', 'support-bot', '--upstream', EVERYTHING_OPTION],
    )
    expect(await toolNames(client)).toEqual(['all__echo'])
    const echoed = client.callTool({ name: 'all__echo', arguments: { message: 'hello' } })
    expect(await echoed).toMatchObject({ content: [{ text: 'Echo: hello' }] })
    await expect(client.callTool({ name: 'all__get-env', arguments: {} })).rejects.toThrow(
      'not found',
    )
  })

  it('writes nothing but the protocol to stdout, answers, and ends with its agent', async () => {
    const cwd = folderWith({ 'policy.yaml': NARROW })
    const program = runGateway(
      cwd,
      ...['--policy', 'policy.yaml', '--agent', 'support-bot', '--upstream', EVERYTHING_OPTION],
    )
    const initialize = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    }
    const messages = [
      { id: 1, method: 'initialize', params: initialize },
      { method: 'notifications/initialized' },
      { id: 2, method: 'tools/list' },
    ]
    for (const message of messages)
      program.child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
    program.child.stdin?.end()
    const { code, stdout, stderr } = await program.ended
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.filter(({ id }) => id !== undefined).map(({ id, error }) => [id, error])).toEqual([
      [1, undefined],
      [2, undefined],
    ])
    expect(lines.every(({ jsonrpc }) => jsonrpc === '2.0')).toBe(true)
    expect([code, /^callgate: servers: all; policy sha256:/m.test(stderr)]).toEqual([0, true])
  })

  it.skipIf(process.platform === 'win32')(
    'serves by HTTP, reloads twice by SIGHUP, keeps the last good policy, and ends by SIGTERM',
    async () => {
      const cwd = folderWith({
        'policy.yaml': NARROW,
        'gateway.yaml': `
policy: policy.yaml
agent: support-bot
upstreams: { all: { command: ${JSON.stringify(process.execPath)}, args: [${JSON.stringify(EVERYTHING)}] } }
expose: { all: { exclude: [get-tiny-image] } }
`,
      })
      const program = runGateway(cwd, '--config', 'gateway.yaml', '--http', '0', '--side', '0')
      const url = await program.said(/listening on (\S+)/)
      const side = await program.said(/side port: (\S+)\/healthz/)
      const client = await connectHttp(url)
      expect(await toolNames(client)).toEqual(['all__echo'])
      writeFileSync(join(cwd, 'policy.yaml'), WIDE)
      program.child.kill('SIGHUP')
      await program.said(/policy reloaded/)
      expect(await toolNames(client)).toEqual(['all__echo', 'all__get-sum'])
      writeFileSync(join(cwd, 'policy.yaml'), 'roles: 7')
      program.child.kill('SIGHUP')
      await program.said(/policy not reloaded[\s\S]*policy\.yaml:1:8: wrong_type/)
      expect(await toolNames(client)).toEqual(['all__echo', 'all__get-sum'])
      // The configuration may name another file by now.
      writeFileSync(join(cwd, 'other.yaml'), NARROW)
      writeFileSync(join(cwd, 'gateway.yaml'), 'policy: other.yaml\n')
      const reload = await fetch(`${side}/reload`, { method: 'POST' })
      expect(reload.status).toBe(200)
      expect(await toolNames(client)).toEqual(['all__echo'])
      const health = await fetch(`${side}/healthz`)
      expect(await health.json()).toMatchObject({ upstreams: { all: { state: 'up' } } })
      program.child.kill('SIGTERM')
      const { code, stdout } = await program.ended
      expect([code, stdout]).toEqual([0, ''])
    },
  )

  it.skipIf(process.platform === 'win32')(
    'lets a call under way end after SIGTERM, and cuts it by a second signal',
    async () => {
      const cwd = folderWith({ 'policy.yaml': LONG })
      const options = ['-p', 'policy.yaml', '--agent', 'support-bot', '-u', EVERYTHING_OPTION]
      const start = async (duration: number) => {
        const program = runGateway(cwd, ...options, '--http', '0')
        const client = await connectHttp(await program.said(/listening on (\S+)/))
        await client.listTools()
        let begin: () => void = () => undefined
        const begun = new Promise<void>((resolve) => {
          begin = resolve
        })
        const call = {
          name: 'all__trigger-long-running-operation',
          arguments: { duration, steps: duration * 10 },
        }
        const running = client.callTool(call, undefined, { onprogress: begin }).then(
          () => 'answered',
          () => 'cut',
        )
        await begun
        program.child.kill('SIGTERM')
        await program.said(/stopping/)
        return { ...program, running, client }
      }
      const one = await start(1)
      expect([await one.running, (await one.ended).code]).toEqual(['answered', 0])
      const other = await start(60)
      other.child.kill('SIGTERM')
      expect((await other.ended).code).toBe(4)
      await other.client.close()
      expect(await other.running).toBe('cut')
    },
  )

  it('observes without stopping anything, where it is told to', async () => {
    const cwd = folderWith({ 'policy.yaml': NARROW })
    const client = await connectStdio(
      cwd,
      ...['-p', 'policy.yaml', '--agent', 'nobody', '--observe', '-u', EVERYTHING_OPTION],
    )
    expect(await toolNames(client)).toContain('all__get-env')
  })

  it('keeps a record of each decision in a file that can be verified', async () => {
    const cwd = folderWith({ 'policy.yaml': policyFor(['own.*']), 'server.mjs': OWN_SERVER })
    const own = `own='${process.execPath}' server.mjs Reads.`
    const options = ['-p', 'policy.yaml', '--agent', 'support-bot', '--audit', 'audit.jsonl']
    const client = await connectStdio(cwd, ...options, '-u', own)
    await client.callTool({ name: 'own__read' })
    await client.callTool({ name: 'own__other' }).catch(() => undefined)
    await client.close()
    const path = join(cwd, 'audit.jsonl')
    const said = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditRecord)
    const calls = said.filter(({ tool }) => tool === 'read')
    expect(calls.map(({ kind, effect }) => [kind, effect])).toEqual([
      ['decision', 'allow'],
      ['outcome', 'allow'],
    ])
    expect(await verifyLedger({ files: [path] })).toMatchObject({ ok: true })
  })

  it('keeps definitions of tools in a file, and denies a tool that is defined otherwise later', async () => {
    const cwd = folderWith({ 'policy.yaml': policyFor(['own.*']), 'server.mjs': OWN_SERVER })
    const start = async (description: string) => {
      const own = `own='${process.execPath}' server.mjs '${description}'`
      const options = ['-p', 'policy.yaml', '--agent', 'support-bot', '--pins', 'pins.json']
      const client = await connectStdio(cwd, ...options, '-u', own)
      await client.listTools()
      const answer = await client.callTool({ name: 'own__read' })
      await client.close()
      return JSON.stringify(answer)
    }
    expect(await start('Reads.')).toContain('was read')
    expect(await start('Reads, and sends it elsewhere.')).toContain('tool_changed')
    expect(await start('Reads.')).toContain('was read')
  })
})

describe('a gateway that cannot be started', () => {
  const files = {
    'policy.yaml': NARROW,
    'broken.yaml': 'roles: 7\n',
    'config.yaml': 'upstreams: { db: { command: x, arg: [] } }\n',
    'no-port.yaml': 'upstreams: { db: { command: x } }\nhttp: { host: 0.0.0.0 }\n',
  }
  it.each([
    ['no server', ['-p', 'policy.yaml'], 2, 'no server is named'],
    ['no policy', ['-u', 'db=x'], 2, 'no policy is named'],
    [
      'a policy that is not there',
      ['-u', 'db=x', '-p', 'nowhere.yaml'],
      3,
      'there is no such file',
    ],
    ['a policy with problems', ['-u', 'db=x', '-p', 'broken.yaml'], 3, 'wrong_type'],
    ['a configuration with problems', ['-c', 'config.yaml'], 2, 'did you mean `args`?'],
    ['a configuration that is not there', ['-c', 'nowhere.yaml'], 4, 'there is no such file'],
    ['a host without a port', ['-c', 'no-port.yaml'], 2, 'names no port'],
    ['a server without a name', ['-u', 'npx some-server'], 2, '--upstream'],
    ['a server named twice', ['-u', 'db=x', '-u', 'db=y'], 2, 'names `db` twice'],
    ['an address that is none', ['-u', 'db=x', '--http', 'here'], 2, 'does not understand `here`'],
    ['a user without an agent', ['-u', 'db=x', '--user', 'ana'], 2, 'add `--agent NAME`'],
    [
      'an address of another machine',
      ['-u', 'db=x', '-p', 'policy.yaml', '--http', '192.0.2.1:0'],
      4,
      'this machine has no such address',
    ],
  ])('with %s exits with its code and says why', async (_what, options, exit, message) => {
    const ran = await run(['gateway', ...options], { cwd: folderWith(files) })
    expect([ran.exit, ran.stdout]).toEqual([exit, ''])
    expect(ran.stderr).toContain(message)
  })
})
