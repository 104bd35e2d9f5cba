import { canonicalJson } from '../../core/hash.ts'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { isCallgateError } from '../../core/model/errors.ts'
import type { JsonObject, MaybePromise } from '../../core/model/json.ts'
import type { AuditSink } from '../../core/model/ports.ts'
import { eventRecord } from '../../engine/record.ts'
import { createTestEngine } from '../create-test-engine.ts'
import { type ContractCheck, type ContractFailure, deepFreeze, runContract } from './contract.ts'

export interface AuditSinkContractOptions<T extends AuditSink> {
  /** Everything the sink has kept, oldest first. Without it, what was kept cannot be checked. */
  readonly read?: (sink: T) => MaybePromise<readonly AuditRecord[]>
  /** For each check. @default 5000 */
  readonly timeoutMs?: number
}

/**
 * Holds a sink to what the engine relies on: a record is kept when `write` has resolved, whole, once
 * and in order, whatever text is in it. `make` gives a fresh, empty sink each time.
 */
export function testAuditSink<T extends AuditSink>(
  make: () => MaybePromise<T>,
  options: AuditSinkContractOptions<T> = {},
): Promise<readonly ContractFailure[]> {
  const write = async (sink: T, records: readonly AuditRecord[]) => {
    await sink.write(records)
  }
  const checks: ContractCheck[] = [
    {
      check: 'it has a name',
      run: async () => {
        const { name } = await make()
        return typeof name === 'string' && name !== '' ? undefined : 'its `name` is empty'
      },
    },
    {
      check: 'it takes a list without records',
      run: async () => {
        await write(await make(), [])
        return undefined
      },
    },
    keeps(make, options, 'it keeps records in order', (sink) => write(sink, RECORDS), RECORDS),
    keeps(
      make,
      options,
      'it keeps records of writes that overlap, each once',
      async (sink) => {
        await Promise.all(RECORDS.map((record) => write(sink, [record])))
      },
      RECORDS,
    ),
    keeps(make, options, 'it keeps any text as it is', (sink) => write(sink, ODD), ODD),
    {
      check: 'it serves an engine',
      run: async () => servesEngine(await make()),
    },
    {
      check: 'it can be closed twice',
      run: async () => {
        const sink = await make()
        await write(sink, RECORDS)
        await sink.close?.()
        await sink.close?.()
        return undefined
      },
    },
  ]
  return runContract(checks, options.timeoutMs ?? 5_000)
}

/** Writes frozen records, so that a sink that changes them throws. */
function keeps<T extends AuditSink>(
  make: () => MaybePromise<T>,
  options: AuditSinkContractOptions<T>,
  check: string,
  write: (sink: T) => Promise<void>,
  wanted: readonly AuditRecord[],
): ContractCheck {
  return {
    check,
    run: async () => {
      const sink = await make()
      await write(sink)
      if (options.read === undefined) return undefined
      return difference(await options.read(sink), wanted)
    },
  }
}

/** A ledger adds `prev` and `hash`: those are its own. */
function difference(
  kept: readonly AuditRecord[],
  wanted: readonly AuditRecord[],
): string | undefined {
  if (kept.length !== wanted.length) return `${wanted.length} were written, ${kept.length} are kept`
  const index = wanted.findIndex((record, at) => textOf(record) !== textOf(kept[at]))
  return index < 0 ? undefined : `record ${index} is not as it was written`
}

/** The order of names says nothing: a ledger keeps them sorted. */
function textOf(record: AuditRecord | undefined): string {
  if (record === undefined) return ''
  return canonicalJson({ ...record, prev: null, hash: null } as unknown as JsonObject)
}

async function servesEngine(sink: AuditSink): Promise<string | undefined> {
  const engine = createTestEngine({
    policy:
      '{"roles":[{"name":"r","rules":[{"resources":["*"],"verbs":["invoke"]}]}],"bindings":[{"agent":"a","roles":["r"]}]}',
    audit: [sink],
  })
  const request = { session: 's', resource: 'x.y', arguments: {}, subject: { agent: 'a' } }
  try {
    await engine.guard(request, () => 1)
  } catch (error) {
    return isCallgateError(error) ? error.message : 'the call did not go through'
  }
  const refused = engine.diagnostics().find(({ code }) => code === 'audit_sink_failed')
  return refused === undefined ? undefined : refused.message
}

const CALL = {
  trace_id: 'trace',
  traceparent: null,
  session_id: 'session',
  agent: 'agent',
  server: 'db',
  tool: 'query',
  resource: 'db.query',
  verb: 'invoke',
  effect: 'allow',
  reason: 'allowed',
  gate: 'rbac',
  gates: ['session', 'rbac'],
  rule: { role: 'role', name: null, index: 0 },
  enforced: true,
  mode: 'enforce',
  policy_digest: 'sha256:0',
  input_hash: 'sha256:0',
} as const satisfies Partial<AuditRecord>

const RECORDS: readonly AuditRecord[] = deepFreeze(
  Array.from({ length: 20 }, (_, index) => recordOf(index + 1, {})),
)

const ODD_TEXTS = [
  '',
  'line\nline\r\nline\u2028line\u2029',
  '\u0000\u001b[31m',
  '"quoted" \\ {json: 1}',
  '\u{1f512} \u00e9 e\u0301 \u202e',
  'x'.repeat(100_000),
]
const ODD: readonly AuditRecord[] = deepFreeze(
  ODD_TEXTS.map((text, index) =>
    recordOf(index + 1, {
      agent: text,
      arguments: { [text]: [text, null, 1e21, -0.5, true, { constructor: text }] },
    }),
  ),
)

function recordOf(seq: number, fields: Partial<AuditRecord>): AuditRecord {
  const usual = { id: `record-${seq}`, kind: 'decision', status: 'pending' } as const
  return { ...eventRecord({ ...usual, ...CALL }, Date.UTC(2026, 0, 1)), seq, ...fields }
}
