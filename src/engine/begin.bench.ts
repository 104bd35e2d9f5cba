import { memorySink } from '../audit/memory.ts'
import { syntheticPolicy } from '../core/gates/rbac.bench.ts'
import type { CallRequest } from '../core/model/call.ts'
import { compilePolicy } from '../core/policy/parse.ts'
import { median, medianMs, medianNs, row } from '../scripts/measure.ts'
import { createPolicyEngine } from './create-policy-engine.ts'
import type { Ticket } from './ticket.ts'

// About 0.2 KB, as a tool call has them.
const ARGUMENTS = {
  query:
    'SELECT id, name, created_at FROM customers WHERE region = $1 ORDER BY created_at DESC LIMIT 50',
  parameters: ['eu-central'],
  options: { timeout: 5000, readonly: true, label: 'support-overview' },
}
const OUTCOME = { ok: true, value: { rows: [] } } as const

export async function run(print: (line: string) => void): Promise<void> {
  const document = syntheticPolicy(40, 25, 200)
  const policy = compilePolicy(document)
  // No two alike: calls that repeat themselves are put before a person.
  const requestOf = (index: number): CallRequest => ({
    session: `session-${index % 64}`,
    subject: { agent: 'agent-1' },
    resource: 'srv7.tool_0',
    scope: 'support',
    arguments: { ...ARGUMENTS, page: index },
  })
  print('The whole line, 1,000 rules, 0.2 KB of arguments, median')
  for (const [name, audit] of [
    ['begin, nothing recorded', []],
    ['begin, memory sink (record, input hash)', [memorySink({ maxRecords: 1000 })]],
  ] as const) {
    const engine = createPolicyEngine({ policy, audit })
    print(
      row(
        name,
        medianNs((index) => engine.begin(requestOf(index))),
        'ns',
      ),
    )
  }
  const engine = createPolicyEngine({ policy, audit: [memorySink({ maxRecords: 1000 })] })
  const whole = medianNs((index) => (engine.begin(requestOf(index)) as Ticket).finish(OUTCOME), {
    calls: 5_000,
  })
  print(row('begin and finish, memory sink (two records, both hashes)', whole, 'ns'))

  const large = syntheticPolicy(1000, 50, 10_000)
  print(
    row(
      'compilePolicy, 50,000 rules, 10,000 bindings',
      medianMs(() => compilePolicy(large)),
      'ms',
      'goal 100 ms',
    ),
  )
  const [one, other] = [compilePolicy(large), compilePolicy(syntheticPolicy(1000, 50, 9_999))]
  const pauses: number[] = []
  for (let round = 0; round < 50; round++) {
    engine.reload(round % 2 === 0 ? one : other)
    const started = performance.now()
    engine.reload(round % 2 === 0 ? other : one)
    await engine.begin(requestOf(round))
    pauses.push(performance.now() - started)
  }
  print(
    row(
      'reload of that policy and the first call after it',
      median(pauses),
      'ms',
      `most ${Math.max(...pauses).toFixed(2)}, goal 1 ms`,
    ),
  )
}
