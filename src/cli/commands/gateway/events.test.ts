import { describe, expect, it } from 'vitest'
import { eventsOf, type ReceivedEvent } from '../../../audit/stream/stream.fixture.ts'
import type { AuditRecord } from '../../../core/model/audit-record.ts'
import { folderWith, run } from '../../run-main.fixture.ts'
import { connectHttp, EVERYTHING_OPTION, policyFor, runGateway } from './gateway.fixture.ts'

/** Everything until the stream ends. */
async function all(url: string): Promise<readonly ReceivedEvent[]> {
  const { body } = await fetch(url)
  if (body === null) throw new Error('the stream has a body')
  const events: ReceivedEvent[] = []
  for await (const event of eventsOf(body)) events.push(event)
  return events
}

const recordsIn = (events: readonly ReceivedEvent[]): readonly AuditRecord[] =>
  events.flatMap(({ event, data }) =>
    event === 'system' ? [(data as { record: AuditRecord }).record] : [],
  )
const unlinked = (records: readonly AuditRecord[]) =>
  records.map(({ prev: _prev, hash: _hash, ...rest }) => rest)
const printed = (events: readonly ReceivedEvent[]): string =>
  events
    .flatMap(({ event, data }) => (event === 'cli' ? [(data as { text: string }).text] : []))
    .join('\n')

describe('callgate gateway --events', { timeout: 60_000 }, () => {
  it.skipIf(process.platform === 'win32')(
    'tells live what the trail has, and to operators what it prints, until it stops',
    async () => {
      const cwd = folderWith({ 'policy.yaml': policyFor(['all.echo']) })
      const program = runGateway(
        cwd,
        ...['--policy', 'policy.yaml', '--agent', 'support-bot', '--user', 'ada'],
        ...['--upstream', EVERYTHING_OPTION, '--http', '0', '--side', '0'],
        ...['--audit', 'audit.jsonl', '--events'],
      )
      const operator = all(await program.said(/all events: (\S+)/))
      const caller = all(await program.said(/events of callers: (\S+)/))
      const client = await connectHttp(await program.said(/listening on (\S+)/))
      await client.callTool({ name: 'all__echo', arguments: { message: 'hello' } })
      await client.callTool({ name: 'all__get-env', arguments: {} }).catch(() => undefined)
      await client.close()
      program.child.kill('SIGHUP')
      await program.said(/policy sha256:[\s\S]*reload|reloaded[^\n]*/)
      program.child.kill('SIGTERM')
      const { code } = await program.ended

      const { stdout } = await run(['audit', 'query', 'audit.jsonl', '--format', 'json'], { cwd })
      const { records } = JSON.parse(stdout) as { records: readonly AuditRecord[] }
      expect([code, records.length > 1]).toEqual([0, true])
      expect(unlinked(recordsIn(await operator))).toEqual(unlinked(records))
      const own = records.filter(({ user_id: user }) => user === 'ada')
      expect(unlinked(recordsIn(await caller))).toEqual(unlinked(own))
      expect([printed(await operator), printed(await caller)]).toEqual([
        expect.stringContaining('stopping: calls under way may end'),
        '',
      ])
    },
  )

  it('needs a port, and may stand in the configuration', async () => {
    const gateway = { cwd: folderWith({ 'policy.yaml': policyFor(['all.echo']) }) }
    const words = ['gateway', '--policy', 'policy.yaml', '--upstream', 'all=true']
    const typed = await run([...words, '--events'], gateway)
    expect([typed.exit, typed.stderr]).toEqual([
      2,
      expect.stringContaining('there is no port for events'),
    ])
    const written = folderWith({
      'policy.yaml': policyFor(['all.echo']),
      'gateway.yaml':
        'policy: policy.yaml\nupstreams: { all: { command: "true" } }\nevents: true\n',
      'wrong.yaml': 'policy: policy.yaml\nupstreams: { all: { command: "true" } }\nevents: 1\n',
    })
    const configured = await run(['gateway', '--config', 'gateway.yaml'], { cwd: written })
    expect([configured.exit, configured.stderr]).toEqual([
      2,
      expect.stringContaining('there is no port for events'),
    ])
    const wrong = await run(['gateway', '--config', 'wrong.yaml'], { cwd: written })
    expect([wrong.exit, wrong.stderr]).toEqual([
      2,
      expect.stringContaining('`events` is `true` or `false`'),
    ])
  })
})
