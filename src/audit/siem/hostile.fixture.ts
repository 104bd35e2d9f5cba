import fc from 'fast-check'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { Finding } from '../../core/model/finding.ts'
import type { JsonValue } from '../../core/model/json.ts'
import { recordOf } from './records.fixture.ts'

/** What ends a line, a field or a value in one form or another, and what is no text at all. */
const PIECES = [
  '\n',
  '\r',
  '\r\n',
  '\t',
  '|',
  '\\',
  '=',
  ' suid=root ',
  '"',
  ']',
  '] [x@1 y="',
  '\u0000',
  '\u001b[31m',
  '\u007f',
  '\u0085',
  '\u2028',
  '\u2029',
  '\u202e',
  '\ufeff',
  '\ufffe',
  '\ud800',
  '\udc00',
  '\u{1f512}',
  'e\u0301',
  '日本',
  'plain',
  '{"a":1}',
  '<13>1 - - - - - -',
  '__proto__',
  ' ',
]

export const hostileText = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join('')),
  fc.constantFrom(...PIECES).map((piece) => piece.repeat(3000)),
  fc.string({ unit: 'binary' }),
)
const number = fc.oneof(fc.double(), fc.constantFrom(-1, 0, 1e21, Number.MAX_VALUE))
const payload = fc.jsonValue() as fc.Arbitrary<JsonValue>

const finding: fc.Arbitrary<Finding> = fc.record({
  rule: hostileText,
  severity: fc.constantFrom('low', 'medium', 'high', 'critical'),
  confidence: number,
  message: hostileText,
  trigger: fc.nat(),
  sources: fc.array(fc.nat()),
  action: fc.constantFrom('warn', 'ask', 'pause', 'terminate'),
  score: number,
})

/** Fields whose type is text and nothing narrower. */
export const TEXT_FIELDS = [
  'id',
  'ts',
  'trace_id',
  'session_id',
  'context_id',
  'client_id',
  'task_id',
  'request_id',
  'tool_call_id',
  'request_method',
  'request_source',
  'parent_id',
  'user_id',
  'agent',
  'tenant',
  'team',
  'department',
  'tier',
  'server',
  'tool',
  'resource',
  'verb',
  'scope',
  'gate',
  'constraint',
  'policy_digest',
  'input_hash',
  'dispatch_hash',
  'output_hash',
  'approval_id',
  'error',
  'model',
  'prev',
  'hash',
] as const satisfies readonly (keyof AuditRecord)[]

const texts = fc.record(Object.fromEntries(TEXT_FIELDS.map((name) => [name, hostileText])), {
  requiredKeys: [],
}) as fc.Arbitrary<Partial<AuditRecord>>

/** Records as a damaged or forged file may hold them: unions hold what they should not, too. */
export const hostileRecord: fc.Arbitrary<AuditRecord> = fc
  .record({
    texts,
    kind: fc.constantFrom(
      'decision',
      'outcome',
      'finding',
      'approval',
      'policy',
      'session',
      'route',
      'constructor',
    ),
    status: fc.oneof(
      fc.constantFrom('pending', 'denied', 'success', 'failed', 'unknown', '__proto__'),
      hostileText,
    ),
    effect: fc.oneof(fc.constantFrom('allow', 'deny', 'compute', null), hostileText),
    reason: fc.oneof(fc.constantFrom('allowed', 'constructor', null), hostileText),
    actor_kind: fc.oneof(fc.constantFrom('user', 'agent', 'system', null), hostileText),
    disposition: fc.oneof(fc.constantFrom('pause', 'terminate', 'constructor', null), hostileText),
    numbers: fc.record({ seq: number, risk: number, duration_ms: number }, { requiredKeys: [] }),
    act_chain: fc.array(fc.oneof(hostileText, payload)),
    gates: fc.array(fc.oneof(hostileText, payload)),
    findings: fc.array(fc.oneof(finding, finding, payload), { maxLength: 5 }),
    arguments: payload,
    rule: fc.option(
      fc.oneof(
        fc.record({ role: hostileText, name: fc.constant(null), index: fc.nat() }),
        fc.object(),
      ),
    ),
  })
  .map(({ texts, numbers, ...fields }) =>
    recordOf({ ...(fields as unknown as Partial<AuditRecord>), ...texts, ...numbers }),
  )

/** A megabyte in every field. */
export function hugeRecord(kind: AuditRecord['kind'], piece: string): AuditRecord {
  const text = piece.repeat(Math.ceil(1_000_000 / piece.length))
  let deep: JsonValue = text
  for (let depth = 0; depth < 20_000; depth++) deep = [deep]
  const list = Array.from({ length: 1000 }, () => text)
  const fields = Object.fromEntries(TEXT_FIELDS.map((name) => [name, text]))
  return recordOf({
    ...fields,
    kind,
    status: 'denied',
    effect: 'deny',
    reason: 'no_matching_rule',
    act_chain: list,
    gates: list,
    findings: Array.from({ length: 100 }, () => ({
      rule: text,
      severity: 'high',
      confidence: 1,
      message: text,
      trigger: 1,
      sources: [1],
      action: 'warn',
      score: 1,
    })),
    arguments: [deep, { [text]: text }, list],
  })
}
