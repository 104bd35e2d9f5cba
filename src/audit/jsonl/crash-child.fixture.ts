/** Works on a ledger until it is killed. */
import { openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { AuditSink } from '../../core/model/ports.ts'
import { parsePolicy } from '../../core/policy/parse.ts'
import { createPolicyEngine } from '../../engine/create-policy-engine.ts'
import { jsonlSink } from './jsonl-sink.ts'

const folder = process.argv[2] ?? '.'
const acknowledged = openSync(join(folder, 'acknowledged'), 'a')
const dispatched = openSync(join(folder, 'dispatched'), 'a')
const sink = jsonlSink({
  path: join(folder, 'audit.jsonl'),
  rotate: { maxBytes: 2_000_000 },
  onDiagnostic: () => undefined,
})

let writes = 0

/** Says which records were accepted, once they are. */
const noted: AuditSink = {
  name: 'noted',
  async write(records: readonly AuditRecord[]) {
    await sink.write(records)
    for (const { id, kind } of records) writeSync(acknowledged, `${id} ${kind}\n`)
    // By then all that is loaded at the first call is there.
    if (++writes === 50) process.send?.('at work')
  },
}
const policy = parsePolicy(
  '{"roles":[{"name":"r","rules":[{"resources":["*"],"verbs":["invoke"]}]}],"bindings":[{"agent":"a","roles":["r"]}]}',
)
const engine = createPolicyEngine({ policy, audit: [noted], identity: 'host', mode: 'observe' })

async function work(worker: number): Promise<void> {
  for (let call = 0; ; call++) {
    const ticket = await engine.begin({
      session: `s${worker}-${call % 50}`,
      subject: { agent: 'a' },
      resource: 'x.y',
      arguments: { worker, call, text: 'x'.repeat((call * 97) % 5_000) },
    })
    if (!ticket.permitted) throw new Error('the call was denied')
    writeSync(dispatched, `${ticket.decision.id}\n`)
    await ticket.finish({ ok: true, value: call })
  }
}

await Promise.all(Array.from({ length: 8 }, (_, worker) => work(worker)))
