/** A process that writes a ledger by an engine: `child.mjs <task> <folder> [how]`. Says what it saw as JSON. */
import { renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { isCallgateError } from '../../core/model/errors.ts'
import { parsePolicy } from '../../core/policy/parse.ts'
import { createPolicyEngine } from '../../engine/create-policy-engine.ts'
import { ledgerFiles } from '../jsonl/closed-files.ts'
import { jsonlSink } from '../jsonl/jsonl-sink.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'

const [, , task = '', folder = '.', how = ''] = process.argv
const path = join(folder, 'audit.jsonl')
const codes: string[] = []
const sink = jsonlSink({ path, checkEveryMs: 0, onDiagnostic: ({ code }) => codes.push(code) })
const policy = parsePolicy(
  '{"behavior":{"rules":{"call_loop":{"enabled":false},"denial_probing":{"enabled":false}}},"roles":[{"name":"r","rules":[{"resources":["*"],"verbs":["invoke"]}]}],"bindings":[{"agent":"a","roles":["r"]}]}',
)
const engine = createPolicyEngine({ policy, audit: [sink], onDiagnostic: () => undefined })
const REQUEST = { session: 's', subject: { agent: 'a' }, resource: 'x.y', arguments: {} }
let dispatched = 0

/** What became of one call: `done`, or why it was denied. */
async function call(): Promise<string> {
  try {
    await engine.guard(REQUEST, () => ++dispatched)
    return 'done'
  } catch (error) {
    if (!isCallgateError(error) || !('decision' in error)) throw error
    return (error.decision as { reason: string }).reason
  }
}

function say(said: object): void {
  writeSync(1, `${JSON.stringify(said)}\n`)
}

/** Calls until the disk is full, makes room, and calls again. */
async function fill(): Promise<void> {
  const ballast = join(folder, 'ballast')
  if (how === 'ballast') writeFileSync(ballast, Buffer.alloc(16_384))
  let calls = 1
  let reason = await call()
  while (reason === 'done' && calls < 1_000) {
    reason = await call()
    calls++
  }
  const before = { calls, dispatched, reason, again: await call() }
  if (how === 'ballast') rmSync(ballast)
  else renameSync(path, `${path}.1`)
  const after = [await call(), await call()]
  await engine.close()
  const moved = how === 'ballast' ? [] : [`${path}.1`]
  const files = [...moved, ...(await ledgerFiles(path))]
  const { ok, fault, records, missing } = await verifyLedger({ files })
  const written = sink.stats().written
  say({ ...before, after, ok, fault: fault ?? null, records, written, missing, codes })
}

/** Is killed between the intent and the dispatch, or between the dispatch and the outcome. */
async function die(): Promise<void> {
  await call()
  const ticket = await engine.begin(REQUEST)
  if (how === 'after' && ticket.permitted) writeFileSync(join(folder, 'dispatched'), 'out')
  process.kill(process.pid, 'SIGKILL')
}

/** Makes so many calls; `held` keeps the file until it is told to end. */
async function work(): Promise<void> {
  const reasons: string[] = []
  for (let left = 25; left > 0; left--) reasons.push(await call())
  say({
    done: reasons.filter((reason) => reason === 'done').length,
    reasons: [...new Set(reasons)],
  })
  if (how === 'held') process.stdin.resume()
  else await engine.close()
}

if (task === 'fill') await fill()
else if (task === 'die') await die()
else await work()
